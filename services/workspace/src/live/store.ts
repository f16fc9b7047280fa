// What the screen shows, kept outside React: entities by id, a sorted index per list, the messages of
// opened conversations, the counts. Readers subscribe to one topic; one publish per flush tells them.
import type {
  Bootstrap,
  Conversation,
  ConversationId,
  ConversationPage,
  Counts,
  Message,
  MessageId,
  MessagePage,
} from '../api/types';
import { EntityTable } from './entities';
import { noTimeline, Timeline, type TimelineSnapshot } from './timelines';
import { asTold, type ListKey, placeOf } from './list';
import { Lists } from './lists';
import { Topics } from './topics';
import type { ListIndex, View, ViewSnapshot } from './views';
import type { LiveEvent, MovedEvent } from './wire';

export type Topic = 'start' | 'counts' | `view:${ListKey}` | `conversation:${string}` | `timeline:${string}`;

type Start = Omit<Bootstrap, 'cursor' | 'counts'>;
type Arrival = (message: Message) => void;
/** A row as a frame changed it, and as it was; undefined when it was not here. */
type RowChange = (
  before: Conversation | undefined,
  row: Conversation | undefined,
  id: ConversationId,
) => void;

/** Timelines kept besides the open one, so that going back is immediate. */
const keptTimelines = 12;

export class LiveStore {
  readonly #conversations = new EntityTable<Conversation>();
  readonly #lists = new Lists((key) => this.#touch(`view:${key}`));
  readonly #timelines = new Map<string, Timeline>();
  readonly #topics = new Topics<Topic>();
  readonly #dirty = new Set<Topic>();
  readonly #arrivals = new Set<Arrival>();
  readonly #rowChanges = new Set<RowChange>();
  #counts: Counts | null = null;
  #start: Start | null = null;
  #isReplacing = false;

  get start(): Start | null {
    return this.#start;
  }

  get counts(): Counts | null {
    return this.#counts;
  }

  conversation(id: string): Conversation | undefined {
    return this.#conversations.get(id);
  }

  isGone(id: string): boolean {
    return this.#conversations.isGone(id);
  }

  view(key: ListKey): ViewSnapshot {
    return this.#lists.snapshot(key);
  }

  nextPage(key: ListKey): string | null {
    return this.#lists.peek(key)?.next ?? null;
  }

  isIndexed(key: ListKey): boolean {
    return this.#lists.peek(key)?.isIndexed ?? false;
  }

