// The field of a value, by its type.
import '../../i18n/areas/contact.gen';
import type { AttributeDefinition } from '../../api/story-types';
import { useT } from '../../i18n/t';
import { cx } from '../../ui/cx';
import { fieldTypeOf } from './attribute.logic';

interface ValueFieldProps {
  readonly definition: AttributeDefinition;
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly isWrong: boolean;
  readonly describedBy: string;
}

const look = 'h-9 w-full min-w-0 rounded-control border bg-surface px-2.5 text-body max-panes:h-11';

export function ValueField({ definition, text, onChange, isWrong, describedBy }: ValueFieldProps) {
  const t = useT();
  const { name, type, choices } = definition;
  const common = {
    'aria-label': name,
    'aria-invalid': isWrong || undefined,
    'aria-describedby': describedBy,
    autoFocus: true,
    value: text,
    className: cx(look, isWrong ? 'border-danger' : 'border-line-strong'),
  };
  if (type === 'boolean' || type === 'list') {
    const options =
      type === 'boolean'
        ? [
            { value: 'true', label: t('contact.yes') },
            { value: 'false', label: t('contact.no') },
          ]
        : choices.map((choice) => ({ value: choice, label: choice }));
    return (
      <select {...common} onChange={(event) => onChange(event.target.value)}>
        <option value="">{t('contact.none')}</option>
        {/* A choice that was taken off the list stays until another one is made. */}
        {type === 'list' && text !== '' && !choices.includes(text) && <option value={text}>{text}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    );
  }
  return (
    <input
      {...common}
      dir={type === 'text' ? 'auto' : 'ltr'}
      type={fieldTypeOf(type)}
      inputMode={type === 'number' ? 'decimal' : undefined}
      autoComplete="off"
      onFocus={(event) => type !== 'date' && event.target.select()}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
