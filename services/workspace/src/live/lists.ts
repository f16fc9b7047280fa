// The lists that are or were on the screen, and where every known conversation stands. A place may be newer than
// the row that is held of the same conversation: then the row is stale, and is asked for once it comes into sight.
import type { Conversation } from '../api/types';
import { belongsTo, type ListKey, listOf, type Onlooker, type Place, placeOf, queues, sortKey } from './list';
import { emptyView, type ListIndex, View, type ViewSnapshot } from './views';

/** Filtered lists kept besides the four queues. */
const keptLists = 4;

export class Lists {
  readonly #views = new Map<ListKey, View>(queues.map((queue) => [queue, new View(listOf(queue))]));
  readonly #places = new Map<string, Place>();
  /** The newest message of each, as an index told of it. */
  readonly #sequences = new Map<string, number>();
  #me = '';
  hasDraft: (id: string) => boolean = () => false;

  constructor(private readonly changed: (key: ListKey) => void) {}

  /** A list may have come before it was known whose it is. */
  setMe(me: string): void {
    if (me === this.#me) return;
    this.#me = me;
    for (const [key, { list }] of this.#views) if (list.search.assignee === 'me') this.replace(key);
  }

  snapshot(key: ListKey): ViewSnapshot {
    return this.#views.get(key)?.snapshot ?? emptyView;
  }

  peek(key: ListKey): View | undefined {
    return this.#views.get(key);
  }

  /** The list of this name, made when it is first asked for. */
  view(key: ListKey): View {
    const known = this.#views.get(key);
    if (known) return known;
    const view = new View(listOf(key));
    this.#views.set(key, view);
    for (const other of this.#views.keys()) {
      if (this.#views.size <= queues.length + keptLists) break;
      if (other.includes('&')) this.#views.delete(other);
    }
    return view;
  }

  publish(key: ListKey): void {
    this.#views.get(key)?.publish();
  }

  place(id: string): Place | undefined {
    return this.#places.get(id);
  }

  /** The newest message that an index told of; where it moved since says nothing of its messages. */
  sequence(id: string): number | undefined {
    return this.#sequences.get(id);
  }

  /** True when it is news. */
  put(place: Place): boolean {
    const have = this.#places.get(place.id);
    if (have && have.rev >= place.rev) return false;
    this.#places.set(place.id, place);
    const onlooker = this.#onlooker();
    for (const view of this.#views.values()) this.#placeIn(view, place, onlooker);
    return true;
  }

  remove(id: string): void {
    this.#places.delete(id);
    for (const view of this.#views.values()) if (view.remove(id)) this.changed(view.list.key);
  }

  extend(key: ListKey, rows: readonly Conversation[], next: string | null): void {
    const view = this.view(key);
    const last = rows.at(-1);
    view.extend(last ? sortKey(view.list, placeOf(last)) : null, next);
    this.replace(key);
  }

  index(key: ListKey, index: ListIndex, isGone: (id: string) => boolean): void {
    this.view(key).setIndex(index, isGone);
    for (const [at, sequence] of (index.sequences ?? []).entries()) {
      this.#sequences.set(index.ids[at] ?? '', sequence);
    }
    this.replace(key);
  }

  /** What was pushed while an answer was under way is not in it, yet may lie within its reach. */
  replace(key: ListKey): void {
    const view = this.#views.get(key);
    if (!view) return;
    const onlooker = this.#onlooker();
    for (const place of this.#places.values()) this.#placeIn(view, place, onlooker);
    this.changed(key);
  }

  /** Drafts came or went. */
  draftsChanged(): void {
    for (const [key, { list }] of this.#views) if (list.search.draft) this.replace(key);
  }

  clear(): void {
    this.#places.clear();
    this.#sequences.clear();
    for (const [key, view] of this.#views) {
      view.clear();
      this.changed(key);
    }
  }

  #placeIn(view: View, place: Place, onlooker: Onlooker): void {
    const wanted = belongsTo(view.list, place, onlooker) ? sortKey(view.list, place) : null;
    if (view.place(place.id, wanted)) this.changed(view.list.key);
  }

  #onlooker(): Onlooker {
    return { me: this.#me, hasDraft: this.hasDraft, now: Date.now() };
  }
}
