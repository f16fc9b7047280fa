// A choice kept in this browser. Storage may be forbidden or full; the choice then lasts as long as the tab.

const changedKey = 'guichet.changed';

/** When something was last chosen here that follows the member to other devices; null if nothing ever was. */
export function lastChange(): string | null {
  try {
    return localStorage.getItem(changedKey);
  } catch {
    return null;
  }
}

function keep(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Kept in memory only.
  }
}

interface Options<Value> {
  readonly read: (stored: string) => Value | null;
  readonly write: (value: Value) => string;
  /** Whether it follows the member to other devices. */
  readonly isShared: boolean;
}

/** Any value that can be written as text. */
export class Kept<Value> {
  #value: Value | null;
  readonly #listeners = new Set<() => void>();

  constructor(
    private readonly key: string,
    private readonly options: Options<Value>,
  ) {
    this.#value = this.#read();
  }

  get value(): Value | null {
    return this.#value;
  }

  /** Null: as if nothing had been chosen. */
  set(value: Value | null): void {
    this.adopt(value);
    if (this.options.isShared) keep(changedKey, new Date().toISOString());
    for (const listener of this.#listeners) listener();
  }

  /** Chosen on another device: nothing that would have to be told there. */
  take(value: Value | null): void {
    this.adopt(value);
    for (const listener of this.#listeners) listener();
  }

  private adopt(value: Value | null): void {
    this.#value = value;
    keep(this.key, value === null ? null : this.options.write(value));
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #read(): Value | null {
    try {
      const stored = localStorage.getItem(this.key);
      return stored === null ? null : this.options.read(stored);
    } catch {
      return null;
    }
  }
}

/** One of a few words. */
export class Setting<Value extends string> extends Kept<Value> {
  constructor(key: string, allowed: readonly Value[], isShared = false) {
    super(key, {
      read: (stored) => allowed.find((value) => value === stored) ?? null,
      write: (value) => value,
      isShared,
    });
  }
}
