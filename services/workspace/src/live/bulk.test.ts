import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiProblem, Unreachable } from '../api/http';
import * as lists from '../api/lists';
import type { BulkResult, BulkWanted } from '../api/lists';
import type { ConversationId, ConversationState } from '../api/types';
import { sampleConversation } from '../testing/samples';
import { Bulk, undoSteps } from './bulk';
import { placeOf } from './list';
import { LiveStore } from './store';

vi.mock('../api/lists');

const ids = (count: number) => Array.from({ length: count }, (_, n) => `conv_${n}` as ConversationId);

function result(id: string, facts: Partial<BulkResult> = {}): BulkResult {
  const before = { state: 'new' as ConversationState, owner_member_id: null };
  return { conversation_id: id as ConversationId, done: true, code: null, sentence: null, before, ...facts };
}

const asked = () => vi.mocked(lists.changeSeveral).mock.calls.map(([wanted]) => wanted);
const allDone = async ({ conversation_ids: wanted }: BulkWanted) => wanted.map((id) => result(id));

function bulkOf(count: number): Bulk {
  const store = new LiveStore();
  store.showRows(
    ids(count).map((id, n) => sampleConversation(id, { message_count: n, last_sequence: n + 1 })),
  );
  return new Bulk(store);
}

beforeEach(() => {
  vi.resetAllMocks();
  vi.mocked(lists.changeSeveral).mockImplementation(allDone);
  vi.mocked(lists.getRows).mockResolvedValue([]);
});

/** A customer writes: the row that is here says so. */
function grow(store: LiveStore, id: string, last_sequence: number): void {
  const d = sampleConversation(id, { rev: last_sequence, last_sequence });
  store.apply([{ k: 'conversation.upsert', d }]);
}

/** As the server decides: what was not seen of one refuses it. */
const unlessNewer =
  (newest: Readonly<Record<string, number>>) =>
  async ({ conversation_ids: wanted, seen_through: seen }: BulkWanted) =>
    wanted.map((id) =>
      (seen[id] ?? 0) < (newest[id] ?? 0)
        ? result(id, { done: false, code: 'newer_message', sentence: 'No.' })
        : result(id),
    );

