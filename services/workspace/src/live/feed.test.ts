import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as gateway from '../api/gateway';
import { ApiProblem, Unreachable } from '../api/http';
import * as lists from '../api/lists';
import type { Bootstrap, Conversation, ConversationId, Message } from '../api/types';
import { FakeSurroundings } from '../testing/fake-surroundings';
import { LiveFeed } from './feed';
import { sampleAvailability, sampleBootstrap, sampleConversation, sampleMessage } from '../testing/samples';
import { LiveStore } from './store';
import { compareMessages } from './timelines';
import type { LiveEvent } from './wire';

vi.mock('../api/gateway');
vi.mock('../api/lists');

const open = 'conv_0' as ConversationId;

/** A gateway in memory: truth, a numbered log, a ring that may forget, and one socket at a time. */
class Server {
  readonly rows = new Map<string, Conversation>();
  readonly messages: Message[] = [];
  readonly world = new FakeSurroundings();
  #log: LiveEvent[] = [];
  #ringStart = 0;
  #n = 0;
  #hasOpen = false;

  constructor() {
    vi.mocked(gateway.getNotifications).mockResolvedValue([]);
    vi.mocked(gateway.getAvailability).mockResolvedValue(sampleAvailability);
    vi.mocked(gateway.checkSession).mockResolvedValue({ ...sampleBootstrap, csrf: 'token' });
    vi.mocked(gateway.getBootstrap).mockImplementation(() => this.#answer(() => this.#bootstrap()));
    vi.mocked(lists.getConversations).mockImplementation(() =>
      this.#answer(() => ({ rows: this.waiting(), next: null })),
    );
    vi.mocked(gateway.getConversation).mockImplementation((id) => this.#answer(() => this.#find(id)));
    vi.mocked(gateway.getMessages).mockImplementation(() =>
      this.#answer(() => ({ messages: [...this.messages], older: null })),
    );
    this.receive(0);
  }

  waiting(): Conversation[] {
    return [...this.rows.values()].toSorted((a, b) =>
      (a.waiting_since ?? '') < (b.waiting_since ?? '') ? -1 : 1,
    );
  }

  receive(conversation: number): void {
    const number = this.messages.length + this.#log.length + 1;
    const time = new Date(1_770_000_000_000 + number * 1_000).toISOString();
    const id = `conv_${conversation}`;
    const rev = (this.rows.get(id)?.rev ?? 0) + 1;
    const row = sampleConversation(id, { rev, waiting_since: time, last_activity_at: time });
    this.rows.set(id, row);
    if (id === open) {
      const message = sampleMessage(`msg_${number}`, {
        conversation_id: open,
        external_id: String(number),
        network_time: time,
      });
      this.messages.push(message);
      this.#emit({ k: 'message.upsert', d: message });
    }
    this.#emit({ k: 'conversation.upsert', d: row });
    this.#emit({ k: 'counts', d: this.#counts() });
  }

  connect(): void {
    const { socket } = this.world;
    if (socket.readyState !== 0) return;
    socket.open();
    const hello = socket.sent[0] as unknown as { cursor: string; open: string | null };
    const cursor = Number(hello.cursor);
    const resumed = cursor >= this.#ringStart;
    this.#n = 0;
    this.#hasOpen = hello.open === open;
    socket.receive({ t: 'welcome', resumed, conn: 'c', ui_build: 'a' });
    if (!resumed) socket.receive({ t: 'reset' });
    for (let at = resumed ? cursor : this.#log.length; at < this.#log.length; at += 1) this.#deliver(at);
  }

  cut(): void {
    this.world.sockets.at(-1)?.close();
  }

  forget(): void {
    this.#ringStart = this.#log.length;
  }

  #emit(event: LiveEvent): void {
    this.#log.push(event);
    this.#deliver(this.#log.length - 1);
  }

  #deliver(at: number): void {
    const event = this.#log[at];
    const shown = this.world.sockets.at(-1)?.sent.findLast((frame) => frame.t !== 'pong');
    this.#hasOpen = shown?.['open'] === open;
    if (!event || (event.k === 'message.upsert' && !this.#hasOpen)) return;
    if (this.world.sockets.at(-1)?.readyState !== 1) return;
    this.#n += 1;
    this.world.socket.receive({ t: 'ev', n: this.#n, c: String(at + 1), ...event });
  }

  #bootstrap(): Bootstrap {
    return { ...sampleBootstrap, cursor: String(this.#log.length), counts: this.#counts() };
  }

  #counts() {
    return { new: this.rows.size, pending: 0, all: this.rows.size, resolved: 0 };
  }

  #find(id: string): Conversation {
    const row = this.rows.get(id);
    if (!row) throw new ApiProblem(404, 'not_found', 'There is no such thing here.', null, null);
    return row;
  }

  /** What is read is read now; the answer is on its way for a while. */
  async #answer<T>(read: () => T): Promise<T> {
    const answer = read();
    await Promise.resolve();
    return answer;
  }
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

async function startFeed(server: Server): Promise<LiveFeed> {
  const feed = new LiveFeed(new LiveStore(), server.world, (run) => run());
  feed.resume();
  await settle();
  server.connect();
  await feed.loadList('new');
  await feed.open(open);
  return feed;
}

afterEach(() => vi.clearAllMocks());

describe('the live feed', () => {
  it('loses nothing and doubles nothing, wherever the line is cut and whatever the ring forgot', async () => {
    const steps = fc.array(
      fc.oneof(
        { weight: 6, arbitrary: fc.nat(4).map((n) => ['receive', n] as const) },
        {
          weight: 2,
          arbitrary: fc.constantFrom('cut', 'connect', 'settle', 'pass').map((kind) => [kind, 0] as const),
        },
        { weight: 1, arbitrary: fc.constant(['forget', 0] as const) },
      ),
      { maxLength: 50 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (list) => {
        const server = new Server();
        const feed = await startFeed(server);
        for (const [kind, n] of list) {
          if (kind === 'receive') server.receive(n);
          else if (kind === 'pass') server.world.pass(3_000);
          else if (kind === 'settle') await settle();
          else server[kind]();
        }
        server.world.pass(60_000);
        server.connect();
        await settle();
        expect(feed.store.view('new').ids).toEqual(server.waiting().map((row) => row.id));
        expect(feed.store.counts?.new).toBe(server.rows.size);
        const told = feed.store.timeline(open).messages.map((message) => message.id);
        expect(told).toEqual(server.messages.toSorted(compareMessages).map((message) => message.id));
        feed.stop();
      }),
      { numRuns: 200 },
    );
  });

  it('asks the gateway for nothing because of what is pushed', async () => {
    const server = new Server();
    await startFeed(server);
    vi.clearAllMocks();
    for (let n = 0; n < 1_000; n += 1) server.receive(n % 7);
    await settle();
    expect(vi.mocked(lists.getConversations)).not.toHaveBeenCalled();
    expect(vi.mocked(gateway.getConversation)).not.toHaveBeenCalled();
    expect(vi.mocked(gateway.getMessages)).not.toHaveBeenCalled();
    expect(vi.mocked(gateway.getBootstrap)).not.toHaveBeenCalled();
  });

  it('does not declare a conversation that the gateway does not know, which would be refused', async () => {
    const server = new Server();
    const feed = await startFeed(server);
    await feed.open('nonsense' as ConversationId);
    expect(server.world.socket.sent.at(-1)).toEqual({ t: 'show', shown: [], open: null });
    expect(feed.store.isGone('nonsense')).toBe(true);
  });

  it('says why it could not start, and starts when asked again', async () => {
    const server = new Server();
    vi.mocked(gateway.getBootstrap).mockRejectedValueOnce(new Unreachable('down'));
    const feed = new LiveFeed(new LiveStore(), server.world, (run) => run());
    feed.resume();
    await settle();
    expect(feed.status.startError).toBeInstanceOf(Unreachable);
    await feed.start();
    expect(feed.status.startError).toBeNull();
    expect(feed.store.start?.me.login).toBe('ana');
  });

  it('asks again by itself, once the line is back, for a list that could not be loaded', async () => {
    const server = new Server();
    const feed = await startFeed(server);
    vi.mocked(lists.getConversations).mockRejectedValueOnce(new Unreachable('down'));
    await feed.loadList('pending');
    expect(feed.store.view('pending').status).toBe('failed');
    server.cut();
    server.world.pass(5_000);
    server.connect();
    await settle();
    expect(feed.store.view('pending').status).toBe('ready');
  });

  it('says that a new version is there when the gateway serves another build', async () => {
    const server = new Server();
    const feed = await startFeed(server);
    expect(feed.status.hasNewBuild).toBe(false);
    server.world.socket.receive({ t: 'welcome', resumed: true, conn: 'c', ui_build: 'b' });
    expect(feed.status.hasNewBuild).toBe(true);
  });
});
