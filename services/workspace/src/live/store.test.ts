import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Conversation, ConversationState, Queue } from '../api/types';
import { sampleConversation, sampleMessage } from '../testing/samples';
import { LiveStore } from './store';
import { belongsTo, compareKeys, listOf, type Onlooker, placeOf, queues, sortKey } from './list';
import type { LiveEvent } from './wire';

const states: ConversationState[] = ['new', 'pending', 'resolved'];

const rows = fc
  .record({
    id: fc.integer({ min: 0, max: 12 }).map((n) => `conv_${n}`),
    rev: fc.integer({ min: 1, max: 9 }),
    minute: fc.integer({ min: 10, max: 40 }),
    state: fc.constantFrom(...states),
  })
  .map(({ id, rev, minute, state }) => {
    // A revision is one state of a row: everything else follows from id and rev.
    const time = `2026-11-23T10:${(minute + rev) % 60}:00Z`;
    return sampleConversation(id, {
      rev,
      state,
      last_activity_at: time,
      waiting_since: time,
      resolved_at: time,
    });
  });

const histories = fc.uniqueArray(rows, {
  selector: (row) => `${row.id}/${row.rev}`,
  minLength: 1,
  maxLength: 60,
});

const onlooker: Onlooker = { me: 'mem_1', hasDraft: () => false, now: Date.parse('2026-11-23T12:00:00Z') };

function newest(history: readonly Conversation[]): Conversation[] {
  const byId = new Map<string, Conversation>();
  for (const row of history) if ((byId.get(row.id)?.rev ?? 0) < row.rev) byId.set(row.id, row);
  return [...byId.values()];
}

function expectedIds(history: readonly Conversation[], queue: Queue): string[] {
  const list = listOf(queue);
  return newest(history)
    .filter((row) => belongsTo(list, placeOf(row), onlooker))
    .map((row) => sortKey(list, placeOf(row)))
    .toSorted((a, b) => compareKeys(list, a, b))
    .map((key) => key.id);
}

function upserts(history: readonly Conversation[]): LiveEvent[] {
  return history.map((d) => ({ k: 'conversation.upsert', d }));
}

function emptyStore(): LiveStore {
  const store = new LiveStore();
  for (const queue of queues) store.showPage(queue, { rows: [], next: null });
  return store;
}

describe('the live store', () => {
  it('reaches the same lists from any order, duplication and batching of the same events', () => {
    fc.assert(
      fc.property(
        histories.chain((history) =>
          fc.record({
            history: fc.constant(history),
            shuffled: fc.shuffledSubarray([...history, ...history], { minLength: history.length * 2 }),
            batch: fc.integer({ min: 1, max: 7 }),
          }),
        ),
        ({ history, shuffled, batch }) => {
          const store = emptyStore();
          for (let at = 0; at < shuffled.length; at += batch)
            store.apply(upserts(shuffled.slice(at, at + batch)));
          for (const queue of queues) expect(store.view(queue).ids).toEqual(expectedIds(history, queue));
        },
      ),
    );
  });

  it('shows the same list whether a row came with a page or was pushed while the page was under way', () => {
    fc.assert(
      fc.property(histories, fc.nat(9), fc.integer({ min: 1, max: 5 }), (history, cut, size) => {
        const before = history.filter((row) => row.rev <= cut);
        const during = history.filter((row) => row.rev > cut);
        const store = new LiveStore();
        store.startLoading('all');
        const listed = expectedIds(before, 'all').map(
          (id) => newest(before).find((row) => row.id === id) as Conversation,
        );
        store.apply(upserts(during));
        for (let at = 0; at < listed.length || at === 0; at += size) {
          const isLast = at + size >= listed.length;
          store.showPage('all', {
            rows: listed.slice(at, at + size),
            next: isLast ? null : String(at + size),
          });
        }
        expect(store.view('all').ids).toEqual(expectedIds(history, 'all'));
      }),
    );
  });

  it('keeps a row that lies beyond what was listed off the screen until its page comes', () => {
    const store = new LiveStore();
    const early = sampleConversation('conv_early', { waiting_since: '2026-11-23T09:00:00Z' });
    const late = sampleConversation('conv_late', { waiting_since: '2026-11-23T11:00:00Z' });
    store.showPage('new', { rows: [early], next: 'more' });
    store.apply(upserts([late]));
    expect(store.view('new').ids).toEqual(['conv_early']);
    store.showPage('new', { rows: [], next: null });
    expect(store.view('new').ids).toEqual(['conv_early', 'conv_late']);
  });

  it('does not bring back a conversation that left while a page with it was under way', () => {
    const store = emptyStore();
    const row = sampleConversation('conv_1');
    store.apply([
      { k: 'conversation.upsert', d: row },
      { k: 'conversation.gone', d: { id: row.id } },
    ]);
    store.showPage('new', { rows: [row], next: null });
    expect(store.view('new').ids).toEqual([]);
    expect(store.isGone('conv_1')).toBe(true);
    store.apply(upserts([{ ...row, rev: 2 }]));
    expect(store.view('new').ids).toEqual(['conv_1']);
  });

  it('takes a conversation that became part of another one out of every list', () => {
    const store = emptyStore();
    const row = sampleConversation('conv_1');
    store.apply(upserts([row, { ...row, rev: 2, absorbed_into: sampleConversation('conv_2').id }]));
    expect(queues.map((queue) => store.view(queue).ids.length)).toEqual([0, 0, 0, 0]);
    expect(store.conversation('conv_1')?.absorbed_into).toBe('conv_2');
  });

  it('tells each reader once per batch, and only of what changed', () => {
    const store = emptyStore();
    const ofNew = vi.fn();
    const ofResolved = vi.fn();
    store.subscribe('view:new', ofNew);
    store.subscribe('view:resolved', ofResolved);
    store.apply(
      upserts([sampleConversation('conv_1'), sampleConversation('conv_2'), sampleConversation('conv_3')]),
    );
    expect(ofNew).toHaveBeenCalledTimes(1);
    expect(ofResolved).not.toHaveBeenCalled();
  });

  it('tells nobody when the messages that are read again are those that are here', () => {
    const store = emptyStore();
    const { id } = sampleConversation('conv_1');
    const page = () => ({ messages: [sampleMessage('msg_1'), sampleMessage('msg_2')], older: null });
    store.showLatestMessages(id, page());
    const before = store.timeline(id);
    const told = vi.fn();
    store.subscribe(`timeline:${id}`, told);
    store.changeTimeline(id, (timeline) => {
      timeline.isStale = true;
    });
    store.showLatestMessages(id, page());
    expect([told.mock.calls.length, store.timeline(id), store.isStale(id)]).toEqual([0, before, false]);
    const { messages } = page();
    store.showLatestMessages(id, { messages: [...messages, sampleMessage('msg_3')], older: null });
    expect([told.mock.calls.length, store.timeline(id).messages.length]).toEqual([1, 3]);
  });

  it('takes the counts from frames alone, never from the rows it happens to hold', () => {
    const store = emptyStore();
    store.apply(upserts([sampleConversation('conv_1')]));
    expect(store.counts).toBeNull();
    store.apply([{ k: 'counts', d: { new: 7, pending: 1, all: 8, resolved: 2 } }]);
    expect(store.counts?.new).toBe(7);
  });
});
