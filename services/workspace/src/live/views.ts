// One sorted index of ids per queue. Membership is decided here by the same rule as on the server, so a
// pushed row moves between queues without a request.
import type { Conversation, Queue } from '../api/types';
import { instantKey } from './instant';

export const queues = ['new', 'pending', 'all', 'resolved'] as const satisfies readonly Queue[];

export function isQueue(name: string): name is Queue {
  return queues.some((queue) => queue === name);
}

export function belongsTo(queue: Queue, row: Conversation): boolean {
  if (row.absorbed_into !== null) return false;
  return queue === 'all' ? row.state !== 'resolved' : row.state === queue;
}

export interface SortKey {
  readonly time: string;
  readonly id: string;
}

/** New: longest waiting first. Others: latest activity first. */
export function sortKey(queue: Queue, row: Conversation): SortKey {
  const time = queue === 'new' ? (row.waiting_since ?? row.last_activity_at) : row.last_activity_at;
  return { time: instantKey(time), id: row.id };
}

export function compareKeys(queue: Queue, a: SortKey, b: SortKey): number {
  const ascending = a.time < b.time ? -1 : a.time > b.time ? 1 : a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
  return queue === 'new' ? ascending : -ascending;
}

export type LoadStatus = 'idle' | 'loading' | 'ready' | 'failed';

export interface ViewSnapshot {
  readonly ids: readonly string[];
  readonly status: LoadStatus;
  /** True when everything of the queue is here. */
  readonly isComplete: boolean;
  readonly error: Error | null;
}

const empty: ViewSnapshot = { ids: [], status: 'idle', isComplete: false, error: null };

export class View {
  #keys: SortKey[] = [];
  readonly #byId = new Map<string, SortKey>();
  #snapshot = empty;
  /** The last key that the server has listed. Rows beyond it wait for their page, else there would be holes. */
  #horizon: SortKey | null = null;
  next: string | null = null;
  status: LoadStatus = 'idle';
  error: Error | null = null;

  constructor(readonly queue: Queue) {}

  get snapshot(): ViewSnapshot {
    return this.#snapshot;
  }

  get isComplete(): boolean {
    return this.status === 'ready' && this.next === null;
  }

  get length(): number {
    return this.#keys.length;
  }

  /** Puts, moves or takes out one row. True when the index changed. */
  place(row: Conversation): boolean {
    const before = this.#byId.get(row.id);
    const after = this.#wants(row) ? sortKey(this.queue, row) : undefined;
    if (before && after && compareKeys(this.queue, before, after) === 0) return false;
    if (before) this.#take(before);
    if (after) this.#insert(after);
    return before !== undefined || after !== undefined;
  }

  remove(id: string): boolean {
    const key = this.#byId.get(id);
    if (key) this.#take(key);
    return key !== undefined;
  }

  /** Takes note of how far the server's pages reach. The rows themselves are placed one by one. */
  extend(rows: readonly Conversation[], next: string | null): void {
    const last = rows.at(-1);
    if (last) {
      const key = sortKey(this.queue, last);
      if (!this.#horizon || compareKeys(this.queue, key, this.#horizon) > 0) this.#horizon = key;
    }
    this.next = next;
    this.status = 'ready';
    this.error = null;
  }

  clear(): void {
    this.#keys = [];
    this.#byId.clear();
    this.#horizon = null;
    this.next = null;
    this.status = 'idle';
    this.error = null;
  }

  /** Called once per flush, for views that changed. */
  publish(): void {
    this.#snapshot = {
      ids: this.#keys.map((key) => key.id),
      status: this.status,
      isComplete: this.isComplete,
      error: this.error,
    };
  }

  #wants(row: Conversation): boolean {
    if (this.status === 'idle' || !belongsTo(this.queue, row)) return false;
    if (this.isComplete) return true;
    return this.#horizon !== null && compareKeys(this.queue, sortKey(this.queue, row), this.#horizon) <= 0;
  }

  #position(key: SortKey): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const there = this.#keys[middle];
      if (there && compareKeys(this.queue, there, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #insert(key: SortKey): void {
    this.#keys.splice(this.#position(key), 0, key);
    this.#byId.set(key.id, key);
  }

  #take(key: SortKey): void {
    this.#keys.splice(this.#position(key), 1);
    this.#byId.delete(key.id);
  }
}
