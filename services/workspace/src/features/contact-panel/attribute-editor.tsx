// One value, edited where it stands. What somebody else saved meanwhile is shown, never overwritten unasked.
import '../../i18n/areas/contact.gen';
import { type FormEvent, type KeyboardEvent, useId, useState } from 'react';
import { ApiProblem } from '../../api/http';
import { useLanguage } from '../../i18n/language';
import { useT } from '../../i18n/t';
import { Button } from '../../ui/button';
import { type Attribute, faultOf, normalised, shownOf } from './attribute.logic';
import { ValueField } from './value-field';
import { useChangeAttribute } from './use-contact';

interface AttributeEditorProps {
  readonly contact: string;
  readonly attribute: Attribute;
  readonly onDone: () => void;
}

export function AttributeEditor({ contact, attribute, onDone }: AttributeEditorProps) {
  const t = useT();
  const id = useId();
  const { definition, value } = attribute;
  const form = useForm(contact, attribute, onDone);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    onDone();
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape leaves whichever field it is
    <form onSubmit={form.submit} onKeyDown={onKeyDown} noValidate data-escapes className="mt-1">
      {form.hasConflict && (
        <Changed
          attribute={attribute}
          onKeep={() => form.rebase(value.rev)}
          onTake={() => {
            form.setText(value.value ?? '');
            form.rebase(value.rev);
          }}
        />
      )}
      <ValueField
        definition={definition}
        text={form.text}
        onChange={form.setText}
        isWrong={form.fault !== null}
        describedBy={`${id}-fault`}
      />
      <p id={`${id}-fault`} role={form.fault ? 'alert' : undefined} className="text-label text-danger">
        {form.fault}
      </p>
      <p className="mt-2 flex gap-2">
        <Button
          type="submit"
          look="primary"
          aria-disabled={form.hasConflict}
          className={form.hasConflict ? 'opacity-60' : ''}
        >
          {t('contact.save')}
        </Button>
        <Button onClick={onDone}>{t('contact.cancel')}</Button>
      </p>
    </form>
  );
}

function useForm(contact: string, { definition, value }: Attribute, onDone: () => void) {
  const t = useT();
  const [text, setText] = useState(value.value ?? '');
  const [base, setBase] = useState(value.rev);
  const [isChecked, setIsChecked] = useState(false);
  const { mutate, error, reset } = useChangeAttribute(contact, definition.attribute_id);
  const wanted = normalised(definition.type, text);
  const wrong = faultOf(definition.type, wanted);
  const hasConflict = base !== value.rev && value.value !== wanted;
  const refusal =
    error && !(error instanceof ApiProblem && error.code === 'attribute_changed') ? error : null;
  const reason = refusal instanceof ApiProblem ? refusal.message : t('state.failed_network');
  return {
    text,
    hasConflict,
    fault: isChecked && wrong ? t(wrong) : refusal ? t('contact.not_saved', { reason }) : null,
    setText: (next: string) => {
      setText(next);
      reset();
    },
    rebase: setBase,
    submit: (event: FormEvent) => {
      event.preventDefault();
      setIsChecked(true);
      if (wrong || hasConflict) return;
      if (wanted === value.value) return onDone();
      mutate({ value: wanted, rev: value.rev }, { onSuccess: onDone });
    },
  };
}

interface ChangedProps {
  readonly attribute: Attribute;
  readonly onKeep: () => void;
  readonly onTake: () => void;
}

function Changed({ attribute: { definition, value }, onKeep, onTake }: ChangedProps) {
  const t = useT();
  const language = useLanguage();
  return (
    <div role="alert" className="mb-2 rounded-control bg-warn-soft px-2.5 py-2 text-label">
      <p className="font-bold text-warn">{t(value.value ? 'contact.changed' : 'contact.changed_empty')}</p>
      {value.value && (
        <p dir="auto" className="text-start wrap-anywhere">
          {shownOf(language, definition.type, value.value)}
        </p>
      )}
      <p className="mt-2 flex flex-wrap gap-2">
        <Button onClick={onKeep}>{t('contact.keep_mine')}</Button>
        <Button onClick={onTake}>{t('contact.show_theirs')}</Button>
      </p>
    </div>
  );
}
