import { describe, expect, it } from 'vitest';
import type { Message } from '../../api/types';
import { sampleMessage } from '../../testing/samples';
import { countAfter, itemsOf } from './timeline.logic';

const on = (id: string, day: number): Message =>
  sampleMessage(id, { network_time: new Date(2026, 10, day, 12).toISOString() });

describe('the story of a conversation', () => {
  it('has one heading per day, and earlier messages of a day come under the same heading', () => {
    const first = itemsOf([on('b', 2), on('c', 3)]).map((item) => item.key);
    const more = itemsOf([on('a', 2), on('b', 2), on('c', 3)]).map((item) => item.key);
    expect(first).toEqual(['day:2026-11-2', 'b', 'day:2026-11-3', 'c']);
    expect(more).toEqual(['day:2026-11-2', 'a', 'b', 'day:2026-11-3', 'c']);
  });

  it('tells a message without a time where it stands, without a heading of its own', () => {
    const items = itemsOf([on('a', 2), sampleMessage('b', { network_time: null })]);
    expect(items.map((item) => item.key)).toEqual(['day:2026-11-2', 'a', 'b']);
  });

  it('counts what came after the last one that was seen', () => {
    const messages = [on('a', 2), on('b', 2), on('c', 2)];
    expect(countAfter(messages, 'a')).toBe(2);
    expect(countAfter(messages, 'c')).toBe(0);
    expect(countAfter(messages, null)).toBe(0);
    expect(countAfter(messages, 'dropped')).toBe(0);
  });
});

it('while earlier messages are to come the first one stands without a heading, so that one can keep its place', () => {
  const messages = [
    sampleMessage('msg_1', { network_time: '2026-11-22T10:00:00Z' }),
    sampleMessage('msg_2', { network_time: '2026-11-23T10:00:00Z' }),
  ];
  expect(itemsOf(messages, true).map((item) => item.kind)).toEqual(['message', 'day', 'message']);
  expect(itemsOf(messages, false).map((item) => item.kind)).toEqual(['day', 'message', 'day', 'message']);
});
