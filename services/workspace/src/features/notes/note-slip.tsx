// A note as a dashed slip of amber paper: nothing else on the screen looks like it.
import '../../i18n/areas/notes.gen';
import { CornerLeftUp, History, Pencil, StickyNote, Trash2 } from 'lucide-react';
import { memo, useState } from 'react';
import { focusOn } from '../../a11y/focus';
import type { Note } from '../../api/story-types';
import type { Message } from '../../api/types';
import { formatMoment, formatTime } from '../../i18n/format';
import { useLanguage } from '../../i18n/language';
import { useT } from '../../i18n/t';
import { useIsLead, useMe } from '../../live/select';
import { IconButton } from '../../ui/icon-button';
import { lazyPart } from '../../ui/lazy-part';
import { NoteEditor } from './note-editor';
import { useDeleteNote } from './use-note-changes';

const NoteHistory = lazyPart(() => import('./note-history').then((part) => part.NoteHistory));

interface NoteSlipProps {
  readonly note: Note;
  /** The message that it is tied to, where that is among those on the screen. */
  readonly message: Message | null;
  /** True for the one slip that the Tab key reaches, with what is in it. */
  readonly isActive: boolean;
  readonly onShowMessage: (id: string) => void;
}

export const NoteSlip = memo(function NoteSlip({ note, message, isActive, onShowMessage }: NoteSlipProps) {
  const [isEditing, setIsEditing] = useState(false);
  const heading = `note-${note.note_id}`;
  const leave = (): void =>
    focusOn(
      () => setIsEditing(false),
      () => document.querySelector(`[data-note="${note.note_id}"]`),
    );
  return (
    <div className="flex justify-end pb-2.5">
      <article
        aria-labelledby={heading}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- one stop for the whole story, moved by Alt and arrows
        tabIndex={isActive ? 0 : -1}
        data-note={note.note_id}
        data-item={note.note_id}
        data-region-start={isActive || undefined}
        className="max-w-[min(76%,46rem)] min-w-0 rounded-slip border border-dashed border-note-line bg-note px-3 py-2.5 text-note-ink max-panes:max-w-[92%]"
      >
        <NoteHeader
          note={note}
          heading={heading}
          isActive={isActive}
          isEditing={isEditing}
          onEdit={() => setIsEditing(true)}
        />
        {note.message_id && (
          <TiedTo note={note} message={message} isActive={isActive} onShow={onShowMessage} />
        )}
        {isEditing ? (
          <NoteEditor note={note} onDone={leave} />
        ) : (
          <p dir="auto" className="mt-1 max-w-[68ch] text-start wrap-anywhere whitespace-pre-wrap">
            {note.text}
          </p>
        )}
      </article>
    </div>
  );
});

interface NoteHeaderProps {
  readonly note: Note;
  readonly heading: string;
  readonly isActive: boolean;
  readonly isEditing: boolean;
  readonly onEdit: () => void;
}

function NoteHeader({ note, heading, isActive, isEditing, onEdit }: NoteHeaderProps) {
  const t = useT();
  const language = useLanguage();
  const remove = useDeleteNote(note);
  const mayChange = useMayChange(note);
  const stop = isActive ? 0 : -1;
  return (
    <header className="flex flex-wrap items-center gap-x-2 gap-y-1 text-meta">
      <StickyNote size={14} strokeWidth={1.75} aria-hidden className="shrink-0" />
      <h3 id={heading} className="min-w-0 truncate text-body font-bold">
        <span className="sr-only">{t('notes.note_of', { name: note.name })}</span>
        <bdi aria-hidden>{note.name}</bdi>
      </h3>
      <span aria-hidden>{t('notes.note')}</span>
      <time dateTime={note.created_at} title={formatMoment(language, note.created_at)} className="text-label">
        {formatTime(language, note.created_at)}
      </time>
      <Edited note={note} stop={stop} />
      <span>{t('notes.unseen')}</span>
      {mayChange && !isEditing && (
        <span className="ms-auto -me-1.5 flex shrink-0">
          <IconButton label={t('notes.edit')} tabIndex={stop} className={button} onClick={onEdit}>
            <Pencil size={15} strokeWidth={1.75} aria-hidden />
          </IconButton>
          <IconButton label={t('notes.delete')} tabIndex={stop} className={button} onClick={remove}>
            <Trash2 size={15} strokeWidth={1.75} aria-hidden />
          </IconButton>
        </span>
      )}
    </header>
  );
}

/** One's own; supervisors and administrators any. A frame leaves it to be seen from the author. */
function useMayChange(note: Note): boolean {
  const me = useMe()?.id;
  const isLead = useIsLead();
  return note.mine_to_change ?? (note.member_id === me || isLead);
}

const button = 'size-7 text-note-ink max-panes:size-11';

function Edited({ note, stop }: { readonly note: Note; readonly stop: 0 | -1 }) {
  const t = useT();
  const language = useLanguage();
  const [isOpen, setIsOpen] = useState(false);
  if (note.edited_at === null) return null;
  const time = formatTime(language, note.edited_at);
  return (
    <>
      <button
        type="button"
        tabIndex={stop}
        aria-label={t('notes.edited_history', { time })}
        title={formatMoment(language, note.edited_at)}
        onClick={() => setIsOpen(true)}
        className="inline-flex min-h-6 items-center gap-1 rounded-chip italic underline underline-offset-2"
      >
        <History size={12} strokeWidth={1.75} aria-hidden />
        {t('notes.edited', { time })}
      </button>
      {isOpen && <NoteHistory note={note} onClose={() => setIsOpen(false)} />}
    </>
  );
}

interface TiedToProps {
  readonly note: Note;
  readonly message: Message | null;
  readonly isActive: boolean;
  readonly onShow: (id: string) => void;
}

function TiedTo({ note, message, isActive, onShow }: TiedToProps) {
  const t = useT();
  if (!message || !note.message_id) return <p className="mt-1 text-meta italic">{t('notes.on_gone')}</p>;
  const name = message.author?.name || message.author?.handle || message.reply?.name || '…';
  return (
    <button
      type="button"
      tabIndex={isActive ? 0 : -1}
      title={t('notes.show_message')}
      onClick={() => onShow(message.id)}
      className="mt-1 flex max-w-full min-h-6 items-center gap-1 rounded-chip text-meta underline underline-offset-2"
    >
      <CornerLeftUp size={12} strokeWidth={1.75} aria-hidden className="shrink-0 rtl:-scale-x-100" />
      <span className="shrink-0">{t('notes.on', { name })}</span>
      <bdi className="truncate">{message.text || t('inbox.no_text')}</bdi>
    </button>
  );
}
