// What a region says when it has nothing to show: empty, failed, denied, gone.
import type { ReactNode } from 'react';
import { cx } from './cx';

interface NoticeProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly text?: ReactNode;
  readonly action?: ReactNode;
  readonly isAlert?: boolean;
  /** True where this is all there is, so that its title is the page's. */
  readonly isPage?: boolean;
}

export function Notice({ icon, title, text, action, isAlert = false, isPage = false }: NoticeProps) {
  const Title = isPage ? 'h1' : 'p';
  return (
    <div
      role={isAlert ? 'alert' : undefined}
      className="fade-in mx-auto flex max-w-[22rem] flex-col items-center gap-2 px-6 py-12 text-center"
    >
      <span
        className={cx(
          'mb-2 grid size-11 place-items-center rounded-slip',
          isAlert ? 'bg-danger-soft text-danger' : 'bg-accent-soft text-accent',
        )}
      >
        {icon}
      </span>
      <Title className="text-title font-bold text-balance">{title}</Title>
      {text && <div className="text-pretty text-muted">{text}</div>}
      {action && <div className="mt-3">{action}</div>}
    </div>
  );
}
