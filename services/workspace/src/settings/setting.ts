// A choice kept in this browser. Storage may be forbidden or full; the choice then lasts as long as the tab.

export class Setting<Value extends string> {
  #value: Value | null;
  readonly #listeners = new Set<() => void>();

  constructor(
    private readonly key: string,
    private readonly allowed: readonly Value[],
  ) {
    this.#value = this.#read();
  }

  get value(): Value | null {
    return this.#value;
  }

  set(value: Value): void {
    this.#value = value;
    try {
      localStorage.setItem(this.key, value);
    } catch {
      // Kept in memory only.
    }
    for (const listener of this.#listeners) listener();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #read(): Value | null {
    try {
      const stored = localStorage.getItem(this.key);
      return this.allowed.find((value) => value === stored) ?? null;
    } catch {
      return null;
    }
  }
}
