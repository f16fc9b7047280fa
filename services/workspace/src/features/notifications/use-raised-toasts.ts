// Says in passing what is raised while one works, and takes it back when it was read or withdrawn elsewhere.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { notificationPreferencesQuery } from '../../api/settings';
import type { Notification } from '../../api/types';
import { currentLanguage } from '../../i18n/language';
import { translate } from '../../i18n/t';
import { useFeed } from '../../live/select';
import { closeToast, showToast } from '../../ui/toasts';
import { nameOf, snippetOf } from '../queue-list';
import { playTone } from './sound';
import { useOpen } from './use-open';

const lasts = 8_000;
/** The row may come just behind its notification: a toast that names nobody is worth a moment’s wait. */
const between = 100;
const mostLooks = 10;
const toastOf = (notification: Notification): string =>
  `notification:${notification.conversation_id ?? notification.id}`;

export function useRaisedToasts(): void {
  const feed = useFeed();
  const open = useOpen();
  const client = useQueryClient();
  useEffect(() => {
    // Asked ahead: what is pushed must never cause a request.
    void client.prefetchQuery({ ...notificationPreferencesQuery, staleTime: Number.POSITIVE_INFINITY });
    const sound = (): void =>
      playTone(client.getQueryData(notificationPreferencesQuery.queryKey)?.sound.volume ?? 0);
    let shown: readonly Notification[] = [];
    const waiting = new Set<ReturnType<typeof setTimeout>>();
    const tell = (notification: Notification, looks: number): void => {
      const { conversation_id: conversation } = notification;
      const row = conversation === null ? undefined : feed.store.conversation(conversation);
      if (conversation !== null && row === undefined && looks > 0) {
        const wait = setTimeout(() => {
          waiting.delete(wait);
          if (feed.desk.notifications.some((each) => each.id === notification.id))
            tell(notification, looks - 1);
        }, between);
        waiting.add(wait);
        return;
      }
      const language = currentLanguage();
      shown = [...shown, notification];
      showToast({
        id: toastOf(notification),
        title: translate(language, `notifications.${notification.kind}`),
        ...(row && { text: `${nameOf(language, row)} · ${snippetOf(row)}` }),
        action: { label: translate(language, 'notifications.open'), run: () => open(notification) },
        lasts,
      });
    };
    const endRaised = feed.desk.onRaised((notification) => {
      if (notification.badge_only) return;
      if (notification.means.sound) sound();
      if (notification.means.in_app) tell(notification, mostLooks);
    });
    const endWithdrawn = feed.desk.subscribe('notifications', () => {
      const standing = new Set(feed.desk.notifications.map(toastOf));
      for (const each of shown) if (!standing.has(toastOf(each))) closeToast(toastOf(each));
      shown = shown.filter((each) => standing.has(toastOf(each)));
    });
    return () => {
      endRaised();
      endWithdrawn();
      for (const wait of waiting) clearTimeout(wait);
    };
  }, [feed, open, client]);
}
