// Which language: the member's choice in this browser, else the browser's, else the organization's.
import { useSyncExternalStore } from 'react';
import { Setting } from '../settings/setting';
import type { Language } from './icu';

export const languages = ['en', 'fr'] as const satisfies readonly Language[];

const setting = new Setting<Language>('guichet.language', languages);
let ofOrganization: Language | null = null;

function supported(tag: string | undefined): Language | null {
  const base = tag?.toLowerCase().split('-')[0];
  return languages.find((language) => language === base) ?? null;
}

export function currentLanguage(): Language {
  const ofBrowser = navigator.languages.map(supported).find((language) => language !== null);
  return setting.value ?? ofBrowser ?? ofOrganization ?? 'en';
}

export function chooseLanguage(language: Language): void {
  setting.set(language);
}

export function rememberOrganizationLanguage(tag: string): void {
  ofOrganization = supported(tag);
}

export function useLanguage(): Language {
  return useSyncExternalStore(setting.subscribe, currentLanguage);
}
