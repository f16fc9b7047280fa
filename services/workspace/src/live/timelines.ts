// The messages of the conversations that were opened, in the order in which the network has them.
import type { Conversation, Message } from '../api/types';
import { EntityTable } from './entities';
import { instantKey } from './instant';
import type { LoadStatus } from './views';

/** What of our own has no network time yet stands last: it is being said. */
function timeKey({ network_time: time, reply }: Message): string {
  return time === null && reply ? '~' : instantKey(time);
}

/** Network time, then network id; ids are compared by length first so that numbers sort as numbers. */
export function compareMessages(a: Message, b: Message): number {
  const timeA = timeKey(a);
  const timeB = timeKey(b);
  if (timeA !== timeB) return timeA < timeB ? -1 : 1;
  if (a.external_id.length !== b.external_id.length) return a.external_id.length - b.external_id.length;
  if (a.external_id !== b.external_id) return a.external_id < b.external_id ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** The greatest arrival sequence on the screen. */
export function seenThrough(messages: readonly Message[]): number {
  return messages.reduce((most, message) => Math.max(most, message.sequence), 0);
}

/**
 * What a person has seen of a conversation: what its story shows, and before that is there, the row of the list. Its
 * newest message is not its count: what turned out to be a reply of ours is counted no more.
 */
export function seenOf(
  { messages, status }: Pick<TimelineSnapshot, 'messages' | 'status'>,
  row: Pick<Conversation, 'last_sequence'>,
): number {
  return status === 'ready' ? seenThrough(messages) : row.last_sequence;
}

function sameItems<Item>(one: readonly Item[], other: readonly Item[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}

export interface TimelineSnapshot {
  readonly messages: readonly Message[];
  readonly status: LoadStatus;
  readonly hasOlder: boolean;
  readonly isLoadingOlder: boolean;
  readonly error: Error | null;
}

export const noTimeline: TimelineSnapshot = {
  messages: [],
  status: 'idle',
  hasOlder: false,
  isLoadingOlder: false,
  error: null,
};

export class Timeline {
  readonly #table = new EntityTable<Message>();
  #ordered: Message[] = [];
  #snapshot = noTimeline;
  older: string | null = null;
  status: LoadStatus = 'idle';
  isLoadingOlder = false;
  /** True until the latest page is known to be here: what came while nobody looked is not pushed. */
  isStale = true;
  error: Error | null = null;

  get snapshot(): TimelineSnapshot {
    return this.#snapshot;
  }

  get length(): number {
    return this.#ordered.length;
  }

  /** True when the message is news and belongs to the part of the conversation that is here. */
  push(message: Message): boolean {
    if (this.status === 'idle' || this.#isBeforeWhatIsHere(message)) return false;
    return this.#put(message, 'pushed');
  }

  remove(id: string): boolean {
    const message = this.#table.remove(id);
    if (message) this.#ordered.splice(this.#position(message), 1);
    return message !== undefined;
  }

  /** The latest page. A page that does not touch what was here replaces it: there may be a gap between. */
  showLatest(page: readonly Message[], older: string | null): void {
    const touches = page.some((message) => this.#table.get(message.id));
    const first = page[0];
    const oldest = this.#ordered[0];
    if (!touches && older !== null && first) this.#forgetBefore(first);
    const keepsOlder = touches && first && oldest && compareMessages(oldest, first) < 0;
    if (!keepsOlder) this.older = older;
    for (const message of page) this.#put(message, 'fetched');
    this.status = 'ready';
    this.isStale = false;
    this.error = null;
  }

  /** A page before what is here. */
  showOlder(page: readonly Message[], older: string | null): void {
    for (const message of page) this.#put(message, 'fetched');
    this.older = older;
    this.isLoadingOlder = false;
    this.error = null;
  }

  /** True when there is anything new to show: reading again what is here draws nothing. */
  publish(): boolean {
    const { messages } = this.#snapshot;
    const next = {
      messages: sameItems(messages, this.#ordered) ? messages : this.#ordered.slice(),
      status: this.status,
      hasOlder: this.older !== null,
      isLoadingOlder: this.isLoadingOlder,
      error: this.error,
    };
    const have: TimelineSnapshot = this.#snapshot;
    const names = Object.keys(next) as (keyof TimelineSnapshot)[];
    if (names.every((name) => have[name] === next[name])) return false;
    this.#snapshot = next;
    return true;
  }

  /** What was pushed while the page was under way is newer than it and stays. */
  #forgetBefore(first: Message): void {
    const kept = this.#ordered.filter((message) => compareMessages(message, first) > 0);
    this.#table.clear();
    for (const message of kept) this.#table.put(message, 'pushed');
    this.#ordered = kept;
  }

  #isBeforeWhatIsHere(message: Message): boolean {
    const oldest = this.#ordered[0];
    return this.older !== null && oldest !== undefined && compareMessages(message, oldest) < 0;
  }

  #put(message: Message, source: 'pushed' | 'fetched'): boolean {
    const before = this.#table.get(message.id);
    if (!this.#table.put(message, source)) return false;
    if (before) this.#ordered.splice(this.#position(before), 1);
    this.#ordered.splice(this.#position(message), 0, message);
    return true;
  }

  #position(message: Message): number {
    let low = 0;
    let high = this.#ordered.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const there = this.#ordered[middle];
      if (there && compareMessages(there, message) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
