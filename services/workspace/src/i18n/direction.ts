import { currentDisguise } from './disguise';
import type { Language } from './icu';

const rightToLeft: ReadonlySet<string> = new Set(['ar', 'he', 'fa', 'ur']);

/** Both languages of today run left to right; the layout is ready for those that do not, as the pseudo-locale shows. */
export function directionOf(language: Language): 'ltr' | 'rtl' {
  return currentDisguise() || rightToLeft.has(language) ? 'rtl' : 'ltr';
}

const rightToLeftScripts =
  /^[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;
/** Mentions, topics and addresses are written in Latin letters in texts of any language. */
const asides = /(?:https?:\/\/|[@#])\S+/gu;

/** Isolates handles and topics in a plain text, so that their sign stays where it belongs in any direction. */
export function isolateAsides(text: string): string {
  return text.replace(asides, (aside) => `\u2068${aside}\u2069`);
}

/**
 * The direction of what a person wrote. The browser's own guess goes by the first letter, which in a mention is
 * the first letter of our own handle.
 */
export function directionOfText(text: string): 'ltr' | 'rtl' | 'auto' {
  const first = /\p{L}/u.exec(text.replace(asides, ' '))?.[0];
  if (first === undefined) return 'auto';
  return rightToLeftScripts.test(first) ? 'rtl' : 'ltr';
}
