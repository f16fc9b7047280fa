import { type InputHTMLAttributes, type ReactNode, useId } from 'react';
import { cx } from './cx';

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  readonly label: string;
  readonly error?: string | undefined;
  /** A control inside the field, at its end. */
  readonly end?: ReactNode;
}

export function Field({ label, error, end, className, ...rest }: FieldProps) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-label font-medium">
        {label}
      </label>
      <div className="relative">
        <input
          id={id}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? `${id}-error` : undefined}
          className={cx(
            'h-10 w-full rounded-control border bg-surface px-3 text-body max-panes:h-11',
            error ? 'border-danger' : 'border-line-strong',
            end ? 'pe-11' : null,
            className,
          )}
          {...rest}
        />
        {end && <div className="absolute inset-y-0 end-1 grid place-items-center">{end}</div>}
      </div>
      {error && (
        <p id={`${id}-error`} className="mt-1 text-label text-danger">
          {error}
        </p>
      )}
    </div>
  );
}
