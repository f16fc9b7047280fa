// Which addresses of a text would be made short. The gateway has the last word (`POST /links/preview`); until it has
// spoken, and where it does not, this is what stands.
import type { PreviewedLink } from '../../api/story-types';

/** Signs that belong to the sentence around an address when they end it. */
const closing = /[.,;:!?"'”’»…\]}>。、]+$/u;
const candidate = /(?<![\p{L}\p{N}])https?:\/\/[^\s<"«]+/giu;

/** The addresses of a text in order, each as often as it stands there. */
export function addressesIn(text: string): string[] {
  return [...text.matchAll(candidate)]
    .map(([found]) => trimmed(found))
    .filter((each) => !each.endsWith('://'));
}

function trimmed(found: string): string {
  let address = found;
  for (;;) {
    let shorter = address.replace(closing, '');
    const count = (sign: string): number => shorter.split(sign).length;
    // A closing bracket stays if it was opened inside, as in encyclopedia titles.
    if (shorter.endsWith(')') && count(')') > count('(')) shorter = shorter.slice(0, -1);
    if (shorter === address) return address;
    address = shorter;
  }
}

export interface LinkChoice {
  readonly url: string;
  readonly short: string | null;
  readonly staysLong: boolean;
}

/** One choice for each address, however often it stands in the text. */
export function choicesOf(
  links: readonly Pick<PreviewedLink, 'url' | 'short_example'>[],
  keepLong: readonly string[],
): LinkChoice[] {
  const choices = new Map<string, LinkChoice>();
  for (const { url, short_example: short } of links) {
    if (!choices.has(url)) choices.set(url, { url, short, staysLong: keepLong.includes(url) });
  }
  return [...choices.values()];
}

/** The places, among the links of the text, of those that stay long. */
export function keptOrdinals(
  links: readonly Pick<PreviewedLink, 'url' | 'ordinal'>[],
  keepLong: readonly string[],
): number[] {
  return links.filter(({ url }) => keepLong.includes(url)).map(({ ordinal }) => ordinal);
}

export function asPreviewed(addresses: readonly string[]): PreviewedLink[] {
  return addresses.map((url, ordinal) => ({ ordinal, url, short_example: null }));
}
