import { beforeEach, describe, expect, it, vi } from 'vitest';
import * as gateway from '../api/gateway';
import { ApiProblem } from '../api/http';
import type { ConversationId, Lock } from '../api/types';
import { FakeSurroundings } from '../testing/fake-surroundings';
import { ReplyLock, renewEvery } from './reply-lock';

vi.mock('../api/gateway');

const id = 'conv_1' as ConversationId;
const lockOf = (member: string, fence: number): Lock => ({
  member_id: member,
  name: member,
  fence,
  expires_at: '2026-11-23T10:00:30Z',
});

let world: FakeSurroundings;
let lock: ReplyLock;

beforeEach(() => {
  vi.clearAllMocks();
  vi.mocked(gateway.releaseLock).mockResolvedValue();
  grant(7);
  world = new FakeSurroundings();
  lock = new ReplyLock(id, world);
});

function grant(fence: number): void {
  vi.mocked(gateway.acquireLock).mockResolvedValue({ lock: lockOf('me', fence), granted: true });
}

function refuse(member: string, fence: number): void {
  vi.mocked(gateway.acquireLock).mockResolvedValue({ lock: lockOf(member, fence), granted: false });
}

async function focus(): Promise<void> {
  lock.focus();
  await lock.settled();
}

async function pass(milliseconds: number): Promise<void> {
  world.pass(milliseconds);
  await lock.settled();
  await Promise.resolve();
}

describe('the right to answer', () => {
  it('is taken when the box gets the focus, renewed while it has it, given back on leaving', async () => {
    await focus();
    expect(lock.state).toEqual({ kind: 'mine', fence: 7 });
    await pass(renewEvery);
    await pass(renewEvery);
    expect(gateway.acquireLock).toHaveBeenCalledTimes(3);
    lock.leave();
    expect(gateway.releaseLock).toHaveBeenCalledWith(id, 7);
    await pass(5 * renewEvery);
    expect(gateway.acquireLock).toHaveBeenCalledTimes(3);
  });

  it('is not renewed while one looks elsewhere', async () => {
    await focus();
    lock.blur();
    await pass(5 * renewEvery);
    expect(gateway.acquireLock).toHaveBeenCalledTimes(1);
    expect(lock.fence).toBe(7);
  });

  it('of somebody else is waited for, and taken as soon as it is free', async () => {
    refuse('marc', 7);
    await focus();
    expect(lock.state).toMatchObject({ kind: 'held', wasMine: false });
    expect(lock.fence).toBe(0);
    grant(8);
    await pass(renewEvery);
    expect(lock.state).toEqual({ kind: 'mine', fence: 8 });
  });

  it('that was taken over is lost at once, by the frame that says so', async () => {
    await focus();
    lock.seen(lockOf('marc', 8));
    expect(lock.state).toMatchObject({ kind: 'held', by: { member_id: 'marc' }, wasMine: true });
    refuse('marc', 8);
    await pass(renewEvery);
    expect(lock.state).toMatchObject({ kind: 'held', wasMine: true });
  });

  it('is not doubted because of a row that is older than it', async () => {
    await focus();
    lock.seen(lockOf('marc', 6));
    lock.seen(lockOf('me', 7));
    expect(lock.fence).toBe(7);
  });

  it('is not taken for somebody else’s when its frame comes before the answer', async () => {
    lock.focus();
    lock.seen(lockOf('me', 7));
    expect(lock.state.kind).toBe('free');
    await lock.settled();
    expect(lock.state).toEqual({ kind: 'mine', fence: 7 });
  });

  it('that was lost before its own answer came is known to be lost', async () => {
    lock.focus();
    lock.seen(lockOf('marc', 8));
    await lock.settled();
    expect(lock.state).toMatchObject({ kind: 'held', by: { member_id: 'marc' }, wasMine: true });
  });

  it('can be taken over where that is allowed, and stays as it was where it is not', async () => {
    lock.seen(lockOf('marc', 7));
    vi.mocked(gateway.acquireLock).mockRejectedValueOnce(new ApiProblem(409, 'lock_held', '', null, null));
    await lock.takeOver();
    expect(lock.state.kind).toBe('held');
    grant(8);
    await lock.takeOver();
    expect(gateway.acquireLock).toHaveBeenLastCalledWith(id, true);
    expect(lock.state).toEqual({ kind: 'mine', fence: 8 });
  });

  it('that is granted after one has left is given back', async () => {
    lock.focus();
    lock.leave();
    await lock.settled();
    expect(gateway.releaseLock).toHaveBeenCalledWith(id, 7);
  });
});
