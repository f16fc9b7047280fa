import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { cx } from './cx';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: 'primary' | 'outlined' | 'plain' | 'danger' | 'note';
  readonly children: ReactNode;
}

const looks = {
  primary: 'bg-accent text-on-accent hover:bg-accent-hover font-bold',
  outlined: 'border border-line-strong bg-surface text-ink hover:bg-canvas font-bold',
  danger: 'border border-danger bg-danger-soft text-danger hover:bg-surface font-bold',
  /** Only for internal notes, so that it is never taken for Send. */
  note: 'border border-note-line bg-note text-note-ink hover:bg-surface font-bold',
  plain: 'text-accent hover:text-accent-hover underline underline-offset-2',
};

export function Button({ look = 'outlined', type = 'button', className, children, ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      className={cx(
        'inline-flex items-center justify-center gap-2 rounded-control disabled:opacity-60',
        look === 'plain' ? 'min-h-6' : 'h-8 px-3 max-panes:h-11',
        looks[look],
        className,
      )}
      {...rest}
    >
      {children}
    </button>
  );
}
