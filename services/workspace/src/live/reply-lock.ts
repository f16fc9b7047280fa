// The right to answer one conversation, for this tab: taken when the reply box gets the focus, renewed while it has
// it, given back on leaving. The server has the last word; this only keeps asking in time.
import * as gateway from '../api/gateway';
import type { ConversationId, Lock } from '../api/types';
import type { Surroundings } from './socket';

export const renewEvery = 10_000;

export type LockState =
  | { readonly kind: 'free' }
  | { readonly kind: 'mine'; readonly fence: number }
  /** Somebody holds it; `wasMine` when it was taken from this tab. */
  | { readonly kind: 'held'; readonly by: Lock; readonly wasMine: boolean };

const free: LockState = { kind: 'free' };

export class ReplyLock {
  #state: LockState = free;
  #isWanted = false;
  #isOver = false;
  #cancelRenewal = (): void => undefined;
  #asking: Promise<void> | null = null;
  /** The newest lock that a row told of. */
  #told: Lock | null = null;
  readonly #listeners = new Set<() => void>();

  constructor(
    private readonly conversation: ConversationId,
    private readonly surroundings: Pick<Surroundings, 'after'>,
  ) {}

  get state(): LockState {
    return this.#state;
  }

  /** Sent with a reply: 0 when this tab does not hold the lock, and the server judges by who does. */
  get fence(): number {
    return this.#state.kind === 'mine' ? this.#state.fence : 0;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The conversation is on the screen. */
  enter(): void {
    this.#isOver = false;
  }

  focus(): void {
    if (this.#isWanted) return;
    this.#isWanted = true;
    void this.#ask(false);
  }

  /** The lock is kept until it runs out, so that a look elsewhere does not lose it. */
  blur(): void {
    this.#isWanted = false;
    this.#cancelRenewal();
  }

  takeOver(): Promise<void> {
    this.#isWanted = true;
    return this.#ask(true);
  }

  /** Waits for a request that is under way: a reply that is sent at once should carry the fence. */
  async settled(): Promise<void> {
    await this.#asking;
  }

  leave(): void {
    this.#isOver = true;
    this.blur();
    if (this.#state.kind === 'mine') this.#giveBack(this.#state.fence);
    this.#state = free;
  }

  /** What a row says: who took it over, or that nobody holds it any more. */
  seen(lock: Lock | null): void {
    this.#told = lock;
    const state = this.#state;
    // The frame may come before the answer that explains it: it may be this tab's own lock.
    if (this.#asking && state.kind !== 'mine') return;
    if (state.kind === 'mine') {
      if (lock && lock.fence > state.fence) this.#set({ kind: 'held', by: lock, wasMine: true });
      else if (!lock && !this.#asking) this.#set(free);
    } else if (!lock) this.#set(free);
    else if (state.kind === 'free' || lock.fence > state.by.fence) {
      this.#set({ kind: 'held', by: lock, wasMine: false });
    }
  }

  async #ask(takesOver: boolean): Promise<void> {
    this.#cancelRenewal();
    const asking = this.#askOnce(takesOver);
    this.#asking = asking;
    try {
      await asking;
    } finally {
      if (this.#asking === asking) this.#asking = null;
      if (this.#isWanted)
        this.#cancelRenewal = this.surroundings.after(renewEvery, () => void this.#ask(false));
    }
  }

  async #askOnce(takesOver: boolean): Promise<void> {
    try {
      const { lock, granted } = await gateway.acquireLock(this.conversation, takesOver);
      if (this.#isOver) {
        if (granted && lock) this.#giveBack(lock.fence);
        return;
      }
      if (!lock) return this.#set(free);
      const told = this.#told;
      const wasMine = this.#state.kind === 'mine' || (this.#state.kind === 'held' && this.#state.wasMine);
      if (!granted) this.#set({ kind: 'held', by: lock, wasMine });
      else if (told && told.fence > lock.fence) this.#set({ kind: 'held', by: told, wasMine: true });
      else this.#set({ kind: 'mine', fence: lock.fence });
    } catch {
      // Without an answer nothing is known to have changed; the next renewal asks again.
    }
  }

  #giveBack(fence: number): void {
    void gateway.releaseLock(this.conversation, fence).catch(() => undefined);
  }

  #set(state: LockState): void {
    if (this.#isOver) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