  /** True when no row is held of it, or one that is known to be old. */
  isRowStale(id: string): boolean {
    const row = this.#conversations.get(id);
    return !row || row.rev < (this.#lists.place(id)?.rev ?? 0);
  }

  /** The newest message that the lists here know of; 0 when they know of none, so that none counts as seen. */
  knownSequence(id: string): number {
    return this.#conversations.get(id)?.last_sequence ?? this.#lists.sequence(id) ?? 0;
  }

  timeline(id: string): TimelineSnapshot {
    return this.#timelines.get(id)?.snapshot ?? noTimeline;
  }

  isStale(id: string): boolean {
    return this.#timelines.get(id)?.isStale ?? true;
  }

  olderPage(id: string): string | null {
    return this.#timelines.get(id)?.older ?? null;
  }

  subscribe(topic: Topic, listener: () => void): () => void {
    return this.#topics.subscribe(topic, listener);
  }

  /** Tells of messages that were pushed (not fetched), for announcements. */
  onArrival(listener: Arrival): () => void {
    this.#arrivals.add(listener);
    return () => this.#arrivals.delete(listener);
  }

  /** Tells of rows that frames changed, after everybody else was told. */
  onRowChange(listener: RowChange): () => void {
    this.#rowChanges.add(listener);
    return () => this.#rowChanges.delete(listener);
  }

  // Writing. Nothing is told before `publish`, which every public writer ends with.

  begin({ cursor: _cursor, counts, ...start }: Bootstrap): void {
    this.#start = start;
    this.#lists.setMe(start.me.id);
    this.#counts = counts;
    this.#touch('start', 'counts');
    this.publish();
  }

  /** Settings changed: all but the counts, which have frames of their own. */
  refresh({ cursor: _cursor, counts: _counts, ...start }: Bootstrap): void {
    this.#start = start;
    this.#touch('start');
    this.publish();
  }

  apply(events: readonly LiveEvent[]): void {
    const arrived: Message[] = [];
    const before = new Map<ConversationId, Conversation | undefined>();
    const remember = (id: ConversationId): void => {
      if (!before.has(id)) before.set(id, this.#conversations.get(id));
    };
    for (const event of events) {
      switch (event.k) {
        case 'conversation.upsert':
          remember(event.d.id);
          this.#putConversation(event.d, 'pushed');
          break;
        case 'moved':
          this.#move(event.d, remember);
          break;
        case 'conversation.gone':
          remember(event.d.id);
          this.#removeConversation(event.d.id);
          break;
        case 'message.upsert':
          if (this.#pushMessage(event.d)) arrived.push(event.d);
          break;
        case 'message.gone':
          this.#removeMessage(event.d.conversation_id, event.d.id);
          break;
        case 'counts':
          this.#counts = event.d;
          this.#touch('counts');
          break;
        // A kind from a newer gateway, or one that concerns nothing shown yet.
        default:
      }
    }
    this.publish();
    for (const message of arrived) for (const listener of this.#arrivals) listener(message);
    for (const [id, row] of before) {
      const now = asTold(this.#conversations.get(id), this.#lists.place(id));
      if (now !== row) for (const listener of this.#rowChanges) listener(row, now, id);
    }
  }

  startLoading(key: ListKey): void {
    this.#changeView(key, (view) => {
      if (view.status !== 'ready') view.status = 'loading';
      view.error = null;
    });
  }

  showPage(key: ListKey, page: ConversationPage): void {
    for (const row of page.rows) this.#putConversation(row, 'fetched');
    this.#lists.extend(key, page.rows, page.next);
    this.publish();
  }

  /** Every place of a list; the rows come as they come into sight. */
  showIndex(key: ListKey, index: ListIndex): void {
    this.#lists.index(key, index, (id) => this.#conversations.isGone(id));
    this.publish();
  }

  failLoading(key: ListKey, error: Error): void {
    this.#changeView(key, (view) => {
      if (view.status !== 'ready') view.status = 'failed';
      view.error = error;
    });
  }

  showRows(rows: readonly Conversation[]): void {
    for (const row of rows) this.#putConversation(row, 'fetched');
    this.publish();
  }

  /** What the list of those with a draft goes by; called again when one came or went. */
  setDrafts(hasDraft: (id: string) => boolean): void {
    this.#lists.hasDraft = hasDraft;
    this.#lists.draftsChanged();
    this.publish();
  }

  showConversation(row: Conversation): void {
    this.#putConversation(row, 'fetched');
    this.publish();
  }

  removeConversation(id: ConversationId): void {
    this.#removeConversation(id);
    this.publish();
  }

  changeTimeline(id: ConversationId, change: (timeline: Timeline) => void): void {
    const timeline = this.#timelines.get(id) ?? new Timeline();
    // Deleting first moves the timeline to the end of the order in which they are dropped.
    this.#timelines.delete(id);
    this.#timelines.set(id, timeline);
    change(timeline);
    this.#touch(`timeline:${id}`);
    for (const other of this.#timelines.keys()) {
      if (this.#timelines.size <= keptTimelines) break;
      this.#timelines.delete(other);
    }
    this.publish();
  }

  showLatestMessages(id: ConversationId, page: MessagePage): void {
    this.changeTimeline(id, (timeline) => timeline.showLatest(page.messages, page.older));
  }

  /** Everything that a cursor can no longer vouch for goes; `fill` puts in what was just fetched. */
  replace(fill: () => void, keep: ConversationId | null): void {
    this.#isReplacing = true;
    for (const row of this.#conversations.values()) this.#touch(`conversation:${row.id}`);
    this.#conversations.clear();
    this.#lists.clear();
    for (const id of this.#timelines.keys()) if (id !== keep) this.#timelines.delete(id);
    fill();
    this.#isReplacing = false;
    this.publish();
  }

  publish(): void {
    if (this.#isReplacing) return;
    const news = [...this.#dirty].filter((topic) => {
      if (topic.startsWith('view:')) this.#lists.publish(topic.slice(5) as ListKey);
      return !topic.startsWith('timeline:') || (this.#timelines.get(topic.slice(9))?.publish() ?? true);
    });
    this.#dirty.clear();
    this.#topics.tell(...news);
  }

  #changeView(key: ListKey, change: (view: View) => void): void {
    change(this.#lists.view(key));
    this.#touch(`view:${key}`);
    this.publish();
  }

  #touch(...topics: Topic[]): void {
    for (const topic of topics) this.#dirty.add(topic);
  }

  #putConversation(row: Conversation, source: 'pushed' | 'fetched'): void {
    if (!this.#conversations.put(row, source)) return;
    this.#touch(`conversation:${row.id}`);
    this.#lists.put(placeOf(row));
  }

  /** Only where it stands now is known; of a row that is held, the rest is old. */
  #move({ id, rev, key }: MovedEvent['d'], remember: (id: ConversationId) => void): void {
    remember(id);
    this.#conversations.revive(id);
    if (this.#lists.put({ ...key, id, rev })) this.#touch(`conversation:${id}`);
  }

  #removeConversation(id: ConversationId): void {
    this.#conversations.remove(id);
    this.#touch(`conversation:${id}`);
    this.#lists.remove(id);
  }

  #removeMessage(conversation: ConversationId, id: MessageId): void {
    if (this.#timelines.get(conversation)?.remove(id)) this.#touch(`timeline:${conversation}`);
  }

  #pushMessage(message: Message): boolean {
    const pushed = this.#timelines.get(message.conversation_id)?.push(message) ?? false;
    if (pushed) this.#touch(`timeline:${message.conversation_id}`);
    return pushed;
  }
}
