// An initial and the network's mark. No pictures: customers' media is never fetched from where it lies.
import type { Network } from '../api/types';
import { NetworkGlyph } from './icons/network-glyph';

interface AvatarProps {
  readonly name: string;
  readonly network: Network;
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The first letter or digit; a name of symbols only gives its first symbol, no name a middle dot. */
export function initialOf(name: string): string {
  let first = '';
  for (const { segment } of segmenter.segment(name.trim())) {
    if (/[\p{L}\p{N}]/u.test(segment)) return segment.toLocaleUpperCase();
    first ||= segment;
  }
  return first || '·';
}

export function Avatar({ name, network }: AvatarProps) {
  return (
    <span aria-hidden className="relative block size-9 shrink-0">
      <span className="grid size-9 place-items-center rounded-[calc(8rem/14)] bg-accent-soft font-bold text-accent">
        {initialOf(name)}
      </span>
      <span className="absolute -end-1 -bottom-1 grid size-4.5 place-items-center rounded-chip border border-line bg-surface text-ink">
        <NetworkGlyph network={network} size={12} />
      </span>
    </span>
  );
}
