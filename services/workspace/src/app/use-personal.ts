// What follows a member to all of their devices; its code comes when the first view stands.
import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { LiveFeed } from '../live/feed';

export function usePersonal(member: string, feed: LiveFeed): void {
  const { history } = useRouter();
  useEffect(() => {
    let isOver = false;
    let end = (): void => undefined;
    const begin = async (): Promise<void> => {
      stopWaiting();
      const { keepPersonal } = await import('../features/personal');
      if (!isOver) end = keepPersonal(member, feed, (address) => history.push(address));
    };
    // Without a connection there is nobody to tell, and choices hold in this browser all the same.
    const stopWaiting = feed.welcomed.on(() => void begin().catch(() => undefined));
    return () => {
      isOver = true;
      stopWaiting();
      end();
    };
  }, [member, feed, history]);
}
