// Lists of which only the places are known: what is told of them, and how the rows come.
import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import * as gateway from '../api/gateway';
import * as lists from '../api/lists';
import type { Conversation, ConversationId, Counts } from '../api/types';
import { FakeSurroundings } from '../testing/fake-surroundings';
import { sampleAvailability, sampleBootstrap, sampleConversation } from '../testing/samples';
import { LiveFeed } from './feed';
import { instantMicros } from './instant';
import { placeOf } from './list';
import { LiveStore } from './store';
import type { LiveEvent } from './wire';

vi.mock('../api/gateway');
vi.mock('../api/lists');

function waiting(id: string, minute: number, facts: Partial<Conversation> = {}): Conversation {
  const time = new Date(Date.UTC(2026, 10, 23, 10, minute)).toISOString();
  return sampleConversation(id, { waiting_since: time, last_activity_at: time, ...facts });
}

function moved(row: Conversation): LiveEvent {
  const { id: _, rev, ...key } = placeOf(row);
  return { k: 'moved', d: { id: row.id, rev, key } };
}

function indexOf(rows: readonly Conversation[], cut = false) {
  return {
    ids: rows.map((row) => row.id),
    keys: rows.map((row) => instantMicros(row.waiting_since)),
    sequences: rows.map((row) => row.last_sequence),
    cut,
  };
}

describe('a list of places', () => {
  it('holds every row in its place before any of them has come', () => {
    const store = new LiveStore();
    const all = Array.from({ length: 50 }, (_, n) => waiting(`conv_${n}`, n));
    store.showPage('new', { rows: all.slice(0, 5), next: 'more' });
    store.showIndex('new', indexOf(all));
    expect(store.view('new')).toMatchObject({ isComplete: true, isCut: false });
    expect(store.view('new').ids).toEqual(all.map((row) => row.id));
    expect([store.isRowStale('conv_3'), store.isRowStale('conv_30')]).toEqual([false, true]);
    store.showRows([all[30] as Conversation]);
    expect(store.isRowStale('conv_30')).toBe(false);
  });

  it('puts what moved where it belongs, and knows that the row it has is old', () => {
    const store = new LiveStore();
    const all = [waiting('conv_0', 0), waiting('conv_1', 1), waiting('conv_2', 2)];
    store.showPage('new', { rows: all, next: null });
    store.apply([moved(waiting('conv_0', 9, { rev: 2 }))]);
    expect(store.view('new').ids).toEqual(['conv_1', 'conv_2', 'conv_0']);
    expect(store.isRowStale('conv_0')).toBe(true);
    store.apply([moved(waiting('conv_1', 1, { rev: 2, state: 'pending' }))]);
    expect(store.view('new').ids).toEqual(['conv_2', 'conv_0']);
    // Late news says nothing.
    store.apply([moved(waiting('conv_0', 1, { rev: 1 }))]);
    expect(store.view('new').ids).toEqual(['conv_2', 'conv_0']);
    store.showRows([waiting('conv_0', 9, { rev: 2 })]);
    expect(store.isRowStale('conv_0')).toBe(false);
  });

  it('shows one that was never here, and again one that had gone', () => {
    const store = new LiveStore();
    store.showPage('new', { rows: [waiting('conv_0', 0)], next: null });
    store.apply([{ k: 'conversation.gone', d: { id: 'conv_0' as ConversationId } }]);
    store.apply([moved(waiting('conv_9', 9)), moved(waiting('conv_0', 3, { rev: 2 }))]);
    expect(store.view('new').ids).toEqual(['conv_0', 'conv_9']);
    store.showRows([waiting('conv_0', 3, { rev: 2 })]);
    expect(store.conversation('conv_0')?.rev).toBe(2);
  });

  it('says that a row is one’s own no longer, so that it is on offer no longer', () => {
    const store = new LiveStore();
    const mine = waiting('conv_0', 0, { owner: { member_id: 'mem_1', name: 'Ana' } });
    store.showPage('new', { rows: [mine], next: null });
    const heard = vi.fn();
    store.onRowChange(heard);
    store.apply([moved({ ...mine, rev: 2, owner: { member_id: 'mem_2', name: 'Bo' } })]);
    expect(heard.mock.calls[0]?.[1]).toMatchObject({ id: 'conv_0', owner: { member_id: 'mem_2' } });
  });

  it('ends where whole rows end, in whatever mixture of rows and places it hears of things', () => {
    const history = fc.array(
      fc.record({ n: fc.nat(8), minute: fc.nat(59), state: fc.constantFrom('new', 'pending') }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.boolean()), (steps, coins) => {
        const revs = new Map<number, number>();
        const rows = steps.map(({ n, minute, state }) => {
          revs.set(n, (revs.get(n) ?? 0) + 1);
          const rev = revs.get(n) ?? 1;
          return waiting(`conv_${n}`, minute, { rev, state: state as Conversation['state'] });
        });
        const [whole, mixed] = [new LiveStore(), new LiveStore()];
        for (const store of [whole, mixed]) {
          store.showPage('new', { rows: [], next: null });
          store.showPage('all', { rows: [], next: null });
        }
        for (const row of rows) {
          whole.apply([{ k: 'conversation.upsert', d: row }]);
          mixed.apply([coins.next().value ? moved(row) : { k: 'conversation.upsert', d: row }]);
        }
        expect(mixed.view('new').ids).toEqual(whole.view('new').ids);
        expect(mixed.view('all').ids).toEqual(whole.view('all').ids);
      }),
    );
  });
});

