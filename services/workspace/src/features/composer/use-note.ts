// The note being written. Its text stays in the box, and in the draft, until the gateway has it.
import '../../i18n/areas/composer.gen';
import { useMutation } from '@tanstack/react-query';
import { announce } from '../../a11y/announcer';
import { ApiProblem } from '../../api/http';
import { addNote } from '../../api/story';
import type { Conversation, Message } from '../../api/types';
import type { Draft } from '../../drafts/drafts';
import { useDraft, useDrafts } from '../../drafts/use-draft';
import { useT } from '../../i18n/t';
import { useFeed, useTimeline } from '../../live/select';

export const longestNote = 10_000;

export interface NoteForm {
  readonly row: Conversation;
  readonly text: string;
  /** The message that it is tied to; null for one on the conversation. */
  readonly target: Message | null;
  readonly remaining: number;
  readonly isSaving: boolean;
  readonly canSave: boolean;
  /** Why it was not saved, until it is tried again or changed. */
  readonly problem: string | null;
  readonly setText: (text: string) => void;
  readonly aim: (message: Message | null) => void;
  readonly save: () => void;
}

export function useNote(row: Conversation): NoteForm {
  const t = useT();
  const feed = useFeed();
  const drafts = useDrafts();
  const draft = useDraft(row.id, 'note');
  const { messages } = useTimeline(row.id);
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: ({ text, target, sent_as: key }: Draft) =>
      addNote(row.id, { key: key ?? crypto.randomUUID(), text: text.trim(), message_id: target }),
    onSuccess: (note) => {
      feed.story.putNote(note);
      drafts.clear(row.id, 'note');
      announce(t('composer.note_added'), String);
    },
  });
  const remaining = longestNote - [...draft.text].length;
  const canSave = draft.text.trim() !== '' && remaining >= 0 && !isPending;
  return {
    row,
    text: draft.text,
    target: messages.find((message) => message.id === draft.target) ?? null,
    remaining,
    isSaving: isPending,
    canSave,
    problem: error && (error instanceof ApiProblem ? error.message : t('state.failed_network')),
    setText: (text) => {
      if (error) reset();
      if (text === '' && draft.target === null) drafts.clear(row.id, 'note');
      else drafts.change(row.id, { text }, 'note');
    },
    aim: (message) => drafts.change(row.id, { target: message?.id ?? null }, 'note'),
    save: () => {
      if (!canSave) return;
      // Asked again with the same key, the gateway makes no second note of it.
      const kept = { ...draft, sent_as: draft.sent_as ?? crypto.randomUUID() };
      drafts.change(row.id, kept, 'note');
      mutate(kept);
    },
  };
}
