import { safeAddress } from './safe-address';

export type TextPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'handle'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly shown: string; readonly address: string };

/** A web address, or a handle or topic that does not stand within a word (as in an address of e-mail). */
const candidate = /https?:\/\/[^\s<>"'«»“”]+|(?<![\p{L}\p{N}_.])[@#][\p{L}\p{N}_.]*[\p{L}\p{N}_]/giu;
/** Punctuation at the end belongs to the sentence, not to the address. */
const trailing = /[.,;:!?…)\]}]+$/u;

/** Splits a text at its web addresses and handles. Joining the parts' texts gives the text back. */
export function partsOf(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const found of text.matchAll(candidate)) {
    const part = partOf(found[0]);
    if (!part) continue;
    if (found.index > end) parts.push({ kind: 'text', text: text.slice(end, found.index) });
    parts.push(part);
    end = found.index + part.text.length;
  }
  if (end < text.length) parts.push({ kind: 'text', text: text.slice(end) });
  return parts;
}

function partOf(found: string): TextPart | null {
  if (/^[@#]/.test(found)) return { kind: 'handle', text: found };
  const written = withoutTrailing(found);
  const address = safeAddress(written);
  return address === null
    ? null
    : { kind: 'link', text: written, shown: written.replace(/^https:\/\//i, ''), address };
}

function withoutTrailing(written: string): string {
  // A closing bracket stays when it was opened within the address, as in encyclopedia titles.
  const cut = written.replace(trailing, '');
  return cut.includes('(') && written[cut.length] === ')' ? `${cut})` : cut;
}
