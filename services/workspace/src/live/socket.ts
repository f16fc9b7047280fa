// The live connection: opens, says hello with the cursor, checks that no frame is missing, answers pings,
// comes back after a loss with growing, jittered pauses, and after a goodbye when the gateway asked it to. It
// knows nothing of what the events mean.
import type { ConversationId } from '../api/types';
import type { ClientFrame, NumberedEvent, ServerFrame, Shown, SideEvent } from './wire';

export type ConnectionState = 'connecting' | 'live' | 'reconnecting' | 'offline';

/** What the socket needs from its surroundings; tests give their own. */
export interface Surroundings {
  open(): WebSocket;
  now(): number;
  /** Runs once after the given milliseconds; returns what cancels it. */
  after(milliseconds: number, run: () => void): () => void;
  random(): number;
  isOnline(): boolean;
}

export interface Handlers {
  /** Where to resume from, and what is on the screen. */
  hello(): { cursor: string } & Shown;
  events(events: readonly NumberedEvent[]): void;
  side(event: SideEvent): void;
  /** Where to resume from although nothing happened, so that a quiet line does not fall out of the ring. */
  cursor(cursor: string): void;
  reset(): void;
  welcome(uiBuild: string): void;
  state(state: ConnectionState): void;
  /** Asked after a connection that never became live: is the session still good? */
  refused(): void;
}

/** The server pings every 20 s; ten more without a frame means that the line is dead. */
const silenceLimit = 30_000;
/** A timer this late means that the machine slept and the socket is not to be trusted. */
const sleepDrift = 5_000;
const checkEvery = 5_000;
const firstPause = 1_000;
const longestPause = 20_000;
/** How long a gateway that said goodbye may be missed before the screen says so: nothing has been lost. */
const goodbyeGrace = 5_000;
/** What clients that were told the same moment are spread over. */
const goodbyeJitter = 250;

export function pauseBefore(attempt: number, random: () => number): number {
  const pause = Math.min(firstPause * 2 ** attempt, longestPause);
  return pause * (0.7 + 0.6 * random());
}

export class LiveSocket {
  #socket: WebSocket | null = null;
  #state: ConnectionState = 'connecting';
  #expected = 1;
  #attempt = 0;
  #wasWelcomed = false;
  /** Between a goodbye and the next welcome, while the grace lasts. */
  #isExpected = false;
  #lastFrameAt = 0;
  #isStopped = true;
  #cancelCheck = (): void => undefined;
  #cancelRetry = (): void => undefined;
  #cancelGrace = (): void => undefined;

  constructor(
    private readonly handlers: Handlers,
    private readonly surroundings: Surroundings,
  ) {}

  start(): void {
    if (!this.#isStopped) return;
    this.#isStopped = false;
    this.#connect();
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelRetry();
    this.#endGrace();
    this.#drop();
  }

  show(shown: Shown & { readonly want?: readonly ConversationId[] }): void {
    this.#send({ t: 'show', ...shown });
  }

  typing(conversation: ConversationId, on: boolean): void {
    this.#send({ t: 'typing', conversation, on });
  }

  /** The network came back, or the tab after a while: do not wait out the pause. */
  wake(): void {
    if (this.#isStopped) return;
    const isSilent = this.surroundings.now() - this.#lastFrameAt > silenceLimit;
    if (this.#socket && this.#state === 'live' && !isSilent) return;
    this.#attempt = 0;
    this.#reconnect(0);
  }

  lost(): void {
    if (!this.#isStopped) this.#setState(this.surroundings.isOnline() ? this.#state : 'offline');
  }

  #connect(): void {
    this.#drop();
    this.#wasWelcomed = false;
    this.#expected = 1;
    this.#lastFrameAt = this.surroundings.now();
    const socket = this.surroundings.open();
    this.#socket = socket;
    socket.addEventListener('open', () => {
      if (socket === this.#socket) this.#send({ t: 'hello', moved: true, ...this.handlers.hello() });
    });
    socket.addEventListener('message', (event) => {
      if (socket === this.#socket) this.#receive(event.data as string);
    });
    socket.addEventListener('close', () => {
      if (socket === this.#socket) this.#closed();
    });
    this.#watch();
  }

  #closed(): void {
    this.#drop();
    if (!this.#wasWelcomed) this.handlers.refused();
    if (!this.#isStopped) this.#reconnect(pauseBefore(this.#attempt, () => this.surroundings.random()));
  }

  #reconnect(pause: number): void {
    this.#drop();
    this.#cancelRetry();
    if (!this.surroundings.isOnline()) this.#setState('offline');
    else if (!this.#isExpected) this.#setState('reconnecting');
    this.#attempt += 1;
    this.#cancelRetry = this.surroundings.after(pause, () => this.#connect());
  }

  /** The gateway stops and asked to be left for another one: no loss, unless the other one is long in coming. */
  #leave(after: number): void {
    const pause = after + goodbyeJitter * this.surroundings.random();
    this.#isExpected = true;
    this.#cancelGrace();
    this.#cancelGrace = this.surroundings.after(pause + goodbyeGrace, () => {
      this.#isExpected = false;
      this.#setState(this.surroundings.isOnline() ? 'reconnecting' : 'offline');
    });
    this.#reconnect(pause);
    this.#attempt = 0;
  }

  #endGrace(): void {
    this.#isExpected = false;
    this.#cancelGrace();
  }

  #drop(): void {
    this.#cancelCheck();
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #watch(): void {
    const due = this.surroundings.now() + checkEvery;
    this.#cancelCheck = this.surroundings.after(checkEvery, () => {
      const now = this.surroundings.now();
      if (now - due > sleepDrift || now - this.#lastFrameAt > silenceLimit) this.#reconnect(0);
      else this.#watch();
    });
  }

  #receive(data: string): void {
    this.#lastFrameAt = this.surroundings.now();
    const frame = JSON.parse(data) as ServerFrame;
    switch (frame.t) {
      case 'welcome':
        this.#wasWelcomed = true;
        this.#attempt = 0;
        this.#endGrace();
        this.#setState('live');
        this.handlers.welcome(frame.ui_build);
        if (!frame.resumed) this.handlers.reset();
        break;
      case 'reset':
        this.handlers.reset();
        break;
      case 'ping':
        if (frame.c !== undefined) this.handlers.cursor(frame.c);
        this.#send({ t: 'pong' });
        break;
      case 'goodbye':
        this.#leave(frame.after);
        break;
      case 'side':
        this.handlers.side(frame);
        break;
      case 'batch':
        this.#take(frame.evs);
        break;
      case 'ev':
        this.#take([frame]);
        break;
      // A frame of a newer gateway.
      default:
    }
  }

  /** A hole in the numbers means that something was lost on the way: what is whole counts, then resume. */
  #take(events: readonly NumberedEvent[]): void {
    const whole: NumberedEvent[] = [];
    for (const event of events) {
      if (event.n !== this.#expected) break;
      this.#expected += 1;
      whole.push(event);
    }
    if (whole.length > 0) this.handlers.events(whole);
    if (whole.length < events.length) this.#reconnect(0);
  }

  #send(frame: ClientFrame): void {
    if (this.#socket?.readyState === 1) this.#socket.send(JSON.stringify(frame));
  }

  #setState(state: ConnectionState): void {
    if (state === 'offline') this.#endGrace();
    if (this.#state === state) return;
    this.#state = state;
    this.handlers.state(state);
  }
}
