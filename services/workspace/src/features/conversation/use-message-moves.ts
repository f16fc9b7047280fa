// Alt with the arrows goes from message to message, notes among them; the whole story is one stop of the Tab key.
import { focusOn } from '../../a11y/focus';
import { useCommands } from '../../commands/dispatcher';

interface MessageMoves {
  readonly stops: readonly string[];
  readonly activeId: string | null;
  readonly setActive: (id: string) => void;
  readonly scrollTo: (id: string) => void;
}

export function useMessageMoves({ stops, activeId, setActive, scrollTo }: MessageMoves) {
  const goTo = (id: string): void => {
    // The active item exists wherever the story stands.
    focusOn(
      () => setActive(id),
      () => document.querySelector(`[data-item="${CSS.escape(id)}"]`),
    );
    scrollTo(id);
  };
  const step = (by: 1 | -1): void => {
    const here = stops.findIndex((stop) => stop === activeId);
    // The first press enters the story where it was left; the next ones move.
    const isThere = document.activeElement?.closest('[data-item]') !== null;
    const next = stops[isThere ? here + by : here];
    if (next) goTo(next);
  };
  useCommands({ 'message.next': () => step(1), 'message.previous': () => step(-1) });
  return { goTo };
}
