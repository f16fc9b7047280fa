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

/** Microseconds since 1970, which is what the server orders lists by; no time is before every time. */
export function instantMicros(instant: Instant | null): number {
  if (instant === null) return 0;
  const [seconds = '', fraction = ''] = instant.replace(/(?:Z|\+00:00)$/, '').split('.');
  return Date.parse(`${seconds}Z`) * 1_000 + Number(fraction.padEnd(6, '0').slice(0, 6));
}
