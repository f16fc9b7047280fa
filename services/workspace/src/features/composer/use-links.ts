// The links of the text and what becomes of them; asked for a moment after the writing stopped, creating nothing.
import { useEffect, useState } from 'react';
import { previewLinks } from '../../api/story';
import type { PreviewedLink } from '../../api/story-types';
import type { Network } from '../../api/types';
import { loadXText } from './counting';
import { addressesIn, asPreviewed } from './links.logic';

const pause = 400;
const none: readonly PreviewedLink[] = [];

interface Previewed {
  readonly text: string;
  readonly links: readonly PreviewedLink[];
}

/** Where a text has no address, or none is wanted short, nothing is asked. */
export function useLinks(text: string, network: Network, isWanted: boolean): readonly PreviewedLink[] {
  const [previewed, setPreviewed] = useState<Previewed | null>(null);
  const own = isWanted && text.includes('://') ? addressesIn(text) : [];
  const hasLinks = own.length > 0;
  useEffect(() => {
    if (!hasLinks) return;
    let isCurrent = true;
    const ask = async (): Promise<void> => {
      const links = await previewLinks(text).catch(() => detected(text, network));
      if (isCurrent && links) setPreviewed({ text, links });
    };
    const timer = setTimeout(() => void ask(), pause);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [text, network, hasLinks]);
  if (!hasLinks) return none;
  if (previewed?.text === text) return previewed.links;
  // What is known of an address goes on being known while the text around it changes.
  return own.map((url, ordinal) => {
    const known = previewed?.links.find((each) => each.url === url);
    return { ordinal, url, short_example: known?.short_example ?? null };
  });
}

/** Without the gateway's word: by X's own rules on X, which come in with its way of counting. */
async function detected(text: string, network: Network): Promise<PreviewedLink[] | null> {
  if (network !== 'x') return asPreviewed(addressesIn(text));
  const rules = await loadXText().catch(() => null);
  return rules && asPreviewed(rules.addresses(text));
}
