// Search over conversations, messages and contacts. What was searched for stays in this browser's memory alone.
import { call } from './http';
import type { components } from './openapi.gen';
import type { Conversation, ConversationId, ConversationState, Message } from './types';

type Schemas = components['schemas'];

/** A part of a text; `hit` where it is what was searched for. */
export type Piece = Readonly<Required<Schemas['Piece']>>;

export interface SearchResults {
  readonly conversations: readonly {
    readonly row: Conversation;
    readonly marks: { readonly name: readonly Piece[]; readonly snippet: readonly Piece[] };
  }[];
  readonly messages: readonly {
    readonly message: Message;
    readonly conversation: { readonly id: ConversationId; readonly state: ConversationState };
    readonly snippet: readonly Piece[];
  }[];
  readonly contacts: readonly {
    readonly contact: Readonly<Required<Schemas['Contact']>>;
    readonly last_conversation_id: ConversationId;
    readonly snippet: readonly Piece[];
  }[];
  readonly next: string | null;
}

export function search(q: string, cursor: string | null, signal: AbortSignal): Promise<SearchResults> {
  const query = new URLSearchParams({ q });
  if (cursor !== null) query.set('cursor', cursor);
  return call(`/search?${query}`, { signal });
}