describe('the feed of a long queue', () => {
  const world = { current: new FakeSurroundings() };
  const all = Array.from({ length: 3_000 }, (_, n) => waiting(`conv_${String(n).padStart(4, '0')}`, n));
  const counts: Counts = { new: all.length, pending: 0, all: all.length, resolved: 0 };

  beforeEach(() => {
    vi.clearAllMocks();
    world.current = new FakeSurroundings();
    vi.mocked(gateway.getNotifications).mockResolvedValue([]);
    vi.mocked(gateway.getAvailability).mockResolvedValue(sampleAvailability);
    vi.mocked(gateway.getBootstrap).mockResolvedValue({ ...sampleBootstrap, counts });
    vi.mocked(lists.getConversations).mockResolvedValue({ rows: all.slice(0, 100), next: 'more' });
    vi.mocked(lists.getIndex).mockResolvedValue({ ...indexOf(all), cursor: '' });
    vi.mocked(lists.getRows).mockResolvedValue([]);
  });

  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };

  async function start(): Promise<LiveFeed> {
    const feed = new LiveFeed(new LiveStore(), world.current, (run) => run());
    feed.resume();
    await settle();
    world.current.socket.open();
    world.current.socket.receive({ t: 'welcome', resumed: true, conn: 'c', ui_build: 'a' });
    await feed.loadList('new');
    return feed;
  }

  it('asks for one page and then for every place, not for thirty pages', async () => {
    const feed = await start();
    expect(feed.store.view('new')).toMatchObject({ isComplete: true, status: 'ready' });
    expect(feed.store.view('new').ids).toHaveLength(3_000);
    expect(lists.getConversations).toHaveBeenCalledTimes(1);
    expect(world.current.socket.sent[0]).toMatchObject({ t: 'hello', moved: true });
  });

  it('asks over the line for the rows that come into sight, and for those that grew old there', async () => {
    const feed = await start();
    const { socket } = world.current;
    feed.show(['conv_0001', 'conv_2000']);
    world.current.pass(150);
    expect(socket.sent.at(-1)).toMatchObject({ shown: ['conv_0001', 'conv_2000'], want: ['conv_2000'] });
    const row = all[2_000] as Conversation;
    const told = socket.sent.length;
    socket.receive({ t: 'ev', n: 1, c: '1', k: 'conversation.upsert', d: row });
    socket.receive({ t: 'ev', n: 2, c: '2', ...moved({ ...row, rev: 2 }) });
    world.current.pass(150);
    expect(socket.sent.slice(told)).toMatchObject([{ t: 'show', want: ['conv_2000'] }]);
    expect(lists.getRows).not.toHaveBeenCalled();
    // What is not in sight may stay old.
    const before = socket.sent.length;
    socket.receive({ t: 'ev', n: 3, c: '3', ...moved({ ...(all[5] as Conversation), rev: 2 }) });
    world.current.pass(150);
    expect(socket.sent.slice(before).flatMap((frame) => frame['want'] ?? [])).not.toContain('conv_0005');
  });

  it('starts anew with its places and the rows in sight, not with every page', async () => {
    const feed = await start();
    feed.show(['conv_2000']);
    vi.mocked(lists.getRows).mockResolvedValue([all[2_000] as Conversation]);
    world.current.socket.receive({ t: 'reset', cursor: 'later' });
    await settle();
    expect(feed.store.view('new').ids).toHaveLength(3_000);
    expect(feed.store.isRowStale('conv_2000')).toBe(false);
    expect(lists.getConversations).toHaveBeenCalledTimes(2);
  });

  it('keeps what it has and says so when the rest cannot be had', async () => {
    vi.mocked(lists.getIndex).mockRejectedValueOnce(new Error('down'));
    const feed = await start();
    expect(feed.store.view('new')).toMatchObject({ status: 'ready', isComplete: false });
    expect(feed.store.view('new').error?.message).toBe('down');
    await feed.loadMore('new');
    expect(feed.store.view('new')).toMatchObject({ isComplete: true, error: null });
  });
});
