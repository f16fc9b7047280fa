import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Conversation, Lock } from '../../api/types';
import { useNow } from '../../i18n/clock';
import { browserSurroundings } from '../../live/browser';
import { ReplyLock, type LockState } from '../../live/reply-lock';
import { useIsLead, useMe, useViewers } from '../../live/select';

export interface HeldLock {
  readonly lock: ReplyLock;
  readonly state: LockState;
  /** Whoever answers now, when it is not this tab; null otherwise. */
  readonly holder: { readonly name: string; readonly isMe: boolean; readonly tookIt: boolean } | null;
  readonly mayTakeOver: boolean;
}

/** How long a lock may be past its time before it counts as left behind; renewals are not told. */
const grace = 2_000;

function isFresh({ expires_at: expires }: Lock, now: number): boolean {
  return expires === null || Date.parse(expires) + grace > now;
}

export function useLock(row: Conversation): HeldLock {
  const me = useMe()?.id ?? '';
  const isLead = useIsLead();
  const now = useNow();
  const viewers = useViewers(row.id);
  const [lock] = useState(() => new ReplyLock(row.id, browserSurroundings));
  const state = useSyncExternalStore(lock.subscribe, () => lock.state);
  useEffect(() => lock.seen(row.lock), [lock, row.lock]);
  useEffect(() => {
    lock.enter();
    const onLeave = (): void => lock.leave();
    // A page that comes back from the browser's memory begins anew.
    const onReturn = (): void => lock.enter();
    window.addEventListener('pagehide', onLeave);
    window.addEventListener('pageshow', onReturn);
    return () => {
      window.removeEventListener('pagehide', onLeave);
      window.removeEventListener('pageshow', onReturn);
      lock.leave();
    };
  }, [lock]);
  const isThere = (member: string): boolean => viewers.some((viewer) => viewer.member_id === member);
  const isHeld =
    state.kind === 'held' && (state.wasMine || isThere(state.by.member_id) || isFresh(state.by, now));
  const isMe = isHeld && state.by.member_id === me;
  return {
    lock,
    state,
    holder: isHeld ? { name: state.by.name, isMe, tookIt: state.wasMine } : null,
    mayTakeOver: isLead || isMe || row.owner?.member_id === me,
  };
}
