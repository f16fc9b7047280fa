import { cx } from './cx';

interface ToggleProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly onTurn: () => void;
}

/** On or off, at once. Its place says which, not its colour alone. */
export function Toggle({ label, isOn, onTurn }: ToggleProps) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={isOn}
      aria-label={label}
      title={label}
      onClick={onTurn}
      className={cx(
        'inline-flex h-6 w-10 shrink-0 items-center rounded-full border p-0.5',
        isOn ? 'justify-end border-accent bg-accent' : 'justify-start border-line-strong bg-canvas',
      )}
    >
      <span className={cx('size-4.5 rounded-full', isOn ? 'bg-on-accent' : 'bg-muted')} />
    </button>
  );
}
