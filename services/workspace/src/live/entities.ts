// Entities by id, newest revision wins. Applying a row is safe to repeat and safe out of order.

export interface Revised {
  readonly id: string;
  readonly rev: number;
}

export class EntityTable<Row extends Revised> {
  readonly #rows = new Map<string, Row>();
  /** Ids that left this member's sight. A page that was under way when they left must not bring them back. */
  readonly #gone = new Set<string>();

  get(id: string): Row | undefined {
    return this.#rows.get(id);
  }

  isGone(id: string): boolean {
    return this.#gone.has(id);
  }

  values(): IterableIterator<Row> {
    return this.#rows.values();
  }

  /** True when the row is news. A pushed row also brings back one that was gone; a fetched row does not. */
  put(row: Row, source: 'pushed' | 'fetched'): boolean {
    if (this.#gone.has(row.id)) {
      if (source === 'fetched') return false;
      this.#gone.delete(row.id);
    }
    const have = this.#rows.get(row.id);
    if (have && have.rev >= row.rev) return false;
    this.#rows.set(row.id, row);
    return true;
  }

  remove(id: string): Row | undefined {
    const have = this.#rows.get(id);
    this.#rows.delete(id);
    this.#gone.add(id);
    return have;
  }

  /** It is in sight again, although no row of it has come yet. */
  revive(id: string): void {
    this.#gone.delete(id);
  }

  clear(): void {
    this.#rows.clear();
    this.#gone.clear();
  }
}
