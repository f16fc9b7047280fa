// Starts the live feed with the signed-in workspace and ends it with it.
import { type ReactNode, useEffect, useState } from 'react';
import { browserSurroundings, wakeWithWindow } from '../live/browser';
import { LiveFeed } from '../live/feed';
import { LiveContext } from '../live/select';
import { LiveStore } from '../live/store';

interface LiveWorkspaceProps {
  /** True while the session has ended: trying to connect would only be refused. */
  readonly isPaused: boolean;
  readonly children: ReactNode;
}

export function LiveWorkspace({ isPaused, children }: LiveWorkspaceProps) {
  const [feed] = useState(() => new LiveFeed(new LiveStore(), browserSurroundings));
  useEffect(() => wakeWithWindow(feed), [feed]);
  useEffect(() => {
    if (isPaused) return;
    feed.resume();
    return () => feed.stop();
  }, [feed, isPaused]);
  return <LiveContext value={feed}>{children}</LiveContext>;
}
