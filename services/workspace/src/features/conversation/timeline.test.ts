import { describe, expect, it } from 'vitest';
import type { ActivityEntry } from '../../api/story-types';
import type { Message } from '../../api/types';
import { sampleMessage } from '../../testing/samples';
import { sampleEntry, sampleNote } from '../../testing/story-samples';
import { sentenceOf } from './activity.logic';
import { countAfter, itemsOf, stopsOf } from './timeline.logic';

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

describe('notes and what happened', () => {
  const at = (hour: number): string => `2026-11-23T${String(hour).padStart(2, '0')}:00:00Z`;
  const messages = [
    sampleMessage('msg_1', { network_time: at(10) }),
    sampleMessage('msg_2', { network_time: at(12) }),
  ];
  const entry = (hour: number) => sampleEntry('set_pending', { at: at(hour) });
  const asides = {
    notes: [sampleNote('note_1', { created_at: at(11) }), sampleNote('note_2', { created_at: at(13) })],
    activity: [entry(14), { ...entry(11), kind: 'of_a_newer_server' }],
  };

  it('stand between the messages by their time; what is not known is left out', () => {
    expect(itemsOf(messages, false, asides).map((item) => item.kind)).toEqual([
      'day',
      'message',
      'note',
      'message',
      'note',
      'activity',
    ]);
  });

  it('from before the oldest message that is here wait for their page', () => {
    const early = { notes: [sampleNote('note_0', { created_at: at(9) })], activity: [] };
    expect(itemsOf(messages, true, early).map((item) => item.key)).toEqual(['msg_1', 'msg_2']);
    expect(itemsOf(messages, false, early).map((item) => item.kind)).toEqual([
      'day',
      'note',
      'message',
      'message',
    ]);
  });

  it('never change the order of the messages, which is the network’s', () => {
    const crossed = [messages[1], messages[0]] as Message[];
    const keys = itemsOf(crossed, false, asides).map((item) => item.key);
    expect(keys.filter((key) => key.startsWith('msg'))).toEqual(['msg_2', 'msg_1']);
    expect(stopsOf(itemsOf(messages, false, asides))).toEqual(['msg_1', 'note_1', 'msg_2', 'note_2']);
  });

  it('say what happened, by whom it was made and to whom', () => {
    const say = (kind: string, facts: Partial<ActivityEntry> = {}): string =>
      sentenceOf('en', sampleEntry(kind, facts));
    const to = { member_id: 'mem_2', name: 'Marc' };
    expect(say('resolved', { reason: 'automatic' })).toBe('Resolved automatically');
    expect(say('state', { state_after: 'new', reason: 'reminder' })).toBe('Back in New: its reminder is due');
    expect(say('set_pending')).toBe('Set to Pending');
    expect(say('assigned', { to, reason: 'taken' })).toBe('Taken by Marc');
    expect(say('assigned', { reason: 'handed_back' })).toBe('Handed back to the queue');
    expect(say('action_failed', { what: 'like' })).toBe('Like not made');
  });
});
