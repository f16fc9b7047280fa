// The networks' own marks, in the colour of the text around them. Always beside the network's name, or with it
// as accessible name: a mark alone says nothing to everyone.
import { siFacebook, siX } from 'simple-icons';
import type { Network } from '../../api/types';

const glyphs: Record<Network, { readonly path: string; readonly name: string }> = {
  x: { path: siX.path, name: 'X' },
  facebook: { path: siFacebook.path, name: 'Facebook' },
};

export function networkName(network: Network): string {
  return glyphs[network].name;
}

interface NetworkGlyphProps {
  readonly network: Network;
  /** In CSS pixels at the normal text size. */
  readonly size?: number;
}

export function NetworkGlyph({ network, size = 14 }: NetworkGlyphProps) {
  return (
    <svg viewBox="0 0 24 24" width={size} height={size} fill="currentColor" aria-hidden className="shrink-0">
      <path d={glyphs[network].path} />
    </svg>
  );
}
