import { describe, expect, it } from 'vitest';
import { type Command, commands, match, pressOf } from './table';

const all: readonly Command[] = commands;
const ways = all.flatMap((command) => [command.keys, ...(command.otherKeys ? [command.otherKeys] : [])]);

function press(
  key: string,
  modifiers: Partial<Record<'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey', boolean>> = {},
) {
  return pressOf({ key, altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, ...modifiers });
}

describe('the table of commands', () => {
  it('gives no two commands the same keys, and none the beginning of another', () => {
    for (const one of ways) {
      for (const other of ways) {
        if (one === other) continue;
        expect(other.slice(0, one.length), `${one.join(' ')} and ${other.join(' ')}`).not.toEqual(one);
      }
    }
  });

  it('finds each command by its own keys', () => {
    for (const command of all) expect(match(command.keys)).toEqual({ kind: 'command', id: command.id });
  });

  it('waits after G for the second key, and knows a run that leads nowhere', () => {
    expect(match(['g']).kind).toBe('prefix');
    expect(match(['g', 'x']).kind).toBe('none');
    expect(match(['u']).kind).toBe('none');
  });
});

describe('a press', () => {
  it('is written as the table writes it', () => {
    expect(press('J')).toBe('j');
    expect(press('?', { shiftKey: true })).toBe('?');
    expect(press('F6', { shiftKey: true })).toBe('Shift+F6');
    expect(press('ArrowDown', { altKey: true })).toBe('Alt+ArrowDown');
  });

  it('with a modifier is another press, so that the browser’s own shortcuts stay', () => {
    expect(match([press('r', { ctrlKey: true })]).kind).toBe('none');
    expect(match([press('j', { metaKey: true })]).kind).toBe('none');
  });
});
