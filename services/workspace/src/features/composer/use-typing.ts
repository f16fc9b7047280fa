// Tells the others that one writes, sparingly, and that one stopped.
import { useEffect, useMemo } from 'react';
import type { ConversationId } from '../../api/types';
import type { LiveFeed } from '../../live/feed';
import { useFeed } from '../../live/select';

const tellEvery = 3_000;
const idleAfter = 5_000;

class Typing {
  #toldAt = 0;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly feed: LiveFeed,
    private readonly conversation: ConversationId,
  ) {}

  typed = (): void => {
    const now = Date.now();
    if (now - this.#toldAt >= tellEvery) {
      this.#toldAt = now;
      this.feed.typing(this.conversation, true);
    }
    clearTimeout(this.#idle);
    this.#idle = setTimeout(this.stopped, idleAfter);
  };

  stopped = (): void => {
    clearTimeout(this.#idle);
    if (this.#toldAt === 0) return;
    this.#toldAt = 0;
    this.feed.typing(this.conversation, false);
  };
}

export function useTyping(id: ConversationId): Pick<Typing, 'typed' | 'stopped'> {
  const feed = useFeed();
  const typing = useMemo(() => new Typing(feed, id), [feed, id]);
  useEffect(() => typing.stopped, [typing]);
  return typing;
}
