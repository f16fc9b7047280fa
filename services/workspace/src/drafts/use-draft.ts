import { createContext, useContext, useSyncExternalStore } from 'react';
import { type Draft, Drafts, type Mode } from './drafts';

export const DraftsContext = createContext<Drafts | null>(null);

export function useDrafts(): Drafts {
  const drafts = useContext(DraftsContext);
  if (!drafts) throw new Error('useDrafts needs a DraftsContext above it');
  return drafts;
}

export function useDraft(conversation: string, mode: Mode = 'reply'): Draft {
  const drafts = useDrafts();
  return useSyncExternalStore(drafts.subscribe, () => drafts.get(conversation, mode));
}

export function useHasDraft(conversation: string): boolean {
  const drafts = useDrafts();
  return useSyncExternalStore(
    drafts.subscribe,
    () => drafts.has(conversation) || drafts.has(conversation, 'note'),
  );
}

/** The drafts of a member in this browser; `watch` keeps up with other tabs until what it returns is called. */
export function openDrafts(member: string): { readonly drafts: Drafts; readonly watch: () => () => void } {
  const drafts = new Drafts(member, browserStorage());
  const onStorage = (event: StorageEvent): void => drafts.storageChanged(event.key, event.newValue);
  const watch = (): (() => void) => {
    window.addEventListener('storage', onStorage);
    return () => window.removeEventListener('storage', onStorage);
  };
  return { drafts, watch };
}

/** Asking for storage throws where it is forbidden; then drafts last as long as the tab. */
function browserStorage(): Storage {
  try {
    return window.localStorage;
  } catch {
    return nowhere;
  }
}

const nowhere: Storage = {
  length: 0,
  key: () => null,
  getItem: () => null,
  setItem: () => undefined,
  removeItem: () => undefined,
  clear: () => undefined,
};
