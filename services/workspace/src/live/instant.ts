import type { Instant } from '../api/types';

/**
 * A key that sorts as the instant does. Times arrive in UTC with anything from no to nine digits after
 * the second, so the text itself would sort "05.1Z" before "05Z". No time sorts before every time.
 */
export function instantKey(instant: Instant | null): string {
  if (instant === null) return '';
  const [seconds = '', fraction = ''] = instant.replace(/(?:Z|\+00:00)$/, '').split('.');
  return `${seconds}.${fraction.padEnd(9, '0')}`;
}
