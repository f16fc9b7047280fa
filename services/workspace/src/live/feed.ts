// Ties gateway, socket and store together: bootstrap, resume, re-bootstrap in place, pages on demand.
// A push never causes a request, but for settings, which say only that they changed.
import * as gateway from '../api/gateway';
import { ApiProblem } from '../api/http';
import type { ConversationId } from '../api/types';
import { Acts } from './acts';
import { Bulk } from './bulk';
import { Desk } from './desk';
import { FrameQueue, type Schedule } from './frame';
import type { ListKey } from './list';
import { Outbox } from './outbox';
import { ListPages, loadLatest, loadOlder, messagePageSize, Once } from './pages';
import { type ConnectionState, type Handlers, LiveSocket, type Surroundings } from './socket';
import { Signal } from './signal';
import type { LiveStore } from './store';
import { Story } from './story';
import type { DraftEvent, NumberedEvent, Shown, SideEvent, StoryEvent } from './wire';

const showPause = 150;
const resetPause = 1_500;
/** The gateway takes no more at a time. */
const mostWanted = 200;

export interface FeedStatus {
  readonly connection: ConnectionState;
  /** When the last frame was applied, in milliseconds since the epoch; null before the first one. */
  readonly asOf: number | null;
  readonly hasNewBuild: boolean;
  readonly startError: Error | null;
}

export class LiveFeed {
  #cursor = '';
  #shown: readonly ConversationId[] = [];
  #open: ConversationId | null = null;
  #status: FeedStatus = { connection: 'connecting', asOf: null, hasNewBuild: false, startError: null };
  #isWanted = false;
  #isResetting = false;
  #cancelShow: (() => void) | null = null;
  readonly #listeners = new Set<() => void>();
  readonly #once = new Once();
  readonly #lists: ListPages;
  readonly desk = new Desk();
  readonly outbox: Outbox;
  readonly story: Story;
  readonly acts: Acts;
  readonly bulk: Bulk;
  /** What the member wrote on another device. */
  readonly drafted = new Signal<DraftEvent['d']>();
  /** The line is there again: what is not replayed has to be asked for. */
  readonly welcomed = new Signal();
  /** Settings of the organization changed; the bootstrap is read again by itself. */
  readonly settingsChanged = new Signal<readonly string[]>();
  readonly #socket: LiveSocket;
  readonly #frames: FrameQueue<NumberedEvent>;

  constructor(
    readonly store: LiveStore,
    private readonly surroundings: Surroundings,
    schedule?: Schedule,
  ) {
    this.#socket = new LiveSocket(this.#handlers(), surroundings);
    this.#frames = new FrameQueue((events) => this.#apply(events), schedule);
    this.outbox = new Outbox(store, surroundings);
    this.story = new Story(() => surroundings.now());
    this.acts = new Acts(store);
    this.bulk = new Bulk(store);
    this.#lists = new ListPages(store, this.#once);
    store.onRowChange((before, row, id) => {
      if (!row) return this.desk.rowGone(id);
      this.desk.rowChanged(before, row, store.start?.me.id ?? '');
      this.story.rowChanged(before, row);
    });
  }

