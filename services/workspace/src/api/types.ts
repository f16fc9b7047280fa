// The gateway's shapes as the workspace names them, with ids that cannot be mistaken for one another. The one
// place where the generated types get their names, so that a change on the server shows up here and nowhere else.
import type { components } from './openapi.gen';

type Schemas = components['schemas'];

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type ConversationId = Branded<'conversation'>;
export type MessageId = Branded<'message'>;
/** RFC 3339 in UTC. Shown only through `i18n/format`. */
export type Instant = string;

/** The gateway always sends what may be absent, as null. */
type Sent<Schema> = { readonly [Key in keyof Schema]-?: Exclude<Schema[Key], undefined> };
type Replacing<Schema, Replacement> = Omit<Sent<Schema>, keyof Replacement> & Readonly<Replacement>;

export type Network = Schemas['Network'];
export type ConversationState = Schemas['State'];
export type MessageKind = Schemas['MessageKind'];
export type Queue = Schemas['Queue'];

export type Organization = Sent<Schemas['Organization']>;
export type Channel = Sent<Schemas['Channel']>;
export type Counts = Sent<Schemas['Counts']>;
export type Session = Sent<Schemas['CurrentSession']>;
export type Bootstrap = Sent<Schemas['Bootstrap']>;
export type Attachment = Sent<Schemas['Attachment']>;

export type Conversation = Replacing<
  Schemas['Row'],
  {
    id: ConversationId;
    contact: Sent<Schemas['Contact']>;
    last: Sent<Schemas['Last']>;
    previous_id: ConversationId | null;
    absorbed_into: ConversationId | null;
  }
>;

export type Message = Replacing<
  Schemas['Message'],
  { id: MessageId; conversation_id: ConversationId; author: Sent<Schemas['Author']> | null }
>;

export type ConversationPage = Replacing<Schemas['RowPage'], { rows: readonly Conversation[] }>;
/** Oldest first; `older` is null at the beginning of the conversation. */
export type MessagePage = Replacing<Schemas['MessagePage'], { messages: readonly Message[] }>;
