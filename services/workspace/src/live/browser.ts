// The browser as the live connection's surroundings, and the events of the window that wake it.
import type { LiveFeed } from './feed';
import type { Surroundings } from './socket';

export const browserSurroundings: Surroundings = {
  open: () => {
    const address = new URL('/api/v1/live', window.location.href);
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
    return new WebSocket(address);
  },
  now: () => Date.now(),
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
  isOnline: () => navigator.onLine,
};

/** A tab hidden for less than this is taken to have kept its connection. */
const longHidden = 30_000;

export function wakeWithWindow(feed: LiveFeed): () => void {
  let hiddenAt = 0;
  const onOnline = (): void => feed.wake();
  const onOffline = (): void => feed.lost();
  const onVisibility = (): void => {
    if (document.hidden) hiddenAt = Date.now();
    else if (Date.now() - hiddenAt > longHidden) feed.wake();
  };
  window.addEventListener('online', onOnline);
  window.addEventListener('offline', onOffline);
  document.addEventListener('visibilitychange', onVisibility);
  return () => {
    window.removeEventListener('online', onOnline);
    window.removeEventListener('offline', onOffline);
    document.removeEventListener('visibilitychange', onVisibility);
  };
}
