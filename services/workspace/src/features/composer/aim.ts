// Turns the reply box, from wherever on the screen, to a message: to answer it, to quote it, or to note something on it.
import { useEffect, useRef } from 'react';
import type { Message } from '../../api/types';

export type How = 'reply' | 'quote' | 'note';
type Handler = (message: Message, how: How) => void;

let current: { readonly current: Handler } | null = null;

export function aimAt(message: Message, how: How): void {
  current?.current(message, how);
}

/** There is one box on the screen at a time; the one that came last is it. */
export function useAim(handler: Handler): void {
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(() => {
    current = latest;
    return () => {
      if (current === latest) current = null;
    };
  }, []);
}
