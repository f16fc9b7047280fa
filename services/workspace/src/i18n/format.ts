// Times and numbers as people read them. Everything that is shown passes here; nothing else formats.
import type { Instant } from '../api/types';
import type { Language } from './icu';
import { translate } from './t';

const locales: Record<Language, string> = { en: 'en-GB', fr: 'fr-FR' };
const cache = new Map<string, Intl.DateTimeFormat>();

function formatter(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  const made = cache.get(key) ?? new Intl.DateTimeFormat(locales[language], options);
  cache.set(key, made);
  return made;
}

/** 14:02 */
export function formatTime(language: Language, instant: Instant | number): string {
  return formatter(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    new Date(instant),
  );
}

/** The full date and time, for titles and labels. */
export function formatMoment(language: Language, instant: Instant): string {
  return formatter(language, { dateStyle: 'full', timeStyle: 'medium' }).format(new Date(instant));
}

/** Day and time in little room, as in 23 Nov 2026, 14:02. */
export function formatShortMoment(language: Language, instant: Instant): string {
  const options = { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' } as const;
  return formatter(language, options).format(new Date(instant));
}

/** The day in the reader's time zone, as a key: two instants of one day have the same. */
export function dayKey(instant: Instant | number): string {
  const date = new Date(instant);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

/** A moment to come: 14:02 today, else with its day, as in 24 Nov, 14:02. */
export function formatDue(language: Language, instant: Instant, now: number): string {
  if (dayKey(instant) === dayKey(now)) return formatTime(language, instant);
  const options: Intl.DateTimeFormatOptions = {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  };
  return formatter(language, { ...options, hourCycle: 'h23' }).format(new Date(instant));
}

/** A day alone, as 23 November 2026; the text itself where it is none. */
export function formatDate(language: Language, date: string): string {
  const parsed = new Date(`${date}T12:00:00`);
  if (Number.isNaN(parsed.getTime())) return date;
  return formatter(language, { day: 'numeric', month: 'long', year: 'numeric' }).format(parsed);
}

/** Today, Yesterday, Monday 9 November, or with the year when it is another one. */
export function formatDay(language: Language, instant: Instant, now: number): string {
  if (dayKey(instant) === dayKey(now)) return translate(language, 'state.today');
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  if (dayKey(instant) === dayKey(yesterday.getTime())) return translate(language, 'state.yesterday');
  const isThisYear = new Date(instant).getFullYear() === new Date(now).getFullYear();
  const options: Intl.DateTimeFormatOptions = { weekday: 'long', day: 'numeric', month: 'long' };
  return formatter(language, isThisYear ? options : { ...options, year: 'numeric' }).format(
    new Date(instant),
  );
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How long ago, in one unit: now, 4 min, 3 h, 2 d. */
export function formatAge(language: Language, instant: Instant, now: number): string {
  const age = Math.max(0, now - Date.parse(instant));
  if (age < minute) return translate(language, 'inbox.age_now');
  if (age < hour) return translate(language, 'inbox.age_minutes', { count: Math.floor(age / minute) });
  if (age < day) return translate(language, 'inbox.age_hours', { count: Math.floor(age / hour) });
  return translate(language, 'inbox.age_days', { count: Math.floor(age / day) });
}
