// Alt with the arrows goes from message to message; the whole story is one stop of the Tab key.
import type { Message } from '../../api/types';
import { useCommands } from '../../commands/dispatcher';

interface MessageMoves {
  readonly messages: readonly Message[];
  readonly activeId: string | null;
  readonly setActive: (id: string) => void;
  readonly scrollTo: (id: string) => void;
}

export function useMessageMoves({ messages, activeId, setActive, scrollTo }: MessageMoves): void {
  const step = (by: 1 | -1): void => {
    const here = messages.findIndex((message) => message.id === activeId);
    // The first press enters the story where it was left; the next ones move.
    const isThere = document.activeElement?.closest('[data-message]') !== null;
    const next = messages[isThere ? here + by : here];
    if (!next) return;
    setActive(next.id);
    scrollTo(next.id);
    requestAnimationFrame(() => {
      document
        .querySelector<HTMLElement>(`[data-message="${CSS.escape(next.id)}"]`)
        ?.focus({ preventScroll: true });
    });
  };
  useCommands({ 'message.next': () => step(1), 'message.previous': () => step(-1) });
}
