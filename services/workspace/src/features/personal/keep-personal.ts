// What belongs to a member on all devices, kept while the workspace is there: preferences, and this browser's
// desktop notifications. Starts after the first view: nothing here is needed to see it.
import { languageSetting } from '../../i18n/language';
import { browserSurroundings } from '../../live/browser';
import type { LiveFeed } from '../../live/feed';
import { PreferencesSync } from './preferences-sync';
import { renewPush } from './push';

export function keepPersonal(member: string, feed: LiveFeed, go: (address: string) => void): () => void {
  const sync = new PreferencesSync(member, browserSurroundings.after);
  const renew = (): void => void renewPush(member).catch(() => undefined);
  const onShown = (): void => {
    if (!document.hidden) void sync.pull();
  };
  const ends = [
    sync.watch(),
    // Another session of the same member begins with a new connection as well.
    feed.welcomed.on(() => {
      void sync.pull();
      renew();
    }),
    // The worker speaks the language that it was started with.
    languageSetting.subscribe(renew),
  ];
  document.addEventListener('visibilitychange', onShown);
  const stopOpening = openFromNotifications(go);
  void sync.pull();
  renew();
  return () => {
    for (const end of ends) end();
    document.removeEventListener('visibilitychange', onShown);
    stopOpening();
  };
}

/** A notification was pressed while this window was there: it goes where that leads, without starting anew. */
function openFromNotifications(go: (address: string) => void): () => void {
  const workers: ServiceWorkerContainer | undefined = navigator.serviceWorker;
  if (!workers) return () => undefined;
  const onMessage = (event: MessageEvent<{ readonly open?: unknown } | null>): void => {
    const open = event.data?.open;
    if (typeof open === 'string' && /^\/(?!\/)/.test(open)) go(open);
  };
  workers.addEventListener('message', onMessage);
  return () => workers.removeEventListener('message', onMessage);
}