describe('something done to several conversations', () => {
  it('goes part by part, says how far it is, and what the screen held of each', async () => {
    const bulk = bulkOf(60);
    const seen: number[] = [];
    bulk.subscribe(() => seen.push(bulk.state?.results.length ?? -1));
    await bulk.run(ids(60), { to: 'resolved' });
    expect(seen).toEqual([0, 25, 50, 60, 60]);
    expect(asked().map((wanted) => wanted.conversation_ids.length)).toEqual([25, 25, 10]);
    expect(asked()[0]?.seen_through).toMatchObject({ conv_0: 1, conv_24: 25 });
    expect(bulk.state).toMatchObject({ isRunning: false, total: 60, isUndo: false });
  });

  it('asks again under the same key when the answer was lost, and says what was refused', async () => {
    vi.useFakeTimers();
    vi.mocked(lists.changeSeveral).mockRejectedValueOnce(new Unreachable('down'));
    const bulk = bulkOf(2);
    const running = bulk.run(ids(2), { to: 'pending' });
    await vi.runAllTimersAsync();
    await running;
    vi.useRealTimers();
    expect(asked()[0]?.key).toBe(asked()[1]?.key);
    vi.mocked(lists.changeSeveral).mockRejectedValue(new ApiProblem(403, 'forbidden', 'No.', null, null));
    await bulk.run(ids(2), { to: 'pending' });
    expect(bulk.state?.results.map(({ done, code }) => [done, code])).toEqual([
      [false, 'forbidden'],
      [false, 'forbidden'],
    ]);
  });

  it('tries again only those that were not done', async () => {
    const bulk = bulkOf(3);
    const refused = { done: false, code: 'newer_message', sentence: 'No.' };
    vi.mocked(lists.changeSeveral).mockImplementationOnce(async ({ conversation_ids: wanted }) =>
      wanted.map((id) => result(id, id === 'conv_1' ? refused : {})),
    );
    await bulk.run(ids(3), { to: 'resolved' });
    await bulk.retry();
    expect(asked().at(-1)?.conversation_ids).toEqual(['conv_1']);
  });

  it('leaves out what has not begun when it is stopped', async () => {
    const bulk = bulkOf(60);
    vi.mocked(lists.changeSeveral).mockImplementationOnce(async (wanted) => {
      bulk.stop();
      return allDone(wanted);
    });
    await bulk.run(ids(60), { to: 'resolved' });
    expect(bulk.state).toMatchObject({ total: 60, isRunning: false });
    expect(bulk.state?.results).toHaveLength(25);
  });

  it('has seen what was known at the press, and nothing that is written while it goes on', async () => {
    const store = new LiveStore();
    store.showRows(ids(60).map((id) => sampleConversation(id)));
    const bulk = new Bulk(store);
    vi.mocked(lists.changeSeveral).mockImplementation(unlessNewer({ conv_50: 2 }));
    const running = bulk.run(ids(60), { to: 'resolved' });
    grow(store, 'conv_50', 2);
    await running;
    expect(asked()[2]?.seen_through['conv_50']).toBe(1);
    const refused = bulk.state?.results.filter(({ done }) => !done);
    expect(refused?.map((each) => [each.conversation_id, each.code])).toEqual([['conv_50', 'newer_message']]);
    // Who presses again was told.
    await bulk.retry();
    expect(asked().at(-1)).toMatchObject({ conversation_ids: ['conv_50'], seen_through: { conv_50: 2 } });
    expect(bulk.state?.results.every(({ done }) => done)).toBe(true);
  });

  it('has seen of rows that never came what their list told of them, and nothing of what only moved there', async () => {
    const store = new LiveStore();
    const [indexed, came] = [sampleConversation('conv_0'), sampleConversation('conv_1', { rev: 9 })];
    store.showPage('new', { rows: [], next: 'more' });
    store.showIndex('new', { ids: ['conv_0'], keys: [1], sequences: [7], cut: false });
    const moved = (row: typeof came) => {
      const { id: _, rev, ...key } = placeOf(row);
      return { k: 'moved', d: { id: row.id, rev, key } } as const;
    };
    store.apply([moved({ ...indexed, rev: 9 }), moved(came)]);
    const bulk = new Bulk(store);
    vi.mocked(lists.changeSeveral).mockImplementation(unlessNewer({ conv_0: 8, conv_1: 1 }));
    vi.mocked(lists.getRows).mockResolvedValue([
      { ...indexed, rev: 9, last_sequence: 8 },
      { ...came, last_sequence: 1 },
    ]);
    await bulk.run(['conv_0', 'conv_1'] as ConversationId[], { to: 'resolved' });
    expect(asked()[0]?.seen_through).toEqual({ conv_0: 7, conv_1: 0 });
    expect(bulk.state?.results.map(({ code }) => code)).toEqual(['newer_message', 'newer_message']);
    // They are shown with what was written, and so can be done by who presses again.
    expect(vi.mocked(lists.getRows).mock.calls).toEqual([[['conv_0', 'conv_1']]]);
    await bulk.retry();
    expect(asked().at(-1)?.seen_through).toEqual({ conv_0: 8, conv_1: 1 });
    expect(bulk.state?.results.every(({ done }) => done)).toBe(true);
  });
});

