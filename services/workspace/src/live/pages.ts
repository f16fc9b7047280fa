// How much is fetched at a time.
import * as gateway from '../api/gateway';
import type { ConversationId, ConversationPage, Queue } from '../api/types';
import type { LiveStore } from './store';

export const pageSize = 100;
export const messagePageSize = 50;

/** As many pages of a queue as it takes to hold the wanted number of rows. */
export async function fetchRows(queue: Queue, wanted: number): Promise<ConversationPage[]> {
  const pages = [await gateway.getConversations(queue, pageSize)];
  for (let rows = pageSize; rows < wanted; rows += pageSize) {
    const next = pages.at(-1)?.next;
    if (!next) break;
    // oxlint-disable-next-line no-await-in-loop -- each page tells where the next one starts
    pages.push(await gateway.getConversations(queue, pageSize, next));
  }
  return pages;
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
