import '../../i18n/areas/reminder.gen';
import { useMutation } from '@tanstack/react-query';
import { changeState } from '../../api/gateway';
import { ApiProblem } from '../../api/http';
import { cancelReminder, setReminder } from '../../api/story';
import type { Conversation } from '../../api/types';
import { formatDue } from '../../i18n/format';
import { useLanguage } from '../../i18n/language';
import { useT } from '../../i18n/t';
import { useFeed } from '../../live/select';
import { seenOf } from '../../live/timelines';
import { showToast } from '../../ui/toasts';

const undoFor = 8_000;

export interface ReminderActs {
  /** From New it makes the conversation Pending as well. */
  readonly set: (due: string, note?: string) => void;
  readonly cancel: () => void;
}

interface Wanted {
  readonly due: string;
  readonly note: string;
  readonly wasNew: boolean;
  /** What was here at the press: without a line it is sent later, when more may have come. */
  readonly seen: number;
}

export function useReminder(row: Conversation): ReminderActs {
  const t = useT();
  const feed = useFeed();
  const language = useLanguage();
  const toast = `state:${row.id}`;
  const seen = (): number => seenOf(feed.store.timeline(row.id), row);
  const apply = (changed: Conversation): void => {
    feed.store.apply([{ k: 'conversation.upsert', d: changed }]);
    void feed.story.loadActivity(row.id);
  };
  const failed = (title: string) => (error: Error) =>
    showToast({
      id: toast,
      title,
      text: error instanceof ApiProblem ? error.message : t('state.failed_network'),
      tone: 'danger',
      lasts: undoFor,
    });
  const reopen = useMutation({
    mutationFn: (seenThen: number) =>
      changeState(row.id, { key: crypto.randomUUID(), to: 'new', seen_through: seenThen }),
    onSuccess: (changed) => apply(changed.row),
    onError: failed(t('reminder.not_cancelled')),
  });
  const cancel = useMutation({
    mutationFn: () => cancelReminder(row.id, crypto.randomUUID()),
    onSuccess: (changed) => {
      apply(changed);
      showToast({ id: toast, title: t('reminder.was_cancelled'), lasts: 4_000 });
    },
    onError: failed(t('reminder.not_cancelled')),
  });
  const set = useMutation({
    mutationFn: (wanted: Wanted) =>
      setReminder(row.id, {
        key: crypto.randomUUID(),
        due_at: wanted.due,
        note: wanted.note,
        seen_through: wanted.seen,
      }),
    onSuccess: (changed, { due, note, wasNew }) => {
      apply(changed);
      showToast({
        id: toast,
        title: t('reminder.was_set', { time: formatDue(language, due, Date.now()) }),
        text: note,
        // Undoing gives back what was: New again, or no reminder.
        action: { label: t('reminder.undo'), run: () => (wasNew ? reopen.mutate(seen()) : cancel.mutate()) },
        lasts: undoFor,
      });
    },
    onError: failed(t('reminder.not_set')),
  });
  return {
    set: (due, note = '') => set.mutate({ due, note, wasNew: row.state === 'new', seen: seen() }),
    cancel: () => cancel.mutate(),
  };
}
