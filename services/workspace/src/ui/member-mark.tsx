// A colleague as initials in a ring; the name goes with it for those who cannot make out two letters.
import { cx } from './cx';

interface MemberMarkProps {
  readonly name: string;
  /** The one who looks at the screen stands out. */
  readonly isMe?: boolean;
  readonly label: string;
}

export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/u);
  const first = words[0] ?? '';
  const last = words.length > 1 ? (words.at(-1) ?? '') : '';
  return `${[...first][0] ?? ''}${[...last][0] ?? ''}`.toLocaleUpperCase() || '·';
}

export function MemberMark({ name, isMe = false, label }: MemberMarkProps) {
  return (
    <span
      title={label}
      className={cx(
        'inline-grid h-4.5 min-w-5.5 shrink-0 place-items-center rounded-full border px-1 text-[calc(10rem/14)]/none font-bold',
        isMe ? 'border-accent bg-accent-soft text-accent' : 'border-line-strong bg-surface text-muted',
      )}
    >
      <span aria-hidden>{initialsOf(name)}</span>
      <span className="sr-only">{label}</span>
    </span>
  );
}
