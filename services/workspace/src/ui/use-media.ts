import { useCallback, useSyncExternalStore } from 'react';

/** True while the window fits a media query. */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const media = window.matchMedia(query);
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}

/** Where the contact has room beside list and conversation; the same as `--breakpoint-contact`. */
export const contactFits = '(min-width: 1200px)';
