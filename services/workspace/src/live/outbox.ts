// Replies on their way to the gateway. Each has a key: asking again with it gives the first outcome, so what got no
// answer is asked again without any harm. What is refused stays here until the reply box takes its text back.
import * as gateway from '../api/gateway';
import { ApiProblem } from '../api/http';
import type { ConversationId, Instant, Message, MessageId, Network, NewReply } from '../api/types';
import type { Surroundings } from './socket';
import type { LiveStore } from './store';
import { Topics } from './topics';

export interface LocalReply {
  readonly conversation: ConversationId;
  readonly network: Network;
  readonly reply: NewReply;
  readonly at: Instant;
  /** `waiting`: for the gateway to be there again. `refused`: by the gateway, for a reason. */
  readonly state: 'sending' | 'waiting' | 'refused';
  readonly problem: { readonly code: string; readonly detail: string } | null;
  /** The messages that were here before it, so that its own can be told from them. */
  readonly known: ReadonlySet<string>;
}

export interface Accepted {
  readonly conversation: ConversationId;
  readonly key: string;
  readonly linkNotices: readonly string[];
}

const none: readonly LocalReply[] = [];
const firstPause = 1_000;
const longestPause = 15_000;
/** Nothing was decided about the reply; 401 is a session that a new sign-in goes on with. */
const undecided: ReadonlySet<number> = new Set([401, 408, 429, 500, 502, 503, 504]);

export class Outbox {
  readonly #replies = new Map<string, LocalReply>();
  readonly #lists = new Map<string, readonly LocalReply[]>();
  readonly #topics = new Topics<string>();
  readonly #accepted = new Set<(accepted: Accepted) => void>();
  readonly #tries = new Map<string, number>();

  constructor(
    private readonly store: LiveStore,
    private readonly surroundings: Pick<Surroundings, 'now' | 'after'>,
  ) {}

  of(conversation: string): readonly LocalReply[] {
    return this.#lists.get(conversation) ?? none;
  }

  subscribe(conversation: string, listener: () => void): () => void {
    return this.#topics.subscribe(conversation, listener);
  }

  onAccepted(listener: (accepted: Accepted) => void): () => void {
    this.#accepted.add(listener);
    return () => this.#accepted.delete(listener);
  }

  /** The fence is asked for when the reply goes out: the right to answer may still be on its way. */
  send(
    conversation: ConversationId,
    network: Network,
    reply: NewReply,
    fenceOf?: () => Promise<number>,
  ): void {
    const { messages } = this.store.timeline(conversation);
    this.#put({
      conversation,
      network,
      reply,
      at: new Date(this.surroundings.now()).toISOString(),
      state: 'sending',
      problem: null,
      known: new Set(messages.map((message) => message.id)),
    });
    void this.#try(reply.key, fenceOf);
  }

  /** The line is back: what waited for it goes out. */
  resume(): void {
    for (const { state, reply } of this.#replies.values()) if (state === 'waiting') void this.#try(reply.key);
  }

  /** Takes a reply out, with its text, to be changed or thrown away. */
  take(key: string): LocalReply | undefined {
    const local = this.#replies.get(key);
    if (local) this.#remove(local);
    return local;
  }

  async #try(key: string, fenceOf?: () => Promise<number>): Promise<void> {
    const waiting = this.#replies.get(key);
    if (!waiting) return;
    if (waiting.state !== 'sending') this.#put({ ...waiting, state: 'sending', problem: null });
    const fence = fenceOf ? await fenceOf() : waiting.reply.fence;
    const local = { ...waiting, state: 'sending', reply: { ...waiting.reply, fence } } as const;
    if (!this.#replies.has(key)) return;
    // Nothing of it is seen: the fence goes with the next attempt as well.
    this.#replies.set(key, local);
    try {
      const {
        row,
        message,
        link_notices: linkNotices,
      } = await gateway.postReply(local.conversation, local.reply);
      this.store.apply([
        { k: 'message.upsert', d: message },
        { k: 'conversation.upsert', d: row },
      ]);
      this.#remove(local);
      const accepted = { conversation: local.conversation, key, linkNotices };
      for (const listener of this.#accepted) listener(accepted);
    } catch (error) {
      this.#failed(key, error);
    }
  }

  #failed(key: string, error: unknown): void {
    const local = this.#replies.get(key);
    if (!local) return;
    if (error instanceof ApiProblem && !undecided.has(error.status)) {
      this.#put({ ...local, state: 'refused', problem: { code: error.code, detail: error.message } });
      return;
    }
    this.#put({ ...local, state: 'waiting', problem: null });
    const tries = this.#tries.get(key) ?? 0;
    this.#tries.set(key, tries + 1);
    this.surroundings.after(Math.min(firstPause * 2 ** tries, longestPause), () => {
      if (this.#replies.get(key)?.state === 'waiting') void this.#try(key);
    });
  }

  #put(local: LocalReply): void {
    this.#replies.set(local.reply.key, local);
    this.#publish(local.conversation);
  }

  #remove(local: LocalReply): void {
    this.#replies.delete(local.reply.key);
    this.#tries.delete(local.reply.key);
    this.#publish(local.conversation);
  }

  #publish(conversation: ConversationId): void {
    const list = [...this.#replies.values()].filter((each) => each.conversation === conversation);
    this.#lists.set(conversation, list);
    this.#topics.tell(conversation);
  }
}

const noActs = { liked: null, hidden: null, reposted: null, following: null, deleted: null };

export function isLocal(message: Message): boolean {
  return message.id.startsWith('local:');
}

/** The key of a reply that is only here. */
export function localKey(message: Message): string {
  return message.id.slice('local:'.length);
}

/**
 * The story with what is on its way at its end. The frame with a reply may come before the answer to sending it: a
 * message of mine that was not here before, by the same account and kind, is that reply, and it is shown once.
 */
export function withLocal(
  messages: readonly Message[],
  locals: readonly LocalReply[],
  me: { readonly id: string; readonly name: string },
): readonly Message[] {
  if (locals.length === 0) return messages;
  const taken = new Set<string>();
  const shown: Message[] = [];
  for (const local of locals) {
    if (local.state === 'refused') continue;
    const twin = messages.find(
      (message) =>
        message.reply?.member_id === me.id &&
        message.kind === local.reply.kind &&
        message.reply.channel_id === local.reply.channel_id &&
        !local.known.has(message.id) &&
        !taken.has(message.id),
    );
    if (twin) taken.add(twin.id);
    else shown.push(asMessage(local, me));
  }
  return shown.length === 0 ? messages : [...messages, ...shown];
}

function asMessage(local: LocalReply, me: { readonly id: string; readonly name: string }): Message {
  const { reply, conversation, network, at } = local;
  return {
    id: `local:${reply.key}` as MessageId,
    conversation_id: conversation,
    sequence: 0,
    rev: 0,
    kind: reply.kind,
    network,
    direction: 'outbound',
    author: null,
    channel_ids: [reply.channel_id],
    text: reply.text,
    edited: false,
    deleted: false,
    attachments: [],
    permalink: null,
    network_time: at,
    external_id: '',
    in_reply_to: reply.in_reply_to,
    reactions: [],
    delivered: false,
    read: false,
    reply: {
      state: 'queued',
      member_id: me.id,
      name: me.name,
      channel_id: reply.channel_id,
      attempt: 1,
      failure_code: null,
      failure: null,
      retryable: false,
      waits_until: null,
      wait_reason: local.state === 'waiting' ? 'connection' : null,
    },
    answers: [],
    actions: [],
    acts: noActs,
  };
}
