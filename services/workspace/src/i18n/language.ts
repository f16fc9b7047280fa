// Which language: the member's choice in this browser, else the browser's, else the organization's.
import { useSyncExternalStore } from 'react';
import { Setting } from '../settings/setting';
import type { Language } from './icu';

export const languages = ['en', 'fr'] as const satisfies readonly Language[];

export const languageSetting = new Setting<Language>('guichet.language', languages, true);
let ofOrganization: Language | null = null;

function supported(tag: string | undefined): Language | null {
  const base = tag?.toLowerCase().split('-')[0];
  return languages.find((language) => language === base) ?? null;
}

export function currentLanguage(): Language {
  const ofBrowser = navigator.languages.map(supported).find((language) => language !== null);
  return languageSetting.value ?? ofBrowser ?? ofOrganization ?? 'en';
}

/** Null: the browser's again. */
export function chooseLanguage(language: Language | null): void {
  languageSetting.set(language);
}

export function rememberOrganizationLanguage(tag: string): void {
  ofOrganization = supported(tag);
}

export function useLanguage(): Language {
  return useSyncExternalStore(languageSetting.subscribe, currentLanguage);
}
