import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { cx } from './cx';

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** The accessible name; an icon alone says nothing to a screen reader. */
  readonly label: string;
  readonly children: ReactNode;
}

export function IconButton({ label, className, type = 'button', children, ...rest }: IconButtonProps) {
  return (
    <button
      type={type}
      aria-label={label}
      title={label}
      className={cx(
        'inline-grid size-8 place-items-center rounded-control text-muted hover:bg-canvas hover:text-ink max-panes:size-11',
        className,
      )}
      {...rest}
    >
      {children}
    </button>
  );
}
