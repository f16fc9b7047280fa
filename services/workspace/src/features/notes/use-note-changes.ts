// Editing, deleting and restoring a note.
import '../../i18n/areas/notes.gen';
import { useMutation } from '@tanstack/react-query';
import { keepFocusIn } from '../../a11y/regions';
import { ApiProblem } from '../../api/http';
import { deleteNote, editNote, restoreNote } from '../../api/story';
import type { Note } from '../../api/story-types';
import { type Translate, useT } from '../../i18n/t';
import { useFeed } from '../../live/select';
import { showToast } from '../../ui/toasts';

const undoFor = 8_000;

export function reasonOf(t: Translate, error: unknown): string {
  return error instanceof ApiProblem ? error.message : t('state.failed_network');
}

export function useDeleteNote(note: Note): () => void {
  const t = useT();
  const { story } = useFeed();
  const toast = `note:${note.note_id}`;
  const failed = (title: string) => (error: Error) =>
    showToast({ id: toast, title, text: reasonOf(t, error), tone: 'danger', lasts: undoFor });
  const restore = useMutation({
    mutationFn: () => restoreNote(note.note_id),
    onSuccess: (restored) => {
      story.putNote(restored);
      showToast({ id: toast, title: t('notes.restored'), lasts: 3_000 });
    },
    onError: failed(t('notes.not_restored')),
  });
  const remove = useMutation({
    mutationFn: () => deleteNote(note.note_id),
    onSuccess: (deleted) => {
      story.putNote(deleted);
      keepFocusIn('timeline');
      showToast({
        id: toast,
        title: t('notes.deleted'),
        text: note.text,
        action: { label: t('notes.undo'), run: () => restore.mutate() },
        lasts: undoFor,
      });
    },
    onError: failed(t('notes.not_deleted')),
  });
  return () => remove.mutate();
}

/** Saves a text in place of the revision that was seen; a refusal is left to whoever writes. */
export function useEditNote(note: Note, onSaved: () => void) {
  const { story } = useFeed();
  return useMutation({
    mutationFn: ({ text, rev }: { readonly text: string; readonly rev: number }) =>
      editNote(note.note_id, text, rev),
    onSuccess: (saved) => {
      story.putNote(saved);
      onSaved();
    },
    onError: (error) => {
      // The frame that tells of the newer one may be late; the list has it.
      if (isChanged(error)) void story.loadNotes(note.conversation_id);
    },
  });
}

export function isChanged(error: unknown): boolean {
  return error instanceof ApiProblem && error.code === 'note_changed';
}
