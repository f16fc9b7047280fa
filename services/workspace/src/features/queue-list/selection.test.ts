import { describe, expect, it } from 'vitest';
import { extendTo, mostSelected, noSelection, selectAll, stillThere, toggle } from './selection.logic';
import { holdRow } from './use-anchored-scroll';

const ids = ['a', 'b', 'c', 'd', 'e'];

describe('a selection', () => {
  it('takes in and lets go of single rows', () => {
    const two = toggle(toggle(noSelection, 'd'), 'b');
    expect(stillThere(two, ids)).toEqual(['b', 'd']);
    expect(stillThere(toggle(two, 'd'), ids)).toEqual(['b']);
  });

  it('extends from the last chosen row, in both directions, again and again', () => {
    const from = toggle(noSelection, 'c');
    expect(stillThere(extendTo(from, ids, 'e'), ids)).toEqual(['c', 'd', 'e']);
    expect(stillThere(extendTo(extendTo(from, ids, 'd'), ids, 'b'), ids)).toEqual(['b', 'c', 'd']);
    expect(stillThere(extendTo(noSelection, ids, 'b'), ids)).toEqual(['b']);
    // The row that it would start from has left.
    expect(stillThere(extendTo(toggle(noSelection, 'gone'), ids, 'b'), ids)).toEqual(['b']);
  });

  it('lets go of what left the list', () => {
    expect(stillThere(selectAll(ids), ['a', 'e'])).toEqual(['a', 'e']);
  });

  it('takes no more than can be looked at', () => {
    const many = Array.from({ length: mostSelected + 10 }, (_, n) => String(n));
    expect(selectAll(many).chosen.size).toBe(mostSelected);
    expect(toggle(selectAll(many), 'more').chosen.size).toBe(mostSelected);
  });
});

describe('the row that is aimed at', () => {
  it('stays where it stood while it moves, and while others do', () => {
    expect(holdRow(ids, ['c', 'a', 'b', 'd', 'e'], 'c')).toEqual(ids);
    expect(holdRow(ids, ['a', 'b', 'd', 'e', 'c'], 'c')).toEqual(ids);
    // Not it but its neighbour moved.
    const now = ['b', 'a', 'c', 'd', 'e'];
    expect(holdRow(ids, now, 'c')).toBe(now);
    expect(holdRow(ids, ['x', 'c', 'a', 'b', 'd', 'e'], 'c')).toEqual(['x', ...ids]);
  });

  it('leaves when it leaves the list', () => {
    const now = ['a', 'b', 'd'];
    expect(holdRow(ids, now, 'c')).toBe(now);
  });
});
