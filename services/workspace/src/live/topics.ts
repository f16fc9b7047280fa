// Listeners by topic: whoever subscribes hears of that topic and of nothing else.

export class Topics<Topic extends string> {
  readonly #listeners = new Map<Topic, Set<() => void>>();

  subscribe(topic: Topic, listener: () => void): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(topic);
    };
  }

  /** True when telling of it would be heard. */
  isHeard(topic: Topic): boolean {
    return this.#listeners.has(topic);
  }

  tell(...topics: readonly Topic[]): void {
    for (const topic of topics) for (const listener of this.#listeners.get(topic) ?? []) listener();
  }
}
