import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiProblem, Unreachable } from '../api/http';
import * as lists from '../api/lists';
import type { BulkResult, BulkWanted } from '../api/lists';
import type { ConversationId, ConversationState } from '../api/types';
import { sampleConversation } from '../testing/samples';
import { Bulk, undoSteps } from './bulk';
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
  store.showRows(ids(count).map((id, n) => sampleConversation(id, { message_count: n + 1 })));
  return new Bulk(store);
}

beforeEach(() => {
  vi.resetAllMocks();
  vi.mocked(lists.changeSeveral).mockImplementation(allDone);
});

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

  it('reads the rows that it does not hold first, for what they hold must have been told', async () => {
    const bulk = new Bulk(new LiveStore());
    vi.mocked(lists.getRows).mockResolvedValue([sampleConversation('conv_0', { message_count: 7 })]);
    await bulk.run(ids(1), { to: 'resolved' });
    expect(asked()[0]?.seen_through).toEqual({ conv_0: 7 });
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
});
