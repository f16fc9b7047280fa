import { describe, expect, it } from 'vitest';
import { canBeChanged, keysOf, ownerOf } from './own-keys';
import { type Command, commands, match } from './table';

const all: readonly Command[] = commands;
const command = (id: string): Command => all.find((each) => each.id === id)!;

describe('keys of one’s own', () => {
  it('can be had for single letters and signs, not for runs, chords and named keys', () => {
    for (const id of ['list.next', 'state.reopen', 'search', 'help'])
      expect(canBeChanged(command(id))).toBe(true);
    for (const id of ['go.new', 'reply.send', 'region.next', 'list.open', 'back']) {
      expect(canBeChanged(command(id))).toBe(false);
    }
  });

  it('take the place of the table’s', () => {
    const own = { 'reply.focus': 'i' };
    const find = (press: string) => match([press], (each) => keysOf(each, own));
    expect(find('i')).toEqual({ kind: 'command', id: 'reply.focus' });
    expect(find('r').kind).toBe('none');
  });

  it('are refused when another command has them, or begins with them', () => {
    expect(ownerOf('j', 'reply.focus', {})?.id).toBe('list.next');
    expect(ownerOf('g', 'reply.focus', {})?.group).toBe('go');
    expect(ownerOf('r', 'reply.focus', {})).toBeNull();
    // What was freed is free.
    expect(ownerOf('j', 'reply.focus', { 'list.next': 'i' })).toBeNull();
    expect(ownerOf('i', 'reply.focus', { 'list.next': 'i' })?.id).toBe('list.next');
  });

  it('that nobody could press are left out', () => {
    expect(keysOf(command('list.next'), { 'list.next': 'Ctrl+q' })).toEqual(['j']);
    expect(keysOf(command('go.new'), { 'go.new': 'i' })).toEqual(['g', 'n']);
  });
});
