// What follows a member from device to device, and which word counts when two devices say different things: the
// newer one. A device says what it was told last, so that a choice made offline is found when it is back.
import type { Preferences, SharedPreferences } from '../../api/settings-types';

/** What the server held when this browser last heard from it. */
export interface Known {
  readonly member: string;
  readonly rev: number;
  readonly values: SharedPreferences;
}

export interface Mine {
  readonly values: SharedPreferences;
  /** When they were chosen; null when they never were. */
  readonly changedAt: string | null;
}

export type Step = 'nothing' | 'take' | 'put';

export function isSame(one: SharedPreferences, other: SharedPreferences): boolean {
  return text(one) === text(other);
}

function text({ appearance, language, keyboard }: SharedPreferences): string {
  const keys = Object.entries(keyboard.keys ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([appearance, language, keyboard.single_letters, keyboard.send_with_enter, keys]);
}

/** What becomes of what stands here when the server says what stands there. */
export function nextStep(member: string, mine: Mine, known: Known | null, server: Preferences): Step {
  const isNewer = mine.changedAt !== null && mine.changedAt > (server.written_at ?? '');
  // Somebody else chose what stands here: it is not this member's word.
  if (known !== null && known.member !== member) return server.rev > 0 ? 'take' : 'nothing';
  if (isSame(mine.values, server)) return 'nothing';
  if (known === null) return isNewer ? 'put' : server.rev > 0 ? 'take' : 'nothing';
  if (isSame(mine.values, known.values)) return server.rev === known.rev ? 'nothing' : 'take';
  return server.rev === known.rev || isNewer ? 'put' : 'take';
}
