import type { ReactNode } from 'react';

interface CheckFieldProps {
  readonly label: ReactNode;
  readonly hint?: string;
  readonly isOn: boolean;
  readonly onTurn: () => void;
}

export function CheckField({ label, hint, isOn, onTurn }: CheckFieldProps) {
  return (
    <label className="flex min-h-8 items-start gap-3">
      <input type="checkbox" checked={isOn} onChange={onTurn} className="mt-0.5 size-4.5 accent-accent" />
      <span>
        {label}
        {hint && <span className="block text-label text-muted">{hint}</span>}
      </span>
    </label>
  );
}
