import { flushSync } from 'react-dom';

/**
 * Puts something on the screen and the focus into it: at once, so that the next key meets it and not what stood there
 * before. Not while React draws.
 */
export function focusOn(show: () => void, find: () => HTMLElement | null): void {
  flushSync(show);
  find()?.focus({ preventScroll: true });
}
