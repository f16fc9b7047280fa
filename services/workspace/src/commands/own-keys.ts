// Keys of a member's own: which commands may have others, and what stands against one.
import type { OwnKeys } from '../settings/keys';
import { type Command, commands, type CommandId } from './table';

const all: readonly Command[] = commands;

/** Only single letters and signs are in anybody's way (WCAG 2.1.4); runs and chords stay as they are. */
export function canBeChanged({ keys }: Command): boolean {
  const [only, ...more] = keys;
  return more.length === 0 && only !== undefined && isCharacter(only);
}

export function isCharacter(press: string): boolean {
  return [...press.replace(/^Shift\+/, '')].length === 1;
}

export function keysOf(command: Command, own: OwnKeys): readonly string[] {
  const key = canBeChanged(command) ? own[command.id] : undefined;
  return key !== undefined && isCharacter(key) ? [key] : command.keys;
}

/** The command that a press belongs to already, or that begins with it; null when it is free. */
export function ownerOf(press: string, except: CommandId, own: OwnKeys): Command | null {
  const takes = (command: Command): boolean =>
    command.id !== except &&
    (keysOf(command, own)[0] === press || (command.otherKeys?.[0] ?? null) === press);
  return all.find(takes) ?? null;
}
