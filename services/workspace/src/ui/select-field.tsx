// One of many, by the platform's own list: the keyboard, touch and screen readers know it.
import { type ReactNode, useId } from 'react';

interface SelectFieldProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly onChange: (value: Value) => void;
  readonly hint?: ReactNode;
  /** The label is for screen readers alone, where a heading above says it. */
  readonly isLabelHidden?: boolean;
}

export function SelectField<Value extends string>({
  label,
  value,
  options,
  onChange,
  hint,
  isLabelHidden = false,
}: SelectFieldProps<Value>) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className={isLabelHidden ? 'sr-only' : 'mb-1 block text-label font-medium'}>
        {label}
      </label>
      <select
        id={id}
        value={value}
        onChange={(event) => onChange(event.target.value as Value)}
        className="h-10 w-full rounded-control border border-line-strong bg-surface px-3 text-body max-panes:h-11"
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      {hint && <p className="mt-1 text-label text-muted">{hint}</p>}
    </div>
  );
}
