// The whole run-time part of the compiled catalogues: everything else is done when they are compiled.

export type Language = 'en' | 'fr';

const pluralRules = { en: new Intl.PluralRules('en'), fr: new Intl.PluralRules('fr') };
const numbers = { en: new Intl.NumberFormat('en-GB'), fr: new Intl.NumberFormat('fr-FR') };

type Branches = Record<string, string> & { other: string };

export function number(language: Language, value: number): string {
  return numbers[language].format(value);
}

/** An exact branch (`=0`) wins over the language's plural category. */
export function plural(language: Language, value: number, branches: Branches): string {
  return branches[`=${value}`] ?? branches[pluralRules[language].select(value)] ?? branches.other;
}

export function select(value: string, branches: Branches): string {
  return branches[value] ?? branches.other;
}
