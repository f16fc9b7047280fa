// A note is edited where it stands. What a colleague changed meanwhile is shown, never overwritten unasked.
import '../../i18n/areas/notes.gen';
import { CircleAlert } from 'lucide-react';
import { useState } from 'react';
import type { Note } from '../../api/story-types';
import { useT } from '../../i18n/t';
import { Button } from '../../ui/button';
import { isChanged, reasonOf, useEditNote } from './use-note-changes';

interface NoteEditorProps {
  readonly note: Note;
  readonly onDone: () => void;
}

const longest = 10_000;

export function NoteEditor({ note, onDone }: NoteEditorProps) {
  const t = useT();
  const [text, setText] = useState(note.text);
  /** The revision that this text began from. */
  const [base, setBase] = useState(note.rev);
  const { mutate, error, isPending } = useEditNote(note, onDone);
  const hasConflict = base !== note.rev && note.text !== text;
  const canSave = text.trim() !== '' && !isPending && !hasConflict;
  const save = (): void => {
    if (!canSave) return;
    if (text.trim() === note.text) return onDone();
    mutate({ text: text.trim(), rev: note.rev });
  };
  return (
    <div className="mt-1">
      {hasConflict && (
        <Changed
          note={note}
          onKeep={() => setBase(note.rev)}
          onTake={() => {
            setText(note.text);
            setBase(note.rev);
          }}
        />
      )}
      {error && !hasConflict && !isChanged(error) && (
        <p role="alert" className="mb-1 flex items-center gap-2 text-label font-bold">
          <CircleAlert size={14} strokeWidth={1.75} aria-hidden className="shrink-0" />
          {t('notes.not_saved', { reason: reasonOf(t, error) })}
        </p>
      )}
      <TextField text={text} onChange={setText} onSave={save} onLeave={onDone} />
      <p className="mt-2 flex flex-wrap gap-2">
        <Button
          look="note"
          aria-disabled={!canSave}
          title="Ctrl+Enter"
          onClick={save}
          className={canSave ? '' : 'opacity-70'}
        >
          {t('notes.save')}
        </Button>
        <Button onClick={onDone}>{t('notes.cancel')}</Button>
      </p>
    </div>
  );
}

interface TextFieldProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly onSave: () => void;
  readonly onLeave: () => void;
}

function TextField({ text, onChange, onSave, onLeave }: TextFieldProps) {
  const t = useT();
  return (
    <textarea
      // oxlint-disable-next-line jsx-a11y/no-autofocus -- the button that was pressed has gone; one goes on here
      autoFocus
      dir="auto"
      rows={2}
      maxLength={longest}
      aria-label={t('notes.text')}
      value={text}
      onChange={(event) => onChange(event.target.value)}
      onFocus={({ target }) => target.setSelectionRange(target.value.length, target.value.length)}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return;
        const isSave = event.key === 'Enter' && (event.ctrlKey || event.metaKey);
        if (event.key !== 'Escape' && !isSave) return;
        event.preventDefault();
        event.stopPropagation();
        if (isSave) onSave();
        else onLeave();
      }}
      className="scroll-quiet block max-h-60 w-full min-w-[min(28rem,60vw)] resize-none rounded-control border border-note-line bg-surface px-2.5 py-1.5 text-start text-ink field-sizing-content"
    />
  );
}

interface ChangedProps {
  readonly note: Note;
  readonly onKeep: () => void;
  readonly onTake: () => void;
}

function Changed({ note, onKeep, onTake }: ChangedProps) {
  const t = useT();
  return (
    <div role="alert" className="mb-2 rounded-control bg-surface px-2.5 py-2 text-label text-ink">
      <p className="font-bold">{t('notes.changed_title', { name: note.name })}</p>
      <p dir="auto" className="mt-1 text-start wrap-anywhere whitespace-pre-wrap">
        {note.text}
      </p>
      <p className="mt-2 flex flex-wrap gap-2">
        <Button onClick={onKeep}>{t('notes.keep_mine')}</Button>
        <Button onClick={onTake}>{t('notes.show_theirs')}</Button>
      </p>
    </div>
  );
}
