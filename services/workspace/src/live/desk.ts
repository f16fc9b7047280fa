// The member's own desk: availability, what they are told of, what was just handed to them, and who else looks at
// the open conversation. None of it is in the ring that a cursor resumes from, so it is asked for again whenever
// the line is welcomed.
import * as gateway from '../api/gateway';
import type {
  Conversation,
  ConversationId,
  Instant,
  Notification,
  OwnAvailability,
  Viewer,
} from '../api/types';
import { Topics } from './topics';
import type { SideEvent } from './wire';

export type DeskTopic = 'availability' | 'notifications' | 'offers' | `viewers:${string}`;

/** Why a conversation is on offer: it was handed over, its customer wrote again, or it needs attention otherwise. */
export type OfferReason = 'handed' | 'answered' | 'returned';

export interface Offer {
  readonly conversation: ConversationId;
  readonly reason: OfferReason;
  /** Since when its customer waits; null where nobody does. */
  readonly since: Instant | null;
}

/** What was handed over together arrives in any order; the customer who has waited for longer comes first. */
function byWaiting(a: Offer, b: Offer): number {
  if (a.since === null || b.since === null) return Number(a.since === null) - Number(b.since === null);
  return Date.parse(a.since) - Date.parse(b.since);
}

type OnRaised = (notification: Notification) => void;

const nobody: readonly Viewer[] = [];

export function isMineAndNew(row: Conversation | undefined, me: string): boolean {
  return row?.state === 'new' && row.owner?.member_id === me && row.absorbed_into === null;
}

export class Desk {
  #availability: OwnAvailability | null = null;
  #notifications: readonly Notification[] = [];
  #offers: readonly Offer[] = [];
  #open: ConversationId | null = null;
  readonly #viewers = new Map<string, readonly Viewer[]>();
  readonly #topics = new Topics<DeskTopic>();
  readonly #raised = new Set<OnRaised>();
  #refresh: Promise<void> | null = null;

  get availability(): OwnAvailability | null {
    return this.#availability;
  }

  /** Standing ones, newest first, one per conversation. */
  get notifications(): readonly Notification[] {
    return this.#notifications;
  }

  /** Longest waiting first. */
  get offers(): readonly Offer[] {
    return this.#offers;
  }

  viewers(id: string): readonly Viewer[] {
    return this.#viewers.get(id) ?? nobody;
  }

  subscribe(topic: DeskTopic, listener: () => void): () => void {
    return this.#topics.subscribe(topic, listener);
  }

  /** Tells of notifications that are raised from now on, not of those that stood. */
  onRaised(listener: OnRaised): () => void {
    this.#raised.add(listener);
    return () => this.#raised.delete(listener);
  }

  /** Asks for what is not replayed. A call that fails changes nothing. */
  refresh(): Promise<void> {
    this.#refresh ??= Promise.all([
      ask(gateway.getAvailability, (availability) => this.setAvailability(availability)),
      ask(gateway.getNotifications, (notifications) => this.#setNotifications(notifications)),
    ]).then(() => {
      this.#refresh = null;
    });
    return this.#refresh;
  }

  /** Every change has a greater epoch; the load of the same epoch may change. */
  setAvailability(availability: OwnAvailability): void {
    if (this.#availability && this.#availability.epoch > availability.epoch) return;
    this.#availability = availability;
    this.#topics.tell('availability');
  }

  apply(events: readonly SideEvent[]): void {
    for (const event of events) {
      switch (event.k) {
        case 'availability':
          this.setAvailability(event.d);
          break;
        case 'notification.raise':
          this.#raise(event.d);
          break;
        case 'notification.withdraw':
          this.#withdraw((each) => each.id === event.d.id);
          break;
        case 'viewers':
          this.#viewers.set(event.d.conversation_id, event.d.viewers);
          this.#topics.tell(`viewers:${event.d.conversation_id}`);
          break;
        // A kind of a newer gateway.
        default:
      }
    }
  }

  /** The conversation on the screen is not on offer, and what it had to tell is read. */
  open(id: ConversationId | null): void {
    if (this.#open !== null && this.#open !== id) this.#viewers.delete(this.#open);
    this.#open = id;
    if (id === null) return;
    this.#dropOffer(id);
    this.read(id);
  }

  read(id: ConversationId): void {
    if (!this.#notifications.some((each) => each.conversation_id === id)) return;
    this.#withdraw((each) => each.conversation_id === id);
    // Should it not be heard, the notification stands again after the next welcome.
    void gateway.markRead(id).catch(() => undefined);
  }

  /** What is about no conversation is read when it is chosen. */
  readNotification(id: string): void {
    this.#withdraw((each) => each.id === id);
    void gateway.markNotificationRead(id).catch(() => undefined);
  }

  /** A row changed by a frame. */
  rowChanged(before: Conversation | undefined, row: Conversation, me: string): void {
    if (!isMineAndNew(row, me)) return this.#dropOffer(row.id);
    if (isMineAndNew(before, me) || row.id === this.#open) return;
    const wasMine = before?.owner?.member_id === me;
    // What nobody has yet seen is new words; else a reply failed, or somebody reopened it.
    const reason = !wasMine ? 'handed' : row.unseen_count > 0 ? 'answered' : 'returned';
    const offer: Offer = { conversation: row.id, reason, since: row.waiting_since };
    const others = this.#offers.filter((each) => each.conversation !== row.id);
    this.#offers = [...others, offer].toSorted(byWaiting);
    this.#topics.tell('offers');
  }

  rowGone(id: ConversationId): void {
    this.#dropOffer(id);
  }

  #dropOffer(id: ConversationId): void {
    if (!this.#offers.some((offer) => offer.conversation === id)) return;
    this.#offers = this.#offers.filter((offer) => offer.conversation !== id);
    this.#topics.tell('offers');
  }

  #raise(notification: Notification): void {
    const { id, conversation_id: conversation } = notification;
    const isSame = (each: Notification): boolean =>
      conversation === null ? each.id === id : each.conversation_id === conversation;
    this.#setNotifications([notification, ...this.#notifications.filter((each) => !isSame(each))]);
    if (conversation !== null && conversation === this.#open && !document.hidden) {
      return this.read(conversation);
    }
    for (const listener of this.#raised) listener(notification);
  }

  #withdraw(isIt: (notification: Notification) => boolean): void {
    const rest = this.#notifications.filter((each) => !isIt(each));
    if (rest.length < this.#notifications.length) this.#setNotifications(rest);
  }

  #setNotifications(notifications: readonly Notification[]): void {
    this.#notifications = notifications;
    this.#topics.tell('notifications');
  }
}

async function ask<T>(get: () => Promise<T>, apply: (answer: T) => void): Promise<void> {
  try {
    apply(await get());
  } catch {
    // The next welcome asks again.
  }
}
