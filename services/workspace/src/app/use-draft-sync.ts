// Keeps the drafts of this browser and those of the server together for as long as the workspace is there.
import { useEffect } from 'react';
import type { Drafts } from '../drafts/drafts';
import { DraftSync } from '../drafts/sync';
import { browserSurroundings } from '../live/browser';
import type { LiveFeed } from '../live/feed';

export function useDraftSync(drafts: Drafts, feed: LiveFeed): void {
  useEffect(() => {
    const sync = new DraftSync(drafts, browserSurroundings.after);
    const onHidden = (): void => {
      if (document.hidden) sync.flush();
    };
    const leave = (): void => sync.flush();
    const ends = [
      sync.watch(),
      feed.welcomed.on(() => void sync.pull()),
      feed.drafted.on((change) => sync.received(change)),
    ];
    document.addEventListener('visibilitychange', onHidden);
    window.addEventListener('pagehide', leave);
    window.addEventListener('blur', leave);
    return () => {
      for (const end of ends) end();
      document.removeEventListener('visibilitychange', onHidden);
      window.removeEventListener('pagehide', leave);
      window.removeEventListener('blur', leave);
    };
  }, [drafts, feed]);
}
