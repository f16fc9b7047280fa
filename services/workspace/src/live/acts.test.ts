import { beforeEach, describe, expect, it, vi } from 'vitest';
import * as gateway from '../api/story';
import type { Message } from '../api/types';
import { noActs, sampleAct, sampleMessage } from '../testing/samples';
import { Acts, isOn } from './acts';
import { LiveStore } from './store';

vi.mock('../api/story');

let acts: Acts;
const message = sampleMessage('msg_1');

/** Answers by hand, in whichever order. */
function answers() {
  const resolvers: ((message: Message) => void)[] = [];
  vi.mocked(gateway.actOnMessage).mockImplementation(() => new Promise((resolve) => resolvers.push(resolve)));
  return resolvers;
}

beforeEach(() => {
  vi.resetAllMocks();
  acts = new Acts(new LiveStore());
});

describe('an act', () => {
  it('stands from the press to the answer', async () => {
    const [resolve] = [answers()];
    const run = acts.run(message, 'like', 'chan_x');
    expect(acts.of('msg_1')).toEqual({ liked: true });
    resolve[0]?.(message);
    await run;
    expect(acts.of('msg_1')).toEqual({});
  });

  it('is taken back when it is refused, and says why', async () => {
    vi.mocked(gateway.actOnMessage).mockRejectedValue(new Error('no'));
    await expect(acts.run(message, 'hide', 'chan_x')).rejects.toThrow('no');
    expect(acts.of('msg_1')).toEqual({});
  });

  it('is what was pressed last, whichever answer comes first', async () => {
    const resolvers = answers();
    const first = acts.run(message, 'like', 'chan_x');
    const second = acts.run(message, 'unlike', 'chan_x');
    expect(acts.of('msg_1')).toEqual({ liked: false });
    resolvers[0]?.(message);
    await first;
    expect(acts.of('msg_1')).toEqual({ liked: false });
    resolvers[1]?.(message);
    await second;
    expect(acts.of('msg_1')).toEqual({});
  });

  it('on the author stands on every message of theirs', () => {
    answers();
    void acts.run(message, 'follow', 'chan_x');
    expect(acts.of(message.conversation_id)).toEqual({ following: true });
    expect(acts.of('msg_1')).toEqual({});
  });
});

it('what was just asked for is shown rather than what stood', () => {
  const stands = { ...noActs, liked: sampleAct() };
  expect(isOn(stands, {}, 'liked')).toBe(true);
  expect(isOn(stands, { liked: false }, 'liked')).toBe(false);
  expect(isOn(undefined, {}, 'hidden')).toBe(false);
  const failed = { ...noActs, liked: sampleAct({ state: 'failed', on: true }) };
  expect(isOn(failed, {}, 'liked')).toBe(true);
});
