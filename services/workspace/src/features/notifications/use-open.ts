// Where a notification leads.
import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { Notification } from '../../api/types';
import { useFeed } from '../../live/select';

/** To its conversation; to the accounts when one of them is in trouble; a test leads nowhere and is read. */
export function useOpen(): (notification: Notification) => void {
  const navigate = useNavigate();
  const { desk } = useFeed();
  return useCallback(
    ({ id, kind, conversation_id: conversation }: Notification) => {
      if (conversation !== null) {
        const params = { queue: 'new', conversation };
        return void navigate({ to: '/inbox/$queue/c/$conversation', params });
      }
      desk.readNotification(id);
      if (kind === 'channel_unhealthy') void navigate({ to: '/admin/$page', params: { page: 'channels' } });
    },
    [navigate, desk],
  );
}
