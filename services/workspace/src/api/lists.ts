// The calls about lists: pages, every place at once, rows by id, and what is done to several conversations.
import { call } from './http';
import type { components } from './openapi.gen';
import type { Conversation, ConversationId, ConversationPage, ConversationState } from './types';

type Schemas = components['schemas'];

/** `list` names the queue and whatever filters and orders it, as `live/list.ts` writes it. */
export function getConversations(list: string, limit: number, after?: string): Promise<ConversationPage> {
  const page = new URLSearchParams({ limit: String(limit) });
  if (after) page.set('after', after);
  return call(`/conversations?queue=${list}&${page}`);
}

export type ConversationIndex = Schemas['ListIndex'];

export function getIndex(list: string): Promise<ConversationIndex> {
  return call(`/conversations/index?queue=${list}`);
}

/** At most 200; those that exist. */
export async function getRows(ids: readonly string[]): Promise<readonly Conversation[]> {
  const { rows } = await call<{ rows: readonly Conversation[] }>('/conversations/batch', {
    method: 'POST',
    body: { ids },
  });
  return rows;
}

/** A state, or who owns them (null: nobody). */
export type BulkAction = { readonly to: ConversationState } | { readonly assign_to: string | null };

export interface BulkResult {
  readonly conversation_id: ConversationId;
  readonly done: boolean;
  readonly code: string | null;
  readonly sentence: string | null;
  /** What undoes it; null for what the member does not see. */
  readonly before: { readonly state: ConversationState; readonly owner_member_id: string | null } | null;
  /** Replies that the network has not accepted yet, when it was resolved; absent where nobody answered. */
  readonly undelivered_replies?: number;
}

export interface BulkWanted {
  /** The same key gives the first outcome. */
  readonly key: string;
  /** At most 100. */
  readonly conversation_ids: readonly string[];
  readonly action: BulkAction;
  /** Of each, the greatest sequence that the screen held. */
  readonly seen_through: Readonly<Record<string, number>>;
}

export async function changeSeveral(wanted: BulkWanted): Promise<readonly BulkResult[]> {
  const { results } = await call<{ results: readonly BulkResult[] }>('/conversations/bulk', {
    method: 'POST',
    body: wanted,
  });
  return results;
}
