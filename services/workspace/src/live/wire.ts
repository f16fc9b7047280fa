// The frames of `/api/v1/live`, as they travel.
import type { Note, ServerDraft, DraftMode } from '../api/story-types';
import type {
  Conversation,
  ConversationId,
  Counts,
  Message,
  MessageId,
  Notification,
  OwnAvailability,
  Viewer,
} from '../api/types';
import type { Place } from './list';

/** Where a conversation stands now that is neither shown nor open nor one's own. */
export interface MovedEvent {
  readonly k: 'moved';
  readonly d: {
    readonly id: ConversationId;
    readonly rev: number;
    readonly key: Omit<Place, 'id' | 'rev'>;
  };
}

/** Which settings of the organization must be read again. */
export interface SettingsEvent {
  readonly k: 'settings.changed';
  readonly d: { readonly keys: readonly string[] };
}

export type LiveEvent =
  | MovedEvent
  | { readonly k: 'conversation.upsert'; readonly d: Conversation }
  | { readonly k: 'conversation.gone'; readonly d: { readonly id: ConversationId } }
  | { readonly k: 'message.upsert'; readonly d: Message }
  /** Two rows turned out to be one message. */
  | {
      readonly k: 'message.gone';
      readonly d: { readonly id: MessageId; readonly conversation_id: ConversationId };
    }
  | { readonly k: 'counts'; readonly d: Counts }
  | SettingsEvent;

/** What concerns this member alone or passes by; it has no cursor and is never sent again. */
export type SideEvent =
  | SettingsEvent
  | { readonly k: 'availability'; readonly d: OwnAvailability }
  | { readonly k: 'notification.raise'; readonly d: Notification }
  | {
      readonly k: 'notification.withdraw';
      readonly d: { readonly id: string; readonly conversation_id: ConversationId };
    }
  | {
      readonly k: 'viewers';
      readonly d: { readonly conversation_id: ConversationId; readonly viewers: readonly Viewer[] };
    };

/** What belongs to the open conversation besides its messages, and this member's drafts on other devices. */
export type StoryEvent =
  | { readonly k: 'note.upsert'; readonly d: Note }
  | { readonly k: 'contact.upsert'; readonly d: { readonly contact_id: string } };

export interface DraftEvent {
  readonly k: 'draft';
  readonly d: {
    readonly conversation_id: ConversationId;
    readonly mode: DraftMode;
    readonly draft: ServerDraft | null;
  };
}

/** An event with its number on this connection and the cursor to resume from after it. */
export type NumberedEvent = LiveEvent & { readonly t: 'ev'; readonly n: number; readonly c: string };

export type ServerFrame =
  | { readonly t: 'welcome'; readonly resumed: boolean; readonly conn: string; readonly ui_build: string }
  | { readonly t: 'reset'; readonly cursor?: string }
  | { readonly t: 'ping'; readonly c?: string }
  /** The gateway stops: the last frame; connect again after so many milliseconds. */
  | { readonly t: 'goodbye'; readonly after: number }
  | ({ readonly t: 'side' } & SideEvent)
  | { readonly t: 'batch'; readonly evs: readonly NumberedEvent[] }
  | NumberedEvent;

export interface Shown {
  readonly shown: readonly ConversationId[];
  readonly open: ConversationId | null;
}

export type ClientFrame =
  /** `moved`: of what is not shown it is enough to be told where it stands. */
  | ({ readonly t: 'hello'; readonly cursor: string; readonly moved: true } & Shown)
  /** `want`: those that are shown and not held as they are now. */
  | ({ readonly t: 'show'; readonly want?: readonly ConversationId[] } & Shown)
  | { readonly t: 'typing'; readonly conversation: ConversationId; readonly on: boolean }
  | { readonly t: 'pong' };
