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

/** A member by id and name, as rows and frames carry them. */
export type MemberName = Sent<Schemas['Owner']>;

/** Who may answer now. Renewals are not told, so `expires_at` may lie behind while the lock still stands. */
export type Lock = Sent<Schemas['Lock']>;

export type Counting = Schemas['Counting'];

/** A kind of message and an account to answer one message with, or why that is not possible. */
export type AnswerOption = Replacing<Schemas['AnswerOption'], { in_reply_to: MessageId | null }>;

export type ReplyState = Schemas['ReplyState'];

/** How a reply written here stands at its network. */
export type Reply = Sent<Schemas['Reply']>;

export type Conversation = Replacing<
  Schemas['Row'],
  {
    id: ConversationId;
    contact: Sent<Schemas['Contact']>;
    last: Sent<Schemas['Last']>;
    previous_id: ConversationId | null;
    absorbed_into: ConversationId | null;
    owner: MemberName | null;
    lock: Lock | null;
    /** Only on a row that was asked for alone. */
    answers?: readonly AnswerOption[];
    /** When it comes back to New by itself. */
    reminder: Reminder | null;
  }
>;

export type Reminder = Replacing<Schemas['Reminder'], { due_at: Instant }>;

/** Something that a message, or its author, allows to be done at the network with one account of ours. */
export type MessageAction = Sent<Schemas['ActionOption']>;

/** How something that was done stands at the network; `on` is what stands there as far as is known. */
export type Act = Sent<Schemas['Act']>;

/** `following` is shared by all messages of one author. */
export type ActName = keyof Schemas['Acts'];
export type Acts = { readonly [Name in ActName]-?: Act | null };

export type Message = Replacing<
  Schemas['Message'],
  {
    id: MessageId;
    conversation_id: ConversationId;
    author: Sent<Schemas['Author']> | null;
    /** Set on what was written here; null for customers and for the network's own app. */
    reply: Reply | null;
    /** Ways to answer this message, best first; empty for our own. */
    answers: readonly AnswerOption[];
    actions: readonly MessageAction[];
    acts: Acts;
  }
>;

export type ConversationPage = Replacing<
  Schemas['RowPage'],
  {
    rows: readonly Conversation[];
    /** Set where older ones are found by searching only. */
    limited_to_months?: number | null;
  }
>;
/** Oldest first; `older` is null at the beginning of the conversation. */
export type MessagePage = Replacing<Schemas['MessagePage'], { messages: readonly Message[] }>;

// Who works, and when

export type AvailabilityChoice = Schemas['AvailabilityChoice'];
export type OwnAvailability = Sent<Schemas['OwnAvailability']>;
export type AwayState = Sent<Schemas['AwayState']>;
export type TeamMember = Sent<Schemas['TeamMember']>;
export type Candidate = Sent<Schemas['Candidate']>;

/** Why a conversation was, or was not yet, handed to somebody. */
export type Explanation = Replacing<Schemas['Explanation'], { candidates: readonly Candidate[] }>;

// What a member is told

export type Notification = Replacing<
  Schemas['Notification'],
  {
    /** Null for what is about no conversation: an account, a test. */
    conversation_id: ConversationId | null;
  }
>;

/** A colleague who looks at the open conversation; only frames carry it. */
export interface Viewer extends MemberName {
  readonly typing: boolean;
}

// What changing something asks and answers

export type NewReply = Replacing<
  Schemas['ReplyWanted'],
  {
    in_reply_to: MessageId | null;
    keep_long_ordinals: readonly number[];
  }
>;
export type AcceptedReply = Replacing<Schemas['AcceptedReply'], { row: Conversation; message: Message }>;
export type LockAnswer = Replacing<Schemas['LockAnswer'], { lock: Lock | null }>;
export type ChangedState = Replacing<Schemas['ChangedState'], { row: Conversation }>;
export type ChangedOwner = Replacing<Schemas['Ownership'], { owner: MemberName | null }>;
