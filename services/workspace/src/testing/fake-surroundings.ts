// Sockets, clock and timers that a test moves by hand.
import type { Surroundings } from '../live/socket';

export class FakeSocket extends EventTarget {
  readyState = 0;
  readonly sent: { t: string; [key: string]: unknown }[] = [];

  open(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event('open'));
  }

  send(data: string): void {
    this.sent.push(JSON.parse(data) as { t: string });
  }

  receive(frame: unknown): void {
    if (this.readyState === 1)
      this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(frame) }));
  }

  close(): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.dispatchEvent(new Event('close'));
  }
}

interface Timer {
  readonly due: number;
  readonly run: () => void;
}

export class FakeSurroundings implements Surroundings {
  readonly sockets: FakeSocket[] = [];
  online = true;
  #now = 1_000_000;
  #timers = new Set<Timer>();

  get socket(): FakeSocket {
    const last = this.sockets.at(-1);
    if (!last) throw new Error('no socket was opened');
    return last;
  }

  open(): WebSocket {
    const socket = new FakeSocket();
    this.sockets.push(socket);
    return socket as unknown as WebSocket;
  }

  now(): number {
    return this.#now;
  }

  random(): number {
    return 0.5;
  }

  isOnline(): boolean {
    return this.online;
  }

  after(milliseconds: number, run: () => void): () => void {
    const timer = { due: this.#now + milliseconds, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Lets time pass; timers run when they are due. */
  pass(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const next = [...this.#timers].filter((timer) => timer.due <= end).toSorted((a, b) => a.due - b.due)[0];
      if (!next) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.due);
      next.run();
    }
    this.#now = end;
  }

  /** The machine sleeps: time passes, no timer runs until it wakes. */
  sleep(milliseconds: number): void {
    this.#now += milliseconds;
    this.pass(0);
  }
}
