// Something that happened, told to whoever listens now; nothing is kept for those who come later.

export class Signal<Value = void> {
  readonly #listeners = new Set<(value: Value) => void>();

  on = (listener: (value: Value) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  tell(value: Value): void {
    for (const listener of this.#listeners) listener(value);
  }
}
