// Says in passing what is raised while one works, and takes it back when it was read or withdrawn elsewhere.
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { Notification } from '../../api/types';
import { currentLanguage } from '../../i18n/language';
import { translate } from '../../i18n/t';
import { useFeed } from '../../live/select';
import { closeToast, showToast } from '../../ui/toasts';
import { nameOf, snippetOf } from '../queue-list';

const lasts = 8_000;
const toastOf = (notification: Notification): string => `notification:${notification.conversation_id}`;

export function useRaisedToasts(): void {
  const feed = useFeed();
  const navigate = useNavigate();
  useEffect(() => {
    const open = (notification: Notification): void =>
      void navigate({
        to: '/inbox/$queue/c/$conversation',
        params: { queue: 'new', conversation: notification.conversation_id },
      });
    let shown: readonly Notification[] = [];
    const endRaised = feed.desk.onRaised((notification) => {
      if (notification.badge_only) return;
      const language = currentLanguage();
      const row = feed.store.conversation(notification.conversation_id);
      shown = [...shown, notification];
      showToast({
        id: toastOf(notification),
        title: translate(language, `notifications.${notification.kind}`),
        ...(row && { text: `${nameOf(language, row)} · ${snippetOf(row)}` }),
        action: { label: translate(language, 'notifications.open'), run: () => open(notification) },
        lasts,
      });
    });
    const endWithdrawn = feed.desk.subscribe('notifications', () => {
      const standing = new Set(feed.desk.notifications.map((each) => each.conversation_id));
      for (const each of shown) if (!standing.has(each.conversation_id)) closeToast(toastOf(each));
      shown = shown.filter((each) => standing.has(each.conversation_id));
    });
    return () => {
      endRaised();
      endWithdrawn();
    };
  }, [feed, navigate]);
}
