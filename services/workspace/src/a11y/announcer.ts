// Says things to screen readers through one polite live region, at most once per 1.5 s; what came in between
// is folded into one sentence.
import { useSyncExternalStore } from 'react';

const pause = 1_500;
const longest = 120;

let spoken = '';
let waiting: string[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;
let fold: (count: number) => string = String;
const listeners = new Set<() => void>();

function say(text: string): void {
  // The same sentence twice would not be read again; a no-break space makes it another one.
  spoken = text === spoken ? `${text}\u00a0` : text;
  for (const listener of listeners) listener();
}

function flush(): void {
  timer = undefined;
  if (waiting.length === 0) return;
  const [first = ''] = waiting;
  say(waiting.length === 1 ? first : fold(waiting.length));
  waiting = [];
  timer = setTimeout(flush, pause);
}

/** `foldMany` makes the sentence for several announcements at once. */
export function announce(text: string, foldMany: (count: number) => string): void {
  waiting.push(text.length > longest ? `${text.slice(0, longest)}…` : text);
  fold = foldMany;
  timer ??= setTimeout(flush, 0);
}

export function useAnnouncement(): string {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => spoken,
  );
}
