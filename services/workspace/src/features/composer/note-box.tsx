// Writing to colleagues: its own paper, its own button, and it says that the customer does not see it.
import '../../i18n/areas/composer.gen';
import { CircleAlert, EyeOff, StickyNote, X } from 'lucide-react';
import type { RefObject } from 'react';
import { useLanguage } from '../../i18n/language';
import { useT } from '../../i18n/t';
import { Button } from '../../ui/button';
import { IconButton } from '../../ui/icon-button';
import { nameOf } from '../queue-list';
import { leaveToStory } from './box';
import type { NoteForm } from './use-note';

interface NoteBoxProps {
  readonly form: NoteForm;
  readonly boxRef: RefObject<HTMLTextAreaElement | null>;
}

/** From here on it is said how much is left. */
const nearlyFull = 500;

export function NoteBox({ form, boxRef }: NoteBoxProps) {
  const t = useT();
  const name = nameOf(useLanguage(), form.row);
  return (
    <div
      data-mode="note"
      className="rounded-slip border border-dashed border-note-line bg-note text-note-ink focus-within:border-solid"
    >
      <Problem form={form} />
      <NoteTarget form={form} />
      <textarea
        ref={boxRef}
        data-region-start
        dir="auto"
        rows={2}
        aria-label={t(form.target ? 'composer.note_label_message' : 'composer.note_label', { name })}
        aria-describedby="composer-counter"
        placeholder={t('composer.note_placeholder')}
        value={form.text}
        readOnly={form.isSaving}
        onChange={(event) => form.setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || event.nativeEvent.isComposing) return;
          event.preventDefault();
          leaveToStory();
        }}
        className="scroll-quiet block max-h-[min(16rem,30dvh)] min-h-14 w-full resize-none rounded-slip bg-transparent px-3 py-2 text-start outline-none field-sizing-content placeholder:text-note-ink/80"
      />
      <div className="flex flex-wrap items-center gap-2 border-t border-dashed border-note-line p-2">
        <p className="flex min-w-0 items-center gap-1.5 text-label">
          <EyeOff size={15} strokeWidth={1.75} aria-hidden className="shrink-0" />
          {t('composer.note_unseen')}
        </p>
        <div className="ms-auto flex items-center gap-3">
          <Remaining form={form} />
          <Button
            look="note"
            aria-disabled={!form.canSave}
            title="Ctrl+Enter"
            onClick={form.save}
            className={form.canSave ? '' : 'opacity-70'}
          >
            <StickyNote size={16} strokeWidth={1.75} aria-hidden />
            {t('composer.note_add')}
          </Button>
        </div>
      </div>
    </div>
  );
}

function Remaining({ form: { remaining } }: { readonly form: NoteForm }) {
  const t = useT();
  const isOver = remaining < 0;
  return (
    <span id="composer-counter" className="shrink-0 font-mono text-label">
      {remaining <= nearlyFull &&
        (isOver ? t('composer.over', { count: -remaining }) : t('composer.remaining', { count: remaining }))}
    </span>
  );
}

function Problem({ form: { problem } }: { readonly form: NoteForm }) {
  const t = useT();
  if (!problem) return null;
  return (
    <p role="alert" className="flex items-center gap-2 px-3 pt-2 text-label font-bold">
      <CircleAlert size={16} strokeWidth={1.75} aria-hidden className="shrink-0" />
      {t('composer.note_not_added', { reason: problem })}
    </p>
  );
}

function NoteTarget({ form: { target, aim } }: { readonly form: NoteForm }) {
  const t = useT();
  if (!target) return null;
  return (
    <p className="flex items-center gap-1 px-3 pt-2 text-label">
      <span className="shrink-0">{t('composer.note_on')}</span>
      <bdi className="min-w-0 truncate font-medium">{target.text || t('inbox.no_text')}</bdi>
      <IconButton
        label={t('composer.note_on_conversation')}
        className="size-6 shrink-0 text-note-ink max-panes:size-9"
        onClick={() => aim(null)}
      >
        <X size={14} strokeWidth={1.75} aria-hidden />
      </IconButton>
    </p>
  );
}
