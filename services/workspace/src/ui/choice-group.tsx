// One of a few, all of them in sight.
import type { ReactNode } from 'react';

interface ChoiceGroupProps<Value extends string> {
  readonly legend: string;
  readonly hint?: string;
  readonly name: string;
  /** Null while none is chosen. */
  readonly value: Value | null;
  readonly options: readonly {
    readonly value: Value;
    readonly label: ReactNode;
    readonly hint?: string;
    readonly lang?: string;
  }[];
  readonly onChange: (value: Value) => void;
}

export function ChoiceGroup<Value extends string>({
  legend,
  hint,
  name,
  value,
  options,
  onChange,
}: ChoiceGroupProps<Value>) {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-title font-bold">{legend}</legend>
      {hint && <p className="text-muted">{hint}</p>}
      {options.map((option) => (
        <label
          key={option.value}
          lang={option.lang}
          className="flex min-h-8 items-start gap-3 max-panes:min-h-11"
        >
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
            className="mt-0.5 size-4.5 accent-accent"
          />
          <span>
            <span className="block">{option.label}</span>
            {option.hint && <span className="block text-label text-muted">{option.hint}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
