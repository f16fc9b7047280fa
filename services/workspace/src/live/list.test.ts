import { describe, expect, it } from 'vitest';
import { sampleConversation } from '../testing/samples';
import { instantMicros } from './instant';
import {
  belongsTo,
  isFiltered,
  listKey,
  listOf,
  type ListSearch,
  type Onlooker,
  placeOf,
  readSearch,
  resolvedSince,
} from './list';

const now = Date.parse('2026-11-23T12:00:00Z');
const onlooker: Onlooker = { me: 'mem_ana', hasDraft: (id) => id === 'conv_written', now };

function shows(search: ListSearch, facts: Parameters<typeof sampleConversation>[1] = {}, id = 'conv_1') {
  const list = listOf(listKey('new', search));
  return belongsTo(list, placeOf(sampleConversation(id, facts)), onlooker);
}

describe('the address of a list', () => {
  it('takes only what means something', () => {
    const raw = { assignee: 'me', channel: 'chan_x', kind: 'comment', draft: true, sort: 'newest', q: 'x' };
    expect(readSearch(raw)).toEqual({
      assignee: 'me',
      channel: 'chan_x',
      kind: 'comment',
      draft: true,
      sort: 'newest',
    });
    const wrong = { assignee: 'you&queue=all', channel: '', kind: 'letter', draft: 'yes', sort: 'random' };
    expect(readSearch(wrong)).toEqual({});
  });

  it('names one list in one way, whatever was spelled out', () => {
    expect(listKey('new', { sort: 'waiting' })).toBe('new');
    // Only who waits can be ordered by it.
    expect(listKey('pending', { sort: 'waiting' })).toBe('pending');
    const key = listKey('new', {
      draft: true,
      assignee: 'none',
      channel: 'chan_x',
      kind: 'quote',
      sort: 'newest',
    });
    expect(key).toBe('new&assignee=none&channel_id=chan_x&kind=quote&has_draft=true&sort=newest');
    expect(listKey('new', listOf(key).search)).toBe(key);
    expect(listOf('resolved').sort).toBe('newest');
    expect([isFiltered({ sort: 'newest' }), isFiltered({ draft: true })]).toEqual([false, true]);
  });
});

describe('a filtered list', () => {
  it('shows what is one’s own, nobody’s, or one member’s', () => {
    const of = (member: string) => ({ owner: { member_id: member, name: member } });
    expect([shows({ assignee: 'me' }, of('mem_ana')), shows({ assignee: 'me' }, of('mem_bo'))]).toEqual([
      true,
      false,
    ]);
    expect([shows({ assignee: 'none' }), shows({ assignee: 'none' }, of('mem_ana'))]).toEqual([true, false]);
    expect(shows({ assignee: 'mem_bo' }, of('mem_bo'))).toBe(true);
  });

  it('shows what came through one account, is of one kind, and has a draft', () => {
    expect([shows({ channel: 'chan_x' }), shows({ channel: 'chan_fb' })]).toEqual([true, false]);
    expect([shows({ kind: 'mention' }), shows({ kind: 'comment' })]).toEqual([true, false]);
    expect([shows({ draft: true }), shows({ draft: true }, {}, 'conv_written')]).toEqual([false, true]);
    expect(shows({ kind: 'mention' }, { state: 'pending' })).toBe(false);
  });
});

describe('Resolved', () => {
  it('reaches back three months to the day, and no further', () => {
    const resolved = (at: string) =>
      belongsTo(
        listOf('resolved'),
        placeOf(sampleConversation('conv_1', { state: 'resolved', resolved_at: at })),
        onlooker,
      );
    expect(resolved('2026-08-23T00:00:00Z')).toBe(true);
    expect(resolved('2026-08-22T23:59:59Z')).toBe(false);
  });

  it('counts months as the server does where a month is too short', () => {
    const since = (at: string) => new Date(resolvedSince(Date.parse(at))).toISOString().slice(0, 10);
    expect(since('2026-05-31T09:00:00Z')).toBe('2026-02-28');
    expect(since('2026-01-15T09:00:00Z')).toBe('2025-10-15');
  });
});

it('reads an instant to the microsecond, as the index has it', () => {
  expect(instantMicros('2026-11-23T10:00:00.1234567Z')).toBe(Date.UTC(2026, 10, 23, 10) * 1_000 + 123_456);
  expect(instantMicros('2026-11-23T10:00:00Z')).toBe(Date.UTC(2026, 10, 23, 10) * 1_000);
  expect(instantMicros(null)).toBe(0);
});
