// Work from the socket is done once per animation frame, however many events arrived in it. A hidden tab
// gets no animation frames, so a timer takes over there.

export interface Schedule {
  (run: () => void): void;
}

const hiddenDelay = 250;

export const onNextFrame: Schedule = (run) => {
  if (document.hidden) setTimeout(run, hiddenDelay);
  else requestAnimationFrame(() => run());
};

export class FrameQueue<Item> {
  #waiting: Item[] = [];
  #isScheduled = false;

  constructor(
    private readonly apply: (items: readonly Item[]) => void,
    private readonly schedule: Schedule = onNextFrame,
  ) {}

  push(items: readonly Item[]): void {
    for (const item of items) this.#waiting.push(item);
    if (this.#isScheduled || this.#waiting.length === 0) return;
    this.#isScheduled = true;
    this.schedule(() => this.flush());
  }

  /** Applies at once what waits; also called when a frame was scheduled while the tab was being hidden. */
  flush(): void {
    this.#isScheduled = false;
    const items = this.#waiting;
    this.#waiting = [];
    if (items.length > 0) this.apply(items);
  }

  clear(): void {
    this.#waiting = [];
  }
}
