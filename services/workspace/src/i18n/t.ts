import { useCallback } from 'react';
import { currentDisguise } from './disguise';
import type { Language } from './icu';
import { useLanguage } from './language';
import { en, fr, type Messages } from './messages.gen';

export type MessageKey = keyof Messages;
/** Keys whose message takes no arguments, for tables of labels. */
export type PlainKey = { [K in MessageKey]: Parameters<Messages[K]> extends [] ? K : never }[MessageKey];

const catalogues: Record<Language, Partial<Messages>> = { en: { ...en }, fr: { ...fr } };

/** The messages of an area that the first view does not need; `areas/*.gen.ts` call it when they are imported. */
export function addMessages(area: Record<Language, Partial<Messages>>): void {
  Object.assign(catalogues.en, area.en);
  Object.assign(catalogues.fr, area.fr);
}

export type Translate = <K extends MessageKey>(key: K, ...p: Parameters<Messages[K]>) => string;

export function translate<K extends MessageKey>(
  language: Language,
  key: K,
  ...p: Parameters<Messages[K]>
): string {
  const message = catalogues[language][key] as (...p: Parameters<Messages[K]>) => string;
  const disguise = currentDisguise();
  if (disguise === null) return message(...p);
  return disguise.message(message(...(p.map(disguise.parameters) as Parameters<Messages[K]>)));
}

export function useT(): Translate {
  const language = useLanguage();
  return useCallback((key, ...p) => translate(language, key, ...p), [language]);
}
