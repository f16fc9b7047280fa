// One sorted index of ids of one list. What belongs to it and where is decided in `list.ts`.
import { compareKeys, type List, type SortKey } from './list';

export { queues } from './list';

export type LoadStatus = 'idle' | 'loading' | 'ready' | 'failed';

export interface ViewSnapshot {
  readonly ids: readonly string[];
  readonly status: LoadStatus;
  /** True when everything of the list is here. */
  readonly isComplete: boolean;
  /** True when there is more than the index reaches: filters help, going on does not. */
  readonly isCut: boolean;
  readonly error: Error | null;
}

export const emptyView: ViewSnapshot = {
  ids: [],
  status: 'idle',
  isComplete: false,
  isCut: false,
  error: null,
};

export interface ListIndex {
  readonly ids: readonly string[];
  /** Microseconds since 1970. */
  readonly keys: readonly number[];
  /** The newest message of each, by its place in the order of arrival. */
  readonly sequences?: readonly number[];
  readonly cut: boolean;
}

export class View {
  #keys: SortKey[] = [];
  readonly #byId = new Map<string, SortKey>();
  #snapshot = emptyView;
  /** The last key that the server has listed. Rows beyond it wait for their page, else there would be holes. */
  #horizon: SortKey | null = null;
  next: string | null = null;
  status: LoadStatus = 'idle';
  error: Error | null = null;
  isIndexed = false;
  #isCut = false;

  constructor(readonly list: List) {}

  get snapshot(): ViewSnapshot {
    return this.#snapshot;
  }

  get isComplete(): boolean {
    return this.status === 'ready' && this.next === null && !this.#isCut;
  }

  get length(): number {
    return this.#keys.length;
  }

  /** Puts, moves or takes out (null) one row. True when the index changed. */
  place(id: string, wanted: SortKey | null): boolean {
    const before = this.#byId.get(id);
    const after = wanted && this.#reaches(wanted) ? wanted : null;
    if (before && after && before.time === after.time) return false;
    if (before) this.#take(before);
    if (after) this.#insert(after);
    return before !== undefined || after !== null;
  }

  remove(id: string): boolean {
    return this.place(id, null);
  }

  /** Takes note of how far the server's pages reach. The rows themselves are placed one by one. */
  extend(last: SortKey | null, next: string | null): void {
    if (last && (!this.#horizon || compareKeys(this.list, last, this.#horizon) > 0)) this.#horizon = last;
    this.next = next;
    this.status = 'ready';
    this.error = null;
  }

  /** Every place at once, in the server's order. */
  setIndex({ ids, keys, cut }: ListIndex, isGone: (id: string) => boolean): void {
    this.#keys = [];
    this.#byId.clear();
    for (const [index, id] of ids.entries()) {
      if (isGone(id)) continue;
      const key = { id, time: keys[index] ?? 0 };
      this.#keys.push(key);
      this.#byId.set(id, key);
    }
    this.#horizon = this.#keys.at(-1) ?? null;
    this.#isCut = cut;
    this.isIndexed = true;
    this.next = null;
    this.status = 'ready';
    this.error = null;
  }

  clear(): void {
    this.#keys = [];
    this.#byId.clear();
    this.#horizon = null;
    this.#isCut = false;
    this.isIndexed = false;
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
      isCut: this.#isCut,
      error: this.error,
    };
  }

  #reaches(key: SortKey): boolean {
    if (this.status === 'idle') return false;
    if (this.isComplete) return true;
    return this.#horizon !== null && compareKeys(this.list, key, this.#horizon) <= 0;
  }

  #position(key: SortKey): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const there = this.#keys[middle];
      if (there && compareKeys(this.list, there, key) < 0) low = middle + 1;
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
