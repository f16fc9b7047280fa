// A reminder at a chosen time, with a note for whoever gets the conversation then.
import '../../i18n/areas/reminder.gen';
import { type FormEvent, useId, useState } from 'react';
import type { Conversation } from '../../api/types';
import { useT } from '../../i18n/t';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Field } from '../../ui/field';
import { nameOfPreset } from './reminder-menu';
import { fieldOf, inMinutes, instantOf, presets } from './reminder.logic';

interface ReminderDialogProps {
  readonly row: Conversation;
  readonly onSet: (due: string, note: string) => void;
  readonly onClose: () => void;
}

const longestNote = 500;

export function ReminderDialog({ row, onSet, onClose }: ReminderDialogProps) {
  const t = useT();
  const [preset, setPreset] = useState<number | null>(row.reminder ? null : 60);
  const [at, setAt] = useState(() => fieldOf(Date.parse(row.reminder?.due_at ?? inMinutes(60, Date.now()))));
  const [note, setNote] = useState(row.reminder?.note ?? '');
  const [earliest] = useState(() => fieldOf(Date.now()));
  const [isPast, setIsPast] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const due = preset === null ? instantOf(at, Date.now()) : inMinutes(preset, Date.now());
    if (due === null) return setIsPast(true);
    onSet(due, note.trim());
    onClose();
  };
  return (
    <Dialog
      title={t('reminder.title')}
      description={t('reminder.text')}
      onClose={onClose}
      closeLabel={t('shell.close')}
    >
      <form onSubmit={submit} className="mt-1 flex flex-col gap-4">
        <fieldset>
          <legend className="mb-1 text-label font-medium">{t('reminder.when')}</legend>
          <div className="grid grid-cols-2 gap-2">
            {presets.map((minutes) => (
              <Way
                key={minutes}
                label={nameOfPreset(t, minutes)}
                isChosen={preset === minutes}
                onChoose={() => setPreset(minutes)}
              />
            ))}
            <Way label={t('reminder.chosen')} isChosen={preset === null} onChoose={() => setPreset(null)} />
          </div>
        </fieldset>
        {preset === null && (
          <Field
            label={t('reminder.at')}
            type="datetime-local"
            value={at}
            min={earliest}
            error={isPast ? t('reminder.past') : undefined}
            onChange={(event) => {
              setAt(event.target.value);
              setIsPast(false);
            }}
          />
        )}
        <NoteField value={note} onChange={setNote} />
        <p className="flex justify-end">
          <Button look="primary" type="submit">
            {t('reminder.save')}
          </Button>
        </p>
      </form>
    </Dialog>
  );
}

interface WayProps {
  readonly label: string;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function Way({ label, isChosen, onChoose }: WayProps) {
  return (
    <label className="flex min-h-9 items-center gap-2 rounded-control border border-line-strong px-2.5 has-checked:border-accent has-checked:bg-accent-soft max-panes:min-h-11">
      <input
        type="radio"
        name="reminder"
        checked={isChosen}
        onChange={onChoose}
        data-first={isChosen || undefined}
        className="size-4 accent-accent"
      />
      {label}
    </label>
  );
}

function NoteField({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const t = useT();
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-label font-medium">
        {t('reminder.note')}
      </label>
      <textarea
        id={id}
        dir="auto"
        rows={2}
        maxLength={longestNote}
        aria-describedby={`${id}-limit`}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="block w-full resize-none rounded-control border border-line-strong bg-surface px-3 py-2 text-start field-sizing-content"
      />
      <p id={`${id}-limit`} className="mt-1 text-meta text-muted">
        {t('reminder.note_limit')}
      </p>
    </div>
  );
}