describe('taking it back', () => {
  const was = (state: ConversationState, owner: string | null = null) => ({
    before: { state, owner_member_id: owner },
  });

  it('brings what was Pending out of Resolved by way of New, and leaves alone what did not change', () => {
    const results = [
      result('conv_new', was('new')),
      result('conv_pending', was('pending')),
      result('conv_resolved', was('resolved')),
      result('conv_refused', { ...was('new'), done: false }),
    ];
    expect(undoSteps({ to: 'resolved' }, results)).toEqual([
      { ids: ['conv_new', 'conv_pending'], action: { to: 'new' } },
      { ids: ['conv_pending'], action: { to: 'pending' } },
    ]);
    expect(undoSteps({ to: 'new' }, results)).toEqual([
      { ids: ['conv_resolved'], action: { to: 'resolved' } },
      { ids: ['conv_pending'], action: { to: 'pending' } },
    ]);
  });

  it('gives each back to whom it belonged', () => {
    const results = [
      result('conv_1', was('new', 'mem_bo')),
      result('conv_2', was('new')),
      result('conv_3', was('new', 'mem_ana')),
    ];
    expect(undoSteps({ assign_to: 'mem_ana' }, results)).toEqual([
      { ids: ['conv_1'], action: { assign_to: 'mem_bo' } },
      { ids: ['conv_2'], action: { assign_to: null } },
    ]);
  });

  it('can be done once, and does not go on where its first step was refused', async () => {
    const bulk = bulkOf(2);
    vi.mocked(lists.changeSeveral).mockImplementationOnce(async ({ conversation_ids: wanted }) =>
      wanted.map((id) => result(id, was('pending'))),
    );
    await bulk.run(ids(2), { to: 'resolved' });
    expect(bulk.canUndo).toBe(true);
    vi.mocked(lists.changeSeveral).mockImplementationOnce(async ({ conversation_ids: wanted }) =>
      wanted.map((id) => result(id, { done: id !== 'conv_0' })),
    );
    await bulk.undo();
    expect(asked().map(({ conversation_ids: of, action }) => [of.length, action])).toEqual([
      [2, { to: 'resolved' }],
      [2, { to: 'new' }],
      [1, { to: 'pending' }],
    ]);
    expect(bulk.canUndo).toBe(false);
    bulk.close();
    expect(bulk.state).toBeNull();
  });

  it('has seen no more than what it undoes: whose customer wrote meanwhile stays New', async () => {
    const store = new LiveStore();
    store.showRows(ids(2).map((id) => sampleConversation(id, { state: 'pending', last_sequence: 5 })));
    const bulk = new Bulk(store);
    vi.mocked(lists.changeSeveral).mockImplementation(async ({ conversation_ids: wanted }) =>
      wanted.map((id) => result(id, was('pending'))),
    );
    await bulk.run(ids(2), { to: 'resolved' });
    grow(store, 'conv_0', 6);
    vi.mocked(lists.changeSeveral).mockImplementation(async (wanted) =>
      'to' in wanted.action && wanted.action.to === 'new'
        ? allDone(wanted)
        : unlessNewer({ conv_0: 6, conv_1: 5 })(wanted),
    );
    await bulk.undo();
    expect(asked().at(-1)).toMatchObject({
      action: { to: 'pending' },
      seen_through: { conv_0: 5, conv_1: 5 },
    });
    expect(bulk.state?.results.map(({ conversation_id: id, done, code }) => [id, done, code])).toEqual([
      ['conv_0', false, 'newer_message'],
      ['conv_1', true, null],
    ]);
  });

  it('finishes what it has begun when it is stopped, and leaves out the rest', async () => {
    const bulk = bulkOf(60);
    vi.mocked(lists.changeSeveral).mockImplementation(async ({ conversation_ids: wanted }) =>
      wanted.map((id) => result(id, was('pending'))),
    );
    await bulk.run(ids(60), { to: 'resolved' });
    vi.mocked(lists.changeSeveral).mockClear();
    vi.mocked(lists.changeSeveral).mockImplementationOnce(async (wanted) => {
      bulk.stop();
      return allDone(wanted);
    });
    await bulk.undo();
    expect(asked().map(({ conversation_ids: of, action }) => [of.length, action])).toEqual([
      [25, { to: 'new' }],
      [25, { to: 'pending' }],
    ]);
    expect(bulk.state?.results).toHaveLength(25);
  });

  it('says what became of it although those that were refused cannot be looked at', async () => {
    vi.useFakeTimers();
    try {
      const bulk = bulkOf(2);
      vi.mocked(lists.changeSeveral).mockImplementation(unlessNewer({ conv_0: 9 }));
      vi.mocked(lists.getRows).mockReturnValue(new Promise(() => undefined));
      const running = bulk.run(ids(2), { to: 'resolved' });
      await vi.advanceTimersByTimeAsync(5_000);
      expect(bulk.state?.isRunning).toBe(false);
      await running;
    } finally {
      vi.useRealTimers();
    }
  });
});
