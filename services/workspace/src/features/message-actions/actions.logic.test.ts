import { describe, expect, it } from 'vitest';
import type { Message } from '../../api/types';
import { noActs, sampleAct, sampleMessage } from '../../testing/samples';
import { sampleAction } from '../../testing/story-samples';
import { badgesOf, failuresOf, followingOf, offeredOf } from './actions.logic';

const none = noActs;
const act = sampleAct;
const message = (facts: Partial<Message>): Message => sampleMessage('msg_1', { acts: none, ...facts });
const names = (of: Message, wished = {}): string[] => offeredOf(of, wished).map(({ action }) => action);

describe('what a message offers', () => {
  const both = [sampleAction('unlike'), sampleAction('like'), sampleAction('quote')];

  it('is what the message lists and nothing else, of a pair the one that changes something', () => {
    expect(names(message({ actions: both }))).toEqual(['quote', 'like']);
    expect(names(message({ actions: both, acts: { ...none, liked: act() } }))).toEqual(['quote', 'unlike']);
    expect(names(message({}))).toEqual([]);
  });

  it('follows what was just asked for before the gateway has answered', () => {
    expect(names(message({ actions: both }), { liked: true })).toEqual(['quote', 'unlike']);
  });

  it('offers a failed act again', () => {
    const failed = { ...none, liked: act({ state: 'failed', on: false }) };
    expect(names(message({ actions: both, acts: failed }))).toEqual(['quote', 'like']);
  });

  it('is done with the account that was written to, else with one that can, else it says why not', () => {
    const closed = { available: false, reason_code: 'enterprise_only' };
    const own = sampleAction('like', { channel_id: 'chan_x' });
    const other = sampleAction('like', { channel_id: 'chan_x2' });
    const of = (...actions: Message['actions'] & object): string | undefined =>
      offeredOf(message({ actions }), {})[0]?.option.channel_id;
    expect(of(other, own)).toBe('chan_x');
    expect(of(other, { ...own, ...closed })).toBe('chan_x2');
    expect(of({ ...other, ...closed }, { ...own, ...closed })).toBe('chan_x');
  });
});

describe('what stands', () => {
  it('is shown as soon as it is asked for, and no longer once it is taken back', () => {
    const liked = message({ acts: { ...none, liked: act({ state: 'turning_on' }), hidden: act() } });
    expect(badgesOf(liked, {})).toEqual([
      { name: 'liked', isUnderWay: true },
      { name: 'hidden', isUnderWay: false },
    ]);
    expect(badgesOf(liked, { hidden: false }).map(({ name }) => name)).toEqual(['liked']);
    expect(badgesOf(message({ acts: { ...none, liked: act({ state: 'turning_off' }) } }), {})).toEqual([]);
  });

  it('is followed or not by the newest word on any of the author’s messages', () => {
    const old = message({ acts: { ...none, following: act({ at: '2026-11-23T09:00:00Z' }) } });
    const off = { ...none, following: act({ state: 'turning_off', at: '2026-11-23T11:00:00Z' }) };
    expect(followingOf([old], {})?.isUnderWay).toBe(false);
    expect(followingOf([message({ acts: off }), old], {})).toBeNull();
    expect(followingOf([], { following: true })?.name).toBe('following');
  });

  it('tells what the network refused until it is tried again', () => {
    const failed = message({ acts: { ...none, reposted: act({ state: 'failed', on: false }) } });
    expect(failuresOf(failed, {})).toEqual(['reposted']);
    expect(failuresOf(failed, { reposted: true })).toEqual([]);
  });
});
