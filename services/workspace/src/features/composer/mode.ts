// Whether one writes to the customer or to colleagues. It is chosen for each conversation and never changes by itself.
import { useState } from 'react';
import type { Mode } from '../../drafts/drafts';

const chosen = new Map<string, Mode>();

export function useMode(conversation: string): [Mode, (mode: Mode) => void] {
  const [mode, setMode] = useState<Mode>(() => chosen.get(conversation) ?? 'reply');
  const choose = (next: Mode): void => {
    chosen.set(conversation, next);
    setMode(next);
  };
  return [mode, choose];
}
