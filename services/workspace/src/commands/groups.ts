// The parts of the table of commands, in the order in which they are shown.
import '../i18n/areas/keyboard.gen';
import type { PlainKey } from '../i18n/t';
import type { Command } from './table';

export const groups: readonly { readonly id: Command['group']; readonly title: PlainKey }[] = [
  { id: 'move', title: 'keyboard.group_move' },
  { id: 'answer', title: 'keyboard.group_answer' },
  { id: 'go', title: 'keyboard.group_go' },
  { id: 'help', title: 'keyboard.group_help' },
];
