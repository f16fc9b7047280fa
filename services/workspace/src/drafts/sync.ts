// Carries drafts to the member's other devices: what was written goes to the server after a moment of rest, what came
// from elsewhere is taken in when it is newer. Whatever is lost on the way, the draft in this browser stays.
import * as gateway from '../api/story';
import type { DraftMode, ServerDraft } from '../api/story-types';
import type { ConversationId } from '../api/types';
import type { Draft, Drafts } from './drafts';

export type After = (milliseconds: number, run: () => void) => () => void;

/** Milliseconds without a key press. */
const rest = 2_000;

export interface DraftChange {
  readonly conversation_id: ConversationId;
  readonly mode: DraftMode;
  readonly draft: ServerDraft | null;
}

export class DraftSync {
  readonly #timers = new Map<string, () => void>();
  /** Calls about one draft go one after the other, else an old text could arrive after a new one. */
  readonly #calls = new Map<string, Promise<void>>();
  /** Drafts that the server has, or may have after a call that got no answer. */
  readonly #there = new Set<string>();

  constructor(
    private readonly drafts: Drafts,
    private readonly after: After,
  ) {}

  /** From now on; what it returns ends it. */
  watch(): () => void {
    const end = this.drafts.onWritten((conversation, mode) => this.#written(conversation, mode));
    return () => {
      end();
      for (const cancel of this.#timers.values()) cancel();
      this.#timers.clear();
    };
  }

  /** Asks for all of the server's, takes in what is newer there, and sends what is newer here. */
  async pull(): Promise<void> {
    let there: readonly ServerDraft[];
    try {
      there = await gateway.getDrafts();
    } catch {
      // The next welcome asks again.
      return;
    }
    for (const draft of there) this.received({ ...draft, draft });
    for (const { conversation, mode, draft } of this.drafts.all()) {
      const isThere = there.some((each) => each.conversation_id === conversation && each.mode === mode);
      if (isThere) continue;
      // What the server had and has no more was accepted or thrown away on another device.
      if (draft.synced_at === draft.updated_at) this.drafts.drop(conversation, mode);
      else this.#push(conversation, mode);
    }
  }

  /** The server says how a draft stands. */
  received({ conversation_id: conversation, mode, draft: theirs }: DraftChange): void {
    const mine = this.drafts.get(conversation, mode);
    const isUnsent = mine.updated_at > mine.synced_at;
    if (theirs === null) {
      this.#there.delete(keyOf(conversation, mode));
      if (mine.updated_at !== 0 && !isUnsent) this.drafts.drop(conversation, mode);
      return;
    }
    this.#there.add(keyOf(conversation, mode));
    const at = Date.parse(theirs.written_at);
    if (at < mine.updated_at) {
      if (!this.#timers.has(keyOf(conversation, mode))) this.#push(conversation, mode);
      return;
    }
    if (at === mine.updated_at) return this.drafts.adopt(conversation, mode, { synced_at: at });
    const isLost = isUnsent && mine.text.trim() !== '' && mine.text !== theirs.text;
    this.drafts.adopt(conversation, mode, {
      ...contentOf(theirs),
      sent_as: null,
      updated_at: at,
      synced_at: at,
      other: isLost ? { text: mine.text, at: mine.updated_at } : mine.other,
    });
  }

  /** What still rests goes out now: the page may not be there for long. */
  flush(): void {
    for (const key of this.#timers.keys()) {
      const [conversation = '', mode] = key.split(' ');
      this.#push(conversation as ConversationId, mode as DraftMode);
    }
  }

  #written(conversation: ConversationId, mode: DraftMode): void {
    const key = keyOf(conversation, mode);
    this.#timers.get(key)?.();
    // What was accepted or emptied goes at once; a text waits for a moment of rest.
    if (!this.drafts.has(conversation, mode)) return this.#push(conversation, mode);
    this.#timers.set(
      key,
      this.after(rest, () => this.#push(conversation, mode)),
    );
  }

  #push(conversation: ConversationId, mode: DraftMode): void {
    const key = keyOf(conversation, mode);
    this.#timers.get(key)?.();
    this.#timers.delete(key);
    const before = this.#calls.get(key) ?? Promise.resolve();
    const call = before.then(() => this.#send(conversation, mode)).catch(() => undefined);
    this.#calls.set(key, call);
  }

  async #send(conversation: ConversationId, mode: DraftMode): Promise<void> {
    const key = keyOf(conversation, mode);
    const draft = this.drafts.get(conversation, mode);
    if (draft.text.trim() === '') {
      if (!this.#there.has(key)) return;
      await gateway.deleteDraft(conversation, mode);
      this.#there.delete(key);
      return;
    }
    if (draft.synced_at === draft.updated_at) return;
    this.#there.add(key);
    const stands = await gateway.putDraft(asServer(conversation, mode, draft));
    const now = this.drafts.get(conversation, mode);
    if (now.updated_at === draft.updated_at) {
      this.drafts.adopt(conversation, mode, { synced_at: draft.updated_at });
    }
    // Something newer stood there already.
    if (stands) this.received({ conversation_id: conversation, mode, draft: stands });
  }
}

function keyOf(conversation: string, mode: DraftMode): string {
  return `${conversation} ${mode}`;
}

function contentOf(theirs: ServerDraft): Partial<Draft> {
  const { text, kind, channel_id, in_reply_to: target, shorten_links: shorten } = theirs;
  return { text, kind, channel_id, target, shorten };
}

function asServer(conversation: ConversationId, mode: DraftMode, draft: Draft): ServerDraft {
  return {
    conversation_id: conversation,
    mode,
    text: draft.text,
    kind: draft.kind,
    channel_id: draft.channel_id,
    in_reply_to: draft.target,
    shorten_links: draft.shorten,
    written_at: new Date(draft.updated_at).toISOString(),
    rev: 0,
  };
}
