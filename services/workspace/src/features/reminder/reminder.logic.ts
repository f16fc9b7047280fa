// When a reminder is due.

export const presets = [15, 60, 240, 1_440] as const;

const minute = 60_000;

export function inMinutes(minutes: number, now: number): string {
  return new Date(now + minutes * minute).toISOString();
}

/** The text of a field of day and time, in the reader's own zone. */
export function fieldOf(instant: number): string {
  const date = new Date(instant);
  return new Date(instant - date.getTimezoneOffset() * minute).toISOString().slice(0, 16);
}

/** The instant of such a field; null when it is none, or not to come. */
export function instantOf(field: string, now: number): string | null {
  const date = new Date(field);
  return Number.isNaN(date.getTime()) || date.getTime() <= now ? null : date.toISOString();
}
