// What a member does to a message at its network: shown as done at once, taken back when the gateway refuses it. What
// the network itself says later comes with the message.
import * as gateway from '../api/story';
import type { ActName, Acts as ActsOfMessage, Message, MessageAction } from '../api/types';
import type { LiveStore } from './store';
import { Topics } from './topics';

type Toggle = Exclude<MessageAction['action'], 'quote' | 'delete'>;

/** Which fact an action changes, and to what. */
export const effects: Record<Toggle, { readonly name: ActName; readonly isOn: boolean }> = {
  like: { name: 'liked', isOn: true },
  unlike: { name: 'liked', isOn: false },
  hide: { name: 'hidden', isOn: true },
  unhide: { name: 'hidden', isOn: false },
  repost: { name: 'reposted', isOn: true },
  unrepost: { name: 'reposted', isOn: false },
  follow: { name: 'following', isOn: true },
  unfollow: { name: 'following', isOn: false },
};

export function isToggle(action: MessageAction['action']): action is Toggle {
  return action in effects;
}

export type Wished = { readonly [Name in ActName]?: boolean };
const nothing: Wished = {};

/** What is shown as standing: what was just asked for, else what the network is on its way to. */
export function isOn(acts: ActsOfMessage | undefined, wished: Wished, name: ActName): boolean {
  const act = acts?.[name];
  // What failed left standing what stood.
  const stands = act?.state === 'failed' ? act.on : act?.state === 'on' || act?.state === 'turning_on';
  return wished[name] ?? stands;
}

export class Acts {
  readonly #wished = new Map<string, Wished>();
  readonly #turns = new Map<string, number>();
  readonly #topics = new Topics<string>();

  constructor(private readonly store: LiveStore) {}

  /** By a message; what concerns its author is kept by the conversation, which is all one author's. */
  of(key: string): Wished {
    return this.#wished.get(key) ?? nothing;
  }

  subscribe(key: string, listener: () => void): () => void {
    return this.#topics.subscribe(key, listener);
  }

  /** Fails with what the gateway said, after what was shown has been taken back. */
  async run(message: Message, action: Toggle, channel: string): Promise<void> {
    const { name, isOn: wish } = effects[action];
    // Whoever is followed is followed on every message of theirs.
    const key = name === 'following' ? message.conversation_id : message.id;
    const turn = this.#wish(key, name, wish);
    try {
      const wanted = { key: crypto.randomUUID(), action, channel_id: channel };
      const changed = await gateway.actOnMessage(message.id, wanted);
      this.store.apply([{ k: 'message.upsert', d: changed }]);
    } finally {
      // Of two quick presses the second one stands until its own answer.
      if (this.#turns.get(`${key} ${name}`) === turn) this.#forget(key, name);
    }
  }

  #wish(key: string, name: ActName, wish: boolean): number {
    const turn = (this.#turns.get(`${key} ${name}`) ?? 0) + 1;
    this.#turns.set(`${key} ${name}`, turn);
    this.#set(key, { ...this.#wished.get(key), [name]: wish });
    return turn;
  }

  #forget(key: string, name: ActName): void {
    const { [name]: _, ...rest } = this.#wished.get(key) ?? nothing;
    this.#set(key, rest);
  }

  #set(key: string, wished: Wished): void {
    if (Object.keys(wished).length === 0) this.#wished.delete(key);
    else this.#wished.set(key, wished);
    this.#topics.tell(key);
  }
}
