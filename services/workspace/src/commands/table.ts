// Every command with its keys, in one table: it feeds the dispatcher and the help sheet.
import type { PlainKey } from '../i18n/t';

export interface Command {
  readonly id: string;
  /** Key presses one after the other; a press is a key with its modifiers as `Shift+F6`. */
  readonly keys: readonly string[];
  /** A second way to the same command. */
  readonly otherKeys?: readonly string[];
  readonly label: PlainKey;
  readonly group: 'move' | 'answer' | 'go' | 'help';
}

export const commands = [
  { id: 'list.next', keys: ['j'], label: 'keyboard.next', group: 'move' },
  { id: 'list.previous', keys: ['k'], label: 'keyboard.previous', group: 'move' },
  { id: 'list.open', keys: ['Enter'], label: 'keyboard.open', group: 'move' },
  { id: 'list.filter', keys: ['f'], label: 'keyboard.filter', group: 'move' },
  { id: 'list.select', keys: ['x'], label: 'keyboard.select', group: 'move' },
  { id: 'list.extend', keys: ['Shift+x'], label: 'keyboard.extend', group: 'move' },
  { id: 'list.select_all', keys: ['*', 'a'], label: 'keyboard.select_all', group: 'move' },
  { id: 'message.next', keys: ['Alt+ArrowDown'], label: 'keyboard.next_message', group: 'move' },
  { id: 'message.previous', keys: ['Alt+ArrowUp'], label: 'keyboard.previous_message', group: 'move' },
  { id: 'list.toggle', keys: ['['], label: 'keyboard.toggle_list', group: 'move' },
  { id: 'contact.toggle', keys: [']'], label: 'keyboard.toggle_contact', group: 'move' },
  { id: 'back', keys: ['Escape'], label: 'keyboard.back', group: 'move' },
  { id: 'region.next', keys: ['F6'], label: 'keyboard.next_region', group: 'move' },
  { id: 'region.previous', keys: ['Shift+F6'], label: 'keyboard.previous_region', group: 'move' },
  { id: 'offer.open', keys: ['o'], otherKeys: ['Alt+o'], label: 'keyboard.open_offer', group: 'answer' },
  { id: 'reply.focus', keys: ['r'], label: 'keyboard.reply', group: 'answer' },
  { id: 'note.focus', keys: ['n'], label: 'keyboard.note', group: 'answer' },
  {
    id: 'reply.send',
    keys: ['Ctrl+Enter'],
    otherKeys: ['Meta+Enter'],
    label: 'keyboard.send',
    group: 'answer',
  },
  { id: 'reply.kind', keys: ['Alt+t'], label: 'keyboard.kind', group: 'answer' },
  { id: 'reply.account', keys: ['Alt+a'], label: 'keyboard.account', group: 'answer' },
  { id: 'reply.shorten', keys: ['Ctrl+Shift+l'], label: 'keyboard.shorten', group: 'answer' },
  { id: 'state.pending', keys: ['p'], label: 'keyboard.pending', group: 'answer' },
  { id: 'reminder', keys: ['b'], label: 'keyboard.reminder', group: 'answer' },
  { id: 'state.resolve', keys: ['e'], label: 'keyboard.resolve', group: 'answer' },
  { id: 'state.reopen', keys: ['Shift+e'], label: 'keyboard.reopen', group: 'answer' },
  { id: 'undo', keys: ['z'], label: 'keyboard.undo', group: 'answer' },
  { id: 'assign', keys: ['a'], label: 'keyboard.assign', group: 'answer' },
  { id: 'why', keys: ['w'], label: 'keyboard.why', group: 'answer' },
  { id: 'message.menu', keys: ['m'], label: 'keyboard.message_menu', group: 'answer' },
  { id: 'message.like', keys: ['l'], label: 'keyboard.like', group: 'answer' },
  { id: 'message.hide', keys: ['h'], label: 'keyboard.hide', group: 'answer' },
  { id: 'message.quote', keys: ['q'], label: 'keyboard.quote', group: 'answer' },
  { id: 'message.link', keys: ['y'], label: 'keyboard.copy_link', group: 'answer' },
  { id: 'availability', keys: ['v'], label: 'keyboard.availability', group: 'answer' },
  { id: 'go.new', keys: ['g', 'n'], label: 'keyboard.go_new', group: 'go' },
  { id: 'go.pending', keys: ['g', 'p'], label: 'keyboard.go_pending', group: 'go' },
  { id: 'go.all', keys: ['g', 'a'], label: 'keyboard.go_all', group: 'go' },
  { id: 'go.resolved', keys: ['g', 'r'], label: 'keyboard.go_resolved', group: 'go' },
  { id: 'go.preferences', keys: ['g', 's'], label: 'keyboard.go_preferences', group: 'go' },
  { id: 'search', keys: ['/'], label: 'keyboard.search', group: 'go' },
  { id: 'help', keys: ['?'], label: 'keyboard.help', group: 'help' },
] as const satisfies readonly Command[];

export type CommandId = (typeof commands)[number]['id'];

/** A press as the table writes it. Shift is left out where it only makes the character, as in `?`, not in letters. */
export function pressOf(
  event: Pick<KeyboardEvent, 'key' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey'>,
): string {
  const isCharacter = event.key.length === 1;
  const modifiers = [
    event.ctrlKey && 'Ctrl',
    event.metaKey && 'Meta',
    event.altKey && 'Alt',
    event.shiftKey && (!isCharacter || /^\p{L}$/u.test(event.key)) && 'Shift',
  ].filter(Boolean);
  return [...modifiers, isCharacter ? event.key.toLowerCase() : event.key].join('+');
}

export type Match =
  { readonly kind: 'command'; readonly id: CommandId } | { readonly kind: 'prefix' | 'none' };

/** What a run of presses means: a command, the beginning of one, or nothing. */
export function match(
  presses: readonly string[],
  keysOf: (command: Command) => readonly string[] = ({ keys }) => keys,
): Match {
  let isPrefix = false;
  for (const command of commands as readonly Command[]) {
    for (const keys of [keysOf(command), command.otherKeys ?? []]) {
      if (!presses.every((press, index) => keys[index] === press)) continue;
      if (keys.length === presses.length) return { kind: 'command', id: command.id as CommandId };
      isPrefix = true;
    }
  }
  return { kind: isPrefix ? 'prefix' : 'none' };
}
