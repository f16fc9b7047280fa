// What was written and not yet accepted, kept in this browser per member, conversation and mode. It is written at
// once and goes only when the server has accepted it, so that neither a reload nor a crash loses a word. `sync.ts`
// carries it to the member's other devices.
import type { ConversationId, MessageId, MessageKind } from '../api/types';

/** Where a text would go: to the customer, or to colleagues. */
export type Mode = 'reply' | 'note';

export interface Draft {
  readonly text: string;
  /** The message that is answered; null for the customer's last one, whichever that is. Of a note, the message that
   * it is tied to; null for one on the conversation. */
  readonly target: MessageId | null;
  /** As chosen; null for what suits the message. */
  readonly kind: MessageKind | null;
  readonly channel_id: string | null;
  readonly shorten: boolean;
  /** Addresses that stay long although links are shortened. */
  readonly keep_long: readonly string[];
  /** The key under which exactly this was sent, when no answer came: sending it again must not send it twice. */
  readonly sent_as: string | null;
  readonly updated_at: number;
  /** The version that the server has, by its time; 0 while it has none. */
  readonly synced_at: number;
  /** What stood here before a newer text of another device took its place. */
  readonly other: { readonly text: string; readonly at: number } | null;
}

/** A draft changed by whoever writes here. */
export type OnWritten = (conversation: ConversationId, mode: Mode) => void;

export const emptyDraft: Draft = {
  text: '',
  target: null,
  kind: null,
  channel_id: null,
  shorten: false,
  keep_long: [],
  sent_as: null,
  updated_at: 0,
  synced_at: 0,
  other: null,
};

const version = 1;
const prefix = 'guichet.draft.';
/** A draft that nobody touched for so long is forgotten. */
const longestKept = 30 * 24 * 60 * 60 * 1_000;

interface Stored extends Draft {
  readonly v: typeof version;
}

function isStored(value: unknown): value is Stored {
  if (typeof value !== 'object' || value === null) return false;
  const { v, text, updated_at: at } = value as Partial<Stored>;
  return v === version && typeof text === 'string' && typeof at === 'number';
}

export function parseDraft(stored: string | null): Draft | null {
  if (stored === null) return null;
  try {
    const value: unknown = JSON.parse(stored);
    if (!isStored(value)) return null;
    const { v: _, ...draft } = value;
    return { ...emptyDraft, ...draft };
  } catch {
    return null;
  }
}

export class Drafts {
  readonly #known = new Map<string, Draft>();
  readonly #listeners = new Set<() => void>();
  readonly #written = new Set<OnWritten>();

  constructor(
    private readonly member: string,
    private readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>,
    private readonly now: () => number = Date.now,
  ) {
    this.#readAll();
  }

  get(conversation: ConversationId | string, mode: Mode = 'reply'): Draft {
    return this.#known.get(this.#key(conversation, mode)) ?? emptyDraft;
  }

  /** True when something was written; a choice alone is no draft. */
  has(conversation: string, mode: Mode = 'reply'): boolean {
    return this.get(conversation, mode).text.trim() !== '';
  }

  change(conversation: ConversationId, change: Partial<Draft>, mode: Mode = 'reply'): void {
    const key = this.#key(conversation, mode);
    const before = this.get(conversation, mode);
    // Another text, account or kind is another reply.
    const sent = change.sent_as === undefined ? null : change.sent_as;
    // Two changes within one millisecond are two versions.
    const at = Math.max(this.now(), before.updated_at + 1);
    this.#put(key, { ...before, ...change, sent_as: sent, updated_at: at });
    this.#tellWritten(conversation, mode);
  }

  clear(conversation: ConversationId, mode: Mode = 'reply'): void {
    this.drop(conversation, mode);
    this.#tellWritten(conversation, mode);
  }

  /** It is gone elsewhere, so that nobody needs to be told. */
  drop(conversation: ConversationId, mode: Mode): void {
    const key = this.#key(conversation, mode);
    this.#known.delete(key);
    try {
      this.storage.removeItem(key);
    } catch {
      // Nothing was kept there.
    }
    this.#tell();
  }

  /** Takes in what another device wrote, or what the server has by now. */
  adopt(conversation: ConversationId, mode: Mode, change: Partial<Draft>): void {
    this.#put(this.#key(conversation, mode), { ...this.get(conversation, mode), ...change });
  }

  /** Every draft that is here. */
  all(): { readonly conversation: ConversationId; readonly mode: Mode; readonly draft: Draft }[] {
    return [...this.#known].map(([key, draft]) => {
      const [conversation = '', mode] = key.slice(this.#own.length).split('.');
      return {
        conversation: conversation as ConversationId,
        mode: mode === 'note' ? 'note' : 'reply',
        draft,
      };
    });
  }

  onWritten(listener: OnWritten): () => void {
    this.#written.add(listener);
    return () => this.#written.delete(listener);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Another tab wrote: the later one stands. */
  storageChanged(key: string | null, value: string | null): void {
    if (key === null || !key.startsWith(this.#own)) return;
    const draft = parseDraft(value);
    const have = this.#known.get(key);
    if (draft && (have?.updated_at ?? 0) <= draft.updated_at) this.#known.set(key, draft);
    else if (!draft) this.#known.delete(key);
    else return;
    this.#tell();
  }

  get #own(): string {
    return `${prefix}${this.member}.`;
  }

  #key(conversation: string, mode: Mode): string {
    return `${this.#own}${conversation}.${mode}`;
  }

  #put(key: string, draft: Draft): void {
    this.#known.set(key, draft);
    try {
      this.storage.setItem(key, JSON.stringify({ v: version, ...draft }));
    } catch {
      // Storage is forbidden or full; the draft lasts as long as the tab.
    }
    this.#tell();
  }

  #readAll(): void {
    try {
      const keys = Array.from({ length: this.storage.length }, (_, index) => this.storage.key(index) ?? '');
      for (const key of keys.filter((each) => each.startsWith(this.#own))) {
        const draft = parseDraft(this.storage.getItem(key));
        if (draft && this.now() - draft.updated_at < longestKept) this.#known.set(key, draft);
        else this.storage.removeItem(key);
      }
    } catch {
      // Storage is forbidden.
    }
  }

  #tellWritten(conversation: ConversationId, mode: Mode): void {
    for (const listener of this.#written) listener(conversation, mode);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
