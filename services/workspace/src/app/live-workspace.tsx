// Starts the live feed with the signed-in workspace and ends it with it.
import { type ReactNode, useEffect, useState } from 'react';
import { DraftsContext, openDrafts } from '../drafts/use-draft';
import { browserSurroundings, wakeWithWindow } from '../live/browser';
import { LiveFeed } from '../live/feed';
import { LiveContext } from '../live/select';
import { LiveStore } from '../live/store';
import { useDraftSync } from './use-draft-sync';
import { usePersonal } from './use-personal';

interface LiveWorkspaceProps {
  readonly member: string;
  /** True while the session has ended: trying to connect would only be refused. */
  readonly isPaused: boolean;
  readonly children: ReactNode;
}

export function LiveWorkspace({ member, isPaused, children }: LiveWorkspaceProps) {
  const [{ drafts, watch }] = useState(() => openDrafts(member));
  useEffect(watch, [watch]);
  const [feed] = useState(() => new LiveFeed(new LiveStore(), browserSurroundings));
  useEffect(() => wakeWithWindow(feed), [feed]);
  useDraftSync(drafts, feed);
  usePersonal(member, feed);
  useEffect(() => {
    if (isPaused) return;
    feed.resume();
    return () => feed.stop();
  }, [feed, isPaused]);
  return (
    <LiveContext value={feed}>
      <DraftsContext value={drafts}>{children}</DraftsContext>
    </LiveContext>
  );
}
