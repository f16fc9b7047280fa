// One more attribute, or another name for one. Its type stays: values were written by it.
import '../../i18n/areas/settings.gen';
import '../../i18n/areas/admin.gen';
import { type FormEvent, useState } from 'react';
import { addAttribute, archiveAttribute, attributesQuery, changeAttribute } from '../../api/settings';
import type { AttributeDefinition, AttributeType } from '../../api/settings-types';
import { useT } from '../../i18n/t';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Field } from '../../ui/field';
import { SelectField } from '../../ui/select-field';
import { FormNote, useSaving } from '../settings';

const types: readonly AttributeType[] = [
  'text',
  'number',
  'date',
  'list',
  'boolean',
  'url',
  'email',
  'phone',
];

interface AttributeDialogProps {
  /** Null for a new one. */
  readonly definition: AttributeDefinition | null;
  readonly onClose: () => void;
}

export function AttributeDialog({ definition, onClose }: AttributeDialogProps) {
  const t = useT();
  const [name, setName] = useState(definition?.name ?? '');
  const [type, setType] = useState<AttributeType>(definition?.type ?? 'text');
  const [choices, setChoices] = useState(definition?.choices.join('\n') ?? '');
  const body = { name: name.trim(), choices: type === 'list' ? linesOf(choices) : [] };
  const saving = useSaving(
    () =>
      definition
        ? changeAttribute(definition.attribute_id, { ...body, rev: definition.rev })
        : addAttribute({ ...body, type }),
    attributesQuery.queryKey,
    onClose,
  );
  const removing = useSaving(archiveAttribute, attributesQuery.queryKey, onClose);
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    saving.mutate(undefined);
  };
  return (
    <Dialog
      title={t(definition ? 'admin.attribute_edit' : 'admin.attribute_add')}
      onClose={onClose}
      closeLabel={t('shell.close')}
    >
      <form noValidate onSubmit={onSubmit} className="flex flex-col gap-4">
        <Field
          label={t('admin.attribute_name')}
          data-first
          maxLength={80}
          dir="auto"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        {!definition && (
          <SelectField
            label={t('admin.attribute_type')}
            value={type}
            options={types.map((each) => ({ value: each, label: t(`admin.type_${each}`) }))}
            onChange={setType}
          />
        )}
        {type === 'list' && <Choices value={choices} onChange={setChoices} />}
        <FormNote error={saving.error ?? removing.error} />
        <div className="flex flex-wrap justify-between gap-2">
          {definition ? (
            <Button look="danger" onClick={() => removing.mutate(definition.attribute_id)}>
              {t('admin.attribute_archive')}
            </Button>
          ) : (
            <span />
          )}
          <Button look="primary" type="submit" aria-disabled={saving.isPending}>
            {t('settings.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

interface ChoicesProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Choices({ value, onChange }: ChoicesProps) {
  const t = useT();
  return (
    <label className="flex flex-col gap-1">
      <span className="text-label font-medium">{t('admin.attribute_choices')}</span>
      <textarea
        dir="auto"
        rows={5}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="rounded-control border border-line-strong bg-surface p-3"
      />
    </label>
  );
}
