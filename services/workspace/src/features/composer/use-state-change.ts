// Pending, Resolve and Reopen by hand, with a moment to undo the first two.
import '../../i18n/areas/composer.gen';
import { useMutation } from '@tanstack/react-query';
import { keepFocusIn } from '../../a11y/regions';
import { changeState } from '../../api/gateway';
import { ApiProblem } from '../../api/http';
import type { Conversation, ConversationState } from '../../api/types';
import { useLanguage } from '../../i18n/language';
import { useT } from '../../i18n/t';
import { useFeed } from '../../live/select';
import { seenOf } from '../../live/timelines';
import { showToast } from '../../ui/toasts';
import { nameOf } from '../queue-list';

const undoFor = 5_000;

interface Wanted {
  readonly to: ConversationState;
  readonly seen: number;
}

export function useStateChange(row: Conversation) {
  const t = useT();
  const feed = useFeed();
  const name = nameOf(useLanguage(), row);
  const toast = `state:${row.id}`;
  const { mutate } = useMutation({
    mutationFn: ({ to, seen }: Wanted) =>
      changeState(row.id, { key: crypto.randomUUID(), to, seen_through: seen }),
    onSuccess: (changed, { to }) => {
      feed.store.apply([{ k: 'conversation.upsert', d: changed.row }]);
      void feed.story.loadActivity(row.id);
      keepFocusIn('timeline');
      if (to === 'new') return;
      const { undelivered_replies: undelivered } = changed;
      showToast({
        id: toast,
        title: t(to === 'pending' ? 'composer.set_pending' : 'composer.set_resolved'),
        text: undelivered > 0 ? t('composer.undelivered', { count: undelivered }) : name,
        action: { label: t('composer.undo'), run: () => change('new') },
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
  /** What was seen is what is here now: without a line it is sent later, when more may have come. */
  const change = (to: ConversationState): void => {
    mutate({ to, seen: seenOf(feed.store.timeline(row.id), row) });
  };
  return change;
}
