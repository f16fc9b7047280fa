// What is fetched, and how much at a time: pages of lists, a long list's places, pages of messages.
import * as gateway from '../api/gateway';
import * as lists from '../api/lists';
import type { ConversationId, ConversationPage } from '../api/types';
import { isFiltered, type ListKey, listOf } from './list';
import type { LiveStore } from './store';

export const pageSize = 100;
export const messagePageSize = 50;
/** From so many rows on, a list is held by its places, and rows come as they come into sight. */
const longList = 1_000;

/** As many pages of a list as it takes to hold the wanted number of rows. */
async function fetchRows(list: ListKey, wanted: number): Promise<ConversationPage[]> {
  const pages = [await lists.getConversations(list, pageSize)];
  for (let rows = pageSize; rows < wanted; rows += pageSize) {
    const next = pages.at(-1)?.next;
    if (!next) break;
    // oxlint-disable-next-line no-await-in-loop -- each page tells where the next one starts
    pages.push(await lists.getConversations(list, pageSize, next));
  }
  return pages;
}

/** Two askers of the same thing share one request; else A, B, A would load a page twice. */
export class Once {
  readonly #running = new Map<string, Promise<void>>();

  run(key: string, load: () => Promise<void>): Promise<void> {
    const running = this.#running.get(key);
    if (running) return running;
    const started = load().finally(() => this.#running.delete(key));
    this.#running.set(key, started);
    return started;
  }

  /** What is under way, or nothing. */
  of(key: string): Promise<void> {
    return this.#running.get(key) ?? Promise.resolve();
  }
}

export class ListPages {
  /** The list on the screen, which is fetched again first. */
  current: ListKey = 'new';

  constructor(
    private readonly store: LiveStore,
    private readonly once: Once,
  ) {}

  load(key: ListKey): Promise<void> {
    this.current = key;
    const { status } = this.store.view(key);
    if (status === 'ready' || status === 'loading') return this.once.of(key);
    return this.#loadPage(key).then(() => this.lengthen());
  }

  /** All of a long list at once: its scroll bar is to be true. Also called when the counts came after the page. */
  lengthen(): Promise<void> {
    const key = this.current;
    return this.store.view(key).status === 'ready' && this.#isLong(key) ? this.more(key) : Promise.resolve();
  }

  more(key: ListKey): Promise<void> {
    const next = this.store.nextPage(key);
    if (next === null) return Promise.resolve();
    return this.#isLong(key) ? this.#loadIndex(key) : this.#loadPage(key, next);
  }

  /** As much of the list as was here, and the rows in sight; what is given puts them in. */
  async refetch(shown: readonly string[]): Promise<() => void> {
    const key = this.current;
    if (this.store.isIndexed(key)) {
      const [page, index, rows] = await Promise.all([
        lists.getConversations(key, pageSize),
        lists.getIndex(key),
        shown.length === 0 ? [] : lists.getRows(shown).catch(() => []),
      ]);
      return () => {
        this.store.showPage(key, page);
        this.store.showRows(rows);
        this.store.showIndex(key, index);
      };
    }
    const pages = await fetchRows(key, Math.max(this.store.view(key).ids.length, pageSize));
    return () => {
      for (const page of pages) this.store.showPage(key, page);
    };
  }

  /** Of a whole queue it is known beforehand; of a filtered one, once so much of it is here. */
  #isLong(key: ListKey): boolean {
    const { queue, search } = listOf(key);
    const { ids } = this.store.view(key);
    const known = isFiltered(search) ? ids.length : (this.store.counts?.[queue] ?? 0);
    return Math.max(known, ids.length) >= longList;
  }

  #loadPage(key: ListKey, after?: string): Promise<void> {
    return this.#loading(key, async () => {
      this.store.showPage(key, await lists.getConversations(key, pageSize, after));
    });
  }

  #loadIndex(key: ListKey): Promise<void> {
    return this.#loading(key, async () => this.store.showIndex(key, await lists.getIndex(key)));
  }

  #loading(key: ListKey, load: () => Promise<void>): Promise<void> {
    return this.once.run(key, async () => {
      this.store.startLoading(key);
      try {
        await load();
      } catch (error) {
        this.store.failLoading(key, error as Error);
      }
    });
  }
}

/** The latest messages of a conversation, into its timeline. */
export async function loadLatest(store: LiveStore, id: ConversationId): Promise<void> {
  store.changeTimeline(id, (timeline) => {
    if (timeline.status !== 'ready') timeline.status = 'loading';
    timeline.isStale = true;
    timeline.error = null;
  });
  try {
    store.showLatestMessages(id, await gateway.getMessages(id, messagePageSize));
  } catch (error) {
    store.changeTimeline(id, (timeline) => {
      // Messages that are there are shown on; the line asks again when it is back.
      if (timeline.status === 'ready') return;
      timeline.status = 'failed';
      timeline.error = error as Error;
    });
  }
}

/** The page before what is there; nothing when there is none. */
export async function loadOlder(store: LiveStore, id: ConversationId): Promise<void> {
  const before = store.olderPage(id);
  if (before === null) return;
  store.changeTimeline(id, (timeline) => {
    timeline.isLoadingOlder = true;
    timeline.error = null;
  });
  try {
    const page = await gateway.getMessages(id, messagePageSize, before);
    store.changeTimeline(id, (timeline) => timeline.showOlder(page.messages, page.older));
  } catch (error) {
    store.changeTimeline(id, (timeline) => {
      timeline.isLoadingOlder = false;
      timeline.error = error as Error;
    });
  }
}
