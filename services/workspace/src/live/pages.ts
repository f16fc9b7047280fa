// How much is fetched at a time.
import * as gateway from '../api/gateway';
import type { ConversationPage, Queue } from '../api/types';

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
