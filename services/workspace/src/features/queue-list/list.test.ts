import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleConversation } from '../../testing/samples';
import { ageOf, kindOf, nameOf, snippetOf } from './row.logic';
import { anchorShift } from './use-anchored-scroll';
import { arrowTarget } from './use-moves';

const now = Date.parse('2026-11-23T10:09:00Z');

describe('a row of the list', () => {
  it('tells how long the customer has waited while New, else when something last happened', () => {
    const row = sampleConversation('conv_1', { last_activity_at: '2026-11-23T10:05:00Z' });
    expect(ageOf('en', row, now)).toEqual({ short: '9\u00a0min', long: 'Waiting for 9\u00a0min' });
    const pending = { ...row, state: 'pending' as const, waiting_since: null };
    expect(ageOf('en', pending, now)).toEqual({ short: '4\u00a0min', long: 'Last activity 4\u00a0min ago' });
  });

  it('names someone whom the network does not name', () => {
    const contact = { id: 'cont_1', name: '', handle: '', avatar_url: null };
    expect(nameOf('fr', sampleConversation('conv_1', { contact }))).toBe('Une personne sur X');
    expect(nameOf('fr', sampleConversation('conv_1', { contact: { ...contact, handle: 'quai' } }))).toBe(
      'quai',
    );
  });

  it('tells network and kind in words, and its text in one line', () => {
    const row = sampleConversation('conv_1', {
      network: 'facebook',
      last: { text: ' deux\n\nlignes ', kind: 'comment', direction: 'inbound' },
    });
    expect(kindOf('fr', row)).toBe('Facebook · Commentaire');
    expect(snippetOf(row)).toBe('deux lignes');
  });
});

describe('the list', () => {
  it('keeps the first row in sight, or the aimed one, where it was', () => {
    expect(anchorShift(['a', 'b', 'c'], ['x', 'a', 'b', 'c'], '', 1)).toBe(1);
    expect(anchorShift(['a', 'b', 'c', 'd'], ['b', 'c', 'd'], 'd', 1)).toBe(-1);
    // The row in sight has gone: the next one that is still there takes its place.
    expect(anchorShift(['a', 'b', 'c'], ['c'], '', 1)).toBe(-2);
    expect(anchorShift(['a'], ['b'], 'a', 0)).toBe(0);
  });

  it('puts the anchor, after any change, exactly where it stood', () => {
    const ids = fc.uniqueArray(fc.integer({ min: 0, max: 30 }).map(String), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(ids, ids, fc.nat(19), (old, current, first) => {
        const shift = anchorShift(old, current, '', Math.min(first, old.length - 1));
        const anchor = old.slice(Math.min(first, old.length - 1)).find((id) => current.includes(id));
        const moved = anchor === undefined ? 0 : current.indexOf(anchor) - old.indexOf(anchor);
        expect(shift).toBe(moved);
      }),
    );
  });

  it('moves by arrows, by pages, and to both ends', () => {
    expect(arrowTarget('ArrowDown', 3, 10)).toBe(4);
    expect(arrowTarget('PageUp', 9, 10)).toBe(1);
    expect(arrowTarget('Home', 9, 10)).toBe(0);
    expect(arrowTarget('End', 0, 10)).toBe(9);
    expect(arrowTarget('a', 0, 10)).toBeNull();
  });
});
