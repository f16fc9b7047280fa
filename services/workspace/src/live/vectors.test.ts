// The store against the vectors that the service conversation is checked against too: whatever the order in which it
// hears of things, however often, and wherever a page or a resumption comes in between, it ends where the server is.
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Conversation, ConversationId, ConversationState, Message } from '../api/types';
import { sampleConversation, sampleMessage } from '../testing/samples';
import { LiveStore } from './store';
import { queues } from './list';
import type { LiveEvent } from './wire';

interface ListVersion {
  readonly state: ConversationState | null;
  readonly waiting: number | null;
  readonly activity: number;
  readonly resolved: number | null;
  readonly absorbed_into: string | null;
}
interface ListVectors {
  readonly conversations: readonly { readonly id: string; readonly versions: readonly ListVersion[] }[];
  readonly queues: Readonly<Record<(typeof queues)[number], readonly string[]>>;
}
interface StoryVectors {
  readonly messages: readonly {
    readonly id: string;
    readonly network_time: string;
    readonly external_id: string;
    readonly versions: readonly string[];
  }[];
  readonly end: readonly string[];
}

function vectors<T>(name: string): T {
  return JSON.parse(readFileSync(`../../tests/vectors/${name}`, 'utf8')) as T;
}

const lists = vectors<ListVectors>('lists.json');
const story = vectors<StoryVectors>('story.json');
const now = Date.now();

function rowOf(id: string, version: ListVersion, rev: number): Conversation {
  const at = (minutes: number | null): string | null =>
    minutes === null ? null : new Date(now - minutes * 60_000).toISOString();
  return sampleConversation(id, {
    rev,
    // What became part of another one has no state of its own; the gateway says resolved.
    state: version.state ?? 'resolved',
    waiting_since: at(version.waiting),
    last_activity_at: at(version.activity) ?? '',
    resolved_at: at(version.resolved),
    absorbed_into: version.absorbed_into as ConversationId | null,
  });
}

const rows = lists.conversations.flatMap(({ id, versions }) =>
  versions.map((version, index) => rowOf(id, version, index + 1)),
);
const messages: Message[] = story.messages.flatMap(({ id, versions, ...order }) =>
  versions.map((text, index) => sampleMessage(id, { ...order, text, rev: index + 1 })),
);

/** Everything at least once, some of it twice, in any order, in batches of any size. */
function hearsay<T>(all: readonly T[]): fc.Arbitrary<T[][]> {
  const twice = fc.shuffledSubarray([...all, ...all], { minLength: all.length });
  return fc
    .tuple(twice, fc.shuffledSubarray([...all], { minLength: all.length }), fc.integer({ min: 1, max: 9 }))
    .map(([some, whole, size]) => {
      const told = [...some, ...whole];
      const batches: T[][] = [];
      for (let at = 0; at < told.length; at += size) batches.push(told.slice(at, at + size));
      return batches;
    });
}

const upsert = (d: Conversation): LiveEvent => ({ k: 'conversation.upsert', d });
const said = (d: Message): LiveEvent => ({ k: 'message.upsert', d });

function shown(store: LiveStore): Record<string, readonly string[]> {
  return Object.fromEntries(queues.map((queue) => [queue, store.view(queue).ids]));
}

/** What a list gives from the start: the rows as they stand, the queues in their order. */
function listed(store: LiveStore): void {
  const stands = new Map(rows.map((row) => [row.id as string, row]));
  for (const queue of queues) {
    store.showPage(queue, {
      rows: lists.queues[queue].map((id) => stands.get(id) as Conversation),
      next: null,
    });
  }
}

describe('the queues of the vectors', () => {
  it('are reached by any order, repetition and batching of what happened', () => {
    fc.assert(
      fc.property(hearsay(rows), (batches) => {
        const store = new LiveStore();
        for (const queue of queues) store.showPage(queue, { rows: [], next: null });
        for (const batch of batches) store.apply(batch.map(upsert));
        expect(shown(store)).toEqual(lists.queues);
      }),
    );
  });

  it('are reached when everything is read anew in the middle of it, and what is old is told again', () => {
    fc.assert(
      fc.property(hearsay(rows), fc.nat(), (batches, cut) => {
        const store = new LiveStore();
        for (const queue of queues) store.showPage(queue, { rows: [], next: null });
        for (const batch of batches.slice(0, cut % batches.length)) store.apply(batch.map(upsert));
        // The position is noted before the lists are read, so that what follows can only repeat, never miss.
        store.replace(() => listed(store), null);
        for (const batch of batches) store.apply(batch.map(upsert));
        expect(shown(store)).toEqual(lists.queues);
      }),
    );
  });
});

describe('the story of the vectors', () => {
  const id = 'conv_1' as ConversationId;
  const told = (store: LiveStore): (readonly string[])[] =>
    store.timeline(id).messages.map((message) => [message.id, message.text]);
  const expected = story.end.map((each) => [
    each,
    story.messages.find((message) => message.id === each)?.versions.at(-1),
  ]);

  it('is reached by any order, repetition and batching of what was said', () => {
    fc.assert(
      fc.property(hearsay(messages), (batches) => {
        const store = new LiveStore();
        store.showLatestMessages(id, { messages: [], older: null });
        for (const batch of batches) store.apply(batch.map(said));
        expect(told(store)).toEqual(expected);
      }),
    );
  });

  it('is reached when its pages come late, between what is pushed', () => {
    const stands = story.end.map((each) => messages.findLast((message) => message.id === each) as Message);
    fc.assert(
      fc.property(hearsay(messages), fc.integer({ min: 1, max: stands.length }), (batches, size) => {
        const store = new LiveStore();
        const latest = stands.slice(-size);
        const older = stands.length > size ? (latest[0] as Message).id : null;
        for (const batch of batches.slice(0, 2)) store.apply(batch.map(said));
        store.showLatestMessages(id, { messages: latest, older });
        for (const batch of batches.slice(2)) store.apply(batch.map(said));
        store.changeTimeline(id, (timeline) => timeline.showOlder(stands.slice(0, -size), null));
        for (const batch of batches) store.apply(batch.map(said));
        expect(told(store)).toEqual(expected);
      }),
    );
  });
});
