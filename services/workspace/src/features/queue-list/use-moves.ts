// Moving through the list by keys. J and K open the neighbour; arrows only move the focus, as in any grid.
import { useNavigate } from '@tanstack/react-router';
import { type FocusEvent, type KeyboardEvent, useEffect, useRef } from 'react';
import { focusOn } from '../../a11y/focus';
import { focusRegionNamed } from '../../a11y/regions';
import type { Queue } from '../../api/types';
import { useCommands } from '../../commands/dispatcher';
import type { RowSelection } from './use-selection';

interface Moves {
  readonly queue: Queue;
  readonly ids: readonly string[];
  readonly open: string | null;
  readonly active: string | null;
  readonly setActive: (id: string) => void;
  readonly scrollTo: (index: number) => void;
  readonly selection: Pick<RowSelection, 'selected' | 'choose'>;
}

const pageStep = 8;

export function useMoves({ queue, ids, open, active, setActive, scrollTo, selection }: Moves) {
  const navigate = useNavigate();
  const show = (id: string): Promise<void> =>
    navigate({ to: '/inbox/$queue/c/$conversation', params: { queue, conversation: id } });
  const focusRow = (index: number): string | null => {
    const id = ids[Math.min(Math.max(index, 0), ids.length - 1)];
    if (id === undefined) return null;
    // The active row exists wherever the list stands.
    focusOn(
      () => setActive(id),
      () => rowLink(id),
    );
    scrollTo(ids.indexOf(id));
    return id;
  };
  const step = (by: 1 | -1): void => {
    const from = ids.indexOf(open ?? active ?? '');
    const id = focusRow(from === -1 ? 0 : from + by);
    if (id) void show(id);
  };
  useCommands({
    'list.next': () => step(1),
    'list.previous': () => step(-1),
    'list.open': () => {
      const row = document.activeElement?.closest<HTMLElement>('[data-row]')?.dataset['row'];
      if (!row) return false;
      void show(row).then(() => requestAnimationFrame(enterStory));
      return true;
    },
  });
  const keepFocus = useKeptFocus(ids, focusRow);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const here = active ?? ids[0] ?? '';
    if (event.key === ' ' && event.target instanceof Element && event.target.matches('[data-row-link]')) {
      event.preventDefault();
      return selection.choose(here, event.shiftKey);
    }
    const target = arrowTarget(event.key, ids.indexOf(here), ids.length);
    if (target === null) return;
    event.preventDefault();
    if (event.shiftKey && selection.selected.length === 0) selection.choose(here, false);
    const id = focusRow(target);
    if (event.shiftKey && id) selection.choose(id, true);
  };
  return { onKeyDown, ...keepFocus };
}

/** Unless one has gone on meanwhile, as to the reply. */
function enterStory(): void {
  const here = document.activeElement;
  if (here === document.body || here?.closest('[data-region=list]')) focusRegionNamed('timeline');
}

/** A row that leaves while it has the focus hands it to the one that takes its place, and not to the page. */
function useKeptFocus(ids: readonly string[], focusRow: (index: number) => string | null) {
  const focused = useRef<string | null>(null);
  const before = useRef(ids);
  useEffect(() => {
    const place = before.current.indexOf(focused.current ?? '');
    before.current = ids;
    const hasLeft = place !== -1 && !ids.includes(focused.current ?? '');
    // After React has drawn, and before the next key.
    if (hasLeft && document.activeElement === document.body) queueMicrotask(() => focusRow(place));
  });
  return {
    onFocus: (event: FocusEvent): void => {
      focused.current = event.target.closest<HTMLElement>('[data-row]')?.dataset['row'] ?? null;
    },
    onBlur: (event: FocusEvent): void => {
      // Nothing else took the focus: the row may be on its way out.
      if (event.relatedTarget) focused.current = null;
    },
  };
}

function rowLink(id: string): HTMLElement | null {
  return document.querySelector(`[data-row="${CSS.escape(id)}"] [data-row-link]`);
}

/** The row that a key leads to from the one at `here`; null for keys that do not move. */
export function arrowTarget(key: string, here: number, count: number): number | null {
  const targets: Record<string, number> = {
    ArrowDown: here + 1,
    ArrowUp: here - 1,
    PageDown: here + pageStep,
    PageUp: here - pageStep,
    Home: 0,
    End: count - 1,
  };
  return targets[key] ?? null;
}
