// Pending, Resolve and Reopen by hand, with a moment to undo the first two.
import '../../i18n/areas/composer.gen';
import { useMutation } from '@tanstack/react-query';
import { focusRegionNamed } from '../../a11y/regions';
import { changeState } from '../../api/gateway';
import { ApiProblem } from '../../api/http';
import type { Conversation, ConversationState } from '../../api/types';
import { useLanguage } from '../../i18n/language';
import { useT } from '../../i18n/t';
import { useFeed } from '../../live/select';
import { seenThrough } from '../../live/timelines';
import { showToast } from '../../ui/toasts';
import { nameOf } from '../queue-list';

const undoFor = 5_000;

/** The button that was pressed may have gone with the state; the focus must not go with it. */
function keepFocus(): void {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      if (document.activeElement === document.body) focusRegionNamed('timeline');
    }),
  );
}

export function useStateChange(row: Conversation) {
  const t = useT();
  const feed = useFeed();
  const name = nameOf(useLanguage(), row);
  const toast = `state:${row.id}`;
  const { mutate } = useMutation({
    mutationFn: (to: ConversationState) => {
      const { messages, status } = feed.store.timeline(row.id);
      // Before the story is there, the row of the list is what was seen: it counts every message up to its newest.
      const seen = status === 'ready' ? seenThrough(messages) : row.message_count;
      return changeState(row.id, { key: crypto.randomUUID(), to, seen_through: seen });
    },
    onSuccess: (changed, to) => {
      feed.store.apply([{ k: 'conversation.upsert', d: changed.row }]);
      void feed.story.loadActivity(row.id);
      keepFocus();
      if (to === 'new') return;
      const { undelivered_replies: undelivered } = changed;
      showToast({
        id: toast,
        title: t(to === 'pending' ? 'composer.set_pending' : 'composer.set_resolved'),
        text: undelivered > 0 ? t('composer.undelivered', { count: undelivered }) : name,
        action: { label: t('composer.undo'), run: () => mutate('new') },
        lasts: undoFor,
      });
    },
    onError: (error) =>
      showToast({
        id: toast,
        title: t('composer.not_changed'),
        text: error instanceof ApiProblem ? error.message : t('state.failed_network'),
        tone: 'danger',
        lasts: 8_000,
      }),
  });
  return mutate;
}
