// What the server has accepted is no draft any more, wherever its writer is by then.
import { useEffect } from 'react';
import { useDrafts } from '../drafts/use-draft';
import { useT } from '../i18n/t';
import { useFeed } from '../live/select';
import { showToast } from '../ui/toasts';

export function useAccepted(): void {
  const t = useT();
  const feed = useFeed();
  const drafts = useDrafts();
  useEffect(
    () =>
      feed.outbox.onAccepted(({ conversation, key, linkNotices }) => {
        if (drafts.get(conversation).sent_as === key) drafts.clear(conversation);
        if (linkNotices.length === 0) return;
        showToast({
          id: `links:${conversation}`,
          title: t('state.link_notice'),
          text: linkNotices.map((notice) => notice.split(' ')[0]).join(', '),
          lasts: 8_000,
        });
      }),
    [feed, drafts, t],
  );
}
