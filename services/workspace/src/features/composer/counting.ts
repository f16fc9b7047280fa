// How long a text is, as its network counts. X weighs characters by X's own published rules, which come in only
// when somebody answers there.
import { useEffect, useState } from 'react';
import type { Counting } from '../../api/types';

type Weigh = (text: string) => number;

interface XText {
  readonly weigh: Weigh;
  readonly addresses: (text: string) => string[];
}

let weigh: Weigh | null = null;
let loading: Promise<XText> | null = null;

/** X's rules, fetched once. */
export function loadXText(): Promise<XText> {
  loading ??= import('./x-text').then((rules) => {
    weigh = rules.weightOnX;
    return { weigh: rules.weightOnX, addresses: rules.addressesOnX };
  });
  return loading;
}

export async function loadWeighing(): Promise<Weigh> {
  return (await loadXText()).weigh;
}

const encoder = new TextEncoder();

/** Null while the rules of X are on their way. */
export function lengthOf(counting: Counting, text: string, weighing: Weigh | null): number | null {
  switch (counting) {
    case 'characters':
      return [...text].length;
    case 'bytes':
      return encoder.encode(text).length;
    default:
      return weighing ? weighing(text) : null;
  }
}

export function useLength(counting: Counting | undefined, text: string): number | null {
  const [weighing, setWeighing] = useState<Weigh | null>(() => weigh);
  const needsWeighing = counting === 'x_weighted' && weighing === null;
  useEffect(() => {
    if (!needsWeighing) return;
    let isWanted = true;
    // Without them the server still counts; the counter is then simply not there.
    void loadWeighing().then(
      (loaded) => isWanted && setWeighing(() => loaded),
      () => undefined,
    );
    return () => {
      isWanted = false;
    };
  }, [needsWeighing]);
  return counting ? lengthOf(counting, text, weighing) : null;
}
