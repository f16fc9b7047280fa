// What belongs to a conversation besides its messages: notes, what was done to messages, what is known of the
// contact, reminders, drafts on the server. As `types.ts` for the rest: the one place where generated types get names.
import type { components } from './openapi.gen';
import type { Conversation, ConversationId, Instant, MessageId } from './types';

type Schemas = components['schemas'];
type Sent<Schema> = { readonly [Key in keyof Schema]-?: Exclude<Schema[Key], undefined> };
type Replacing<Schema, Replacement> = Omit<Sent<Schema>, keyof Replacement> & Readonly<Replacement>;

export type Note = Replacing<
  Schemas['Note'],
  {
    conversation_id: ConversationId;
    message_id: MessageId | null;
    created_at: Instant;
    /** Null in a frame, which is the same for everybody: who may change it is then seen from its author. */
    mine_to_change: boolean | null;
  }
>;

/** How a note read before it was edited, oldest first. */
export type NoteVersion = Replacing<Schemas['NoteVersion'], { at: Instant }>;

export type NewNote = Replacing<Schemas['NoteWanted'], { message_id: MessageId | null }>;

/** One input that a decision used, as people may read it. Kinds of a newer server are left out of the screen. */
export type ActivityEntry = Replacing<Schemas['ActivityEntry'], { at: Instant }>;

export type AttributeType = Schemas['AttributeType'];

/** What an organization wants to know of its contacts, in its own order. */
export type AttributeDefinition = Sent<Schemas['ContactAttribute']>;

/** Values are texts whatever their type: `2026-11-23` for a date, `true` and `false` for a boolean. */
export type AttributeValue = Sent<Schemas['KnownAttribute']>;

export type ContactProfile = Sent<Schemas['ContactProfile']>;

export type ContactDetails = Replacing<
  Schemas['ContactCard'],
  {
    contact: ContactProfile;
    attributes: readonly AttributeValue[];
    conversations: readonly Conversation[];
  }
>;

export type DraftMode = Schemas['DraftMode'];

/** A draft as the server keeps it for every device of its writer. */
export type ServerDraft = Replacing<
  Schemas['Draft'],
  { conversation_id: ConversationId; in_reply_to: MessageId | null; written_at: Instant }
>;

/** `ordinal` is its place among the links of the text, from 0. */
export interface PreviewedLink extends Pick<Sent<Schemas['PreviewedLink']>, 'ordinal' | 'url'> {
  /** Null where only this workspace has found the link. */
  readonly short_example: string | null;
}
