import { cx } from './cx';

/** A still grey bar in place of a text that is on its way. */
export function Skeleton({ className }: { readonly className?: string }) {
  return <span aria-hidden className={cx('block rounded-chip bg-line/60', className)} />;
}