  get status(): FeedStatus {
    return this.#status;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async start(): Promise<void> {
    try {
      const bootstrap = await gateway.getBootstrap();
      this.#cursor = bootstrap.cursor;
      this.store.begin(bootstrap);
      this.#change({ startError: null, asOf: this.surroundings.now() });
      if (this.#isWanted) this.#socket.start();
      void this.#lists.lengthen();
    } catch (error) {
      this.#change({ startError: error as Error });
    }
  }

  /** The first start, or signed in again after the session ended: the screen stayed, the line resumes. */
  resume(): void {
    this.#isWanted = true;
    if (this.store.start) this.#socket.start();
    else void this.start();
    this.#retryFailed();
  }

  stop(): void {
    this.#isWanted = false;
    this.#socket.stop();
  }

  wake(): void {
    this.#socket.wake();
  }

  lost(): void {
    this.#socket.lost();
  }

  // What the screen asks for

  /** Declares the rows in sight, so that the gateway sends them whole. */
  show(ids: readonly string[]): void {
    this.#shown = ids as readonly ConversationId[];
    this.#cancelShow ??= this.surroundings.after(showPause, () => this.#tellShown());
  }

  loadList(key: ListKey): Promise<void> {
    return this.#lists.load(key);
  }

  loadMore(key: ListKey): Promise<void> {
    return this.#lists.more(key);
  }

  async open(id: ConversationId | null): Promise<void> {
    this.#open = id;
    this.desk.open(id);
    this.#tellShown();
    if (!id) return;
    await Promise.all([this.#loadConversation(id), this.loadLatest(id), this.story.load(id)]);
    // An address may name what does not exist; only what was found was declared, and now it may be.
    if (this.#open === id) this.#tellShown();
  }

  /** Tells the others that this member is writing, or no longer. */
  typing(id: ConversationId, on: boolean): void {
    this.#socket.typing(id, on);
  }

  loadLatest(id: ConversationId): Promise<void> {
    return this.#once.run(`latest:${id}`, () => loadLatest(this.store, id));
  }

  loadOlder(id: ConversationId): Promise<void> {
    return this.#once.run(`older:${id}`, () => loadOlder(this.store, id));
  }

  // Inside

  #handlers(): Handlers {
    return {
      hello: () => ({ cursor: this.#cursor, ...this.#showing() }),
      events: (events) => this.#frames.push(events),
      side: (event) => {
        this.desk.apply([event]);
        this.#tellDrafts([event]);
        // No stream tells of these, and the bootstrap has nothing of them.
        if (event.k === 'settings.changed') this.settingsChanged.tell(event.d.keys);
      },
      cursor: (cursor) => {
        this.#cursor = cursor;
      },
      reset: () => void this.#reset(),
      welcome: (uiBuild) => {
        const known = this.store.start?.ui_build;
        if (known !== undefined && known !== uiBuild) this.#change({ hasNewBuild: true });
        this.#retryFailed();
        void this.desk.refresh();
        this.outbox.resume();
        this.#tellWanted();
        this.welcomed.tell();
      },
      state: (connection) => this.#change({ connection }),
      // Asking is enough: `api/http` tells of a session that is over.
      refused: () => void gateway.checkSession().catch(() => undefined),
    };
  }

  /** What failed while the line was down is asked for again without anyone pressing a button. */
  #retryFailed(): void {
    const { current } = this.#lists;
    if (this.store.view(current).status === 'failed') void this.loadList(current);
    if (this.#open && this.store.isStale(this.#open)) void this.open(this.#open);
  }

  #apply(events: readonly NumberedEvent[]): void {
    // While everything is fetched anew, what arrives waits and is applied on top of it.
    if (this.#isResetting) {
      this.#held.push(...events);
      return;
    }
    this.store.apply(events);
    this.desk.apply(events as readonly unknown[] as readonly SideEvent[]);
    this.story.apply(events as readonly unknown[] as readonly StoryEvent[]);
    this.#tellDrafts(events);
    if (events.some((event) => event.k === 'moved')) this.#tellWanted();
    const last = events.at(-1);
    if (last) this.#cursor = last.c;
    this.#status = { ...this.#status, asOf: this.surroundings.now() };
    const changed = events.flatMap((event) => (event.k === 'settings.changed' ? event.d.keys : []));
    if (changed.length > 0) void this.#readSettings(changed);
  }

  readonly #held: NumberedEvent[] = [];

  async #readSettings(keys: readonly string[]): Promise<void> {
    const bootstrap = await gateway.getBootstrap().catch(() => null);
    if (bootstrap) this.store.refresh(bootstrap);
    this.settingsChanged.tell(keys);
  }

  async #reset(): Promise<void> {
    if (this.#isResetting) return;
    this.#isResetting = true;
    try {
      const bootstrap = await gateway.getBootstrap();
      const open = this.#open;
      const [fillList, row, messages] = await Promise.all([
        this.#lists.refetch(this.#shown),
        open && gateway.getConversation(open).catch(() => null),
        open && gateway.getMessages(open, messagePageSize).catch(() => null),
      ]);
      this.#cursor = bootstrap.cursor;
      this.store.replace(() => {
        this.store.begin(bootstrap);
        fillList();
        if (row) this.store.showConversation(row);
        if (open && messages) this.store.showLatestMessages(open, messages);
      }, open);
      if (open) void this.story.load(open);
      this.#isResetting = false;
      this.#apply(this.#held.splice(0));
      this.#tellWanted();
    } catch {
      // Away again: the cursor is unchanged, so the next connection asks for the same reset.
      this.#isResetting = false;
      this.#held.length = 0;
      this.#socket.stop();
      this.surroundings.after(resetPause, () => this.#isWanted && this.#socket.start());
    }
  }

  async #loadConversation(id: ConversationId): Promise<void> {
    if (this.store.conversation(id)) return;
    try {
      this.store.showConversation(await gateway.getConversation(id));
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 404) this.store.removeConversation(id);
    }
  }

  #showing(): Shown {
    const isKnown = this.#open !== null && this.store.conversation(this.#open) !== undefined;
    return { shown: this.#shown, open: isKnown ? this.#open : null };
  }

  #tellShown(): void {
    this.#cancelShow?.();
    this.#cancelShow = null;
    const want = this.#wanted();
    this.#socket.show({ ...this.#showing(), ...(want.length > 0 && { want }) });
  }

  /** What is in sight and not held as it is now comes over the line, so that a push causes no request. */
  #wanted(): readonly ConversationId[] {
    return this.#shown.filter((id) => this.store.isRowStale(id)).slice(0, mostWanted);
  }

  #tellWanted(): void {
    if (this.#wanted().length > 0) this.show(this.#shown);
  }

  #tellDrafts(events: readonly { readonly k: string; readonly d: unknown }[]): void {
    for (const event of events) if (event.k === 'draft') this.drafted.tell(event.d as DraftEvent['d']);
  }

  #change(change: Partial<FeedStatus>): void {
    this.#status = { ...this.#status, ...change };
    for (const listener of this.#listeners) listener();
  }
}
