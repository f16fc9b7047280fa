// Rows come and go above what is being read. The row under the pointer or the focus, else the first one in
// sight, must not move because of it: the scroll position moves instead.
import { type RefObject, useLayoutEffect, useRef, useState } from 'react';

/** How long after a movement of the pointer the row under it counts as being aimed at. */
const aimedFor = 2_000;

/** What the pointer or the focus is on, and since when. */
export type Aim = RefObject<{ readonly id: string; readonly at: number }>;

export function useAim(scroller: RefObject<HTMLDivElement | null>): Aim {
  const aim = useRef({ id: '', at: 0 });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const onAim = (event: Event): void => {
      const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-row]') : null;
      aim.current = { id: row?.dataset['row'] ?? '', at: Date.now() };
    };
    element.addEventListener('pointermove', onAim, { passive: true });
    element.addEventListener('focusin', onAim);
    element.addEventListener('keydown', onAim);
    return () => {
      element.removeEventListener('pointermove', onAim);
      element.removeEventListener('focusin', onAim);
      element.removeEventListener('keydown', onAim);
    };
  }, [scroller]);
  return aim;
}

/** The list, with the row that is aimed at where it was: its own move waits until nobody aims at it. */
export function useSteadyIds(ids: readonly string[], aim: Aim): readonly string[] {
  const [steady, setSteady] = useState(ids);
  useLayoutEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const settle = (): void => {
      const left = aim.current.at + aimedFor - Date.now();
      setSteady((have) => (left > 0 ? holdRow(have, ids, aim.current.id) : ids));
      if (left > 0) timer = setTimeout(settle, left + 1);
    };
    settle();
    return () => clearTimeout(timer);
  }, [ids, aim]);
  return steady;
}

export function useAnchoredScroll(
  scroller: RefObject<HTMLDivElement | null>,
  ids: readonly string[],
  rowHeight: number,
  aim: Aim,
): void {
  const before = useRef(ids);
  useLayoutEffect(() => {
    const element = scroller.current;
    const old = before.current;
    before.current = ids;
    if (!element || old === ids) return;
    const isAimed = Date.now() - aim.current.at < aimedFor;
    // At the very top and with nobody aiming, what is new at the top should be seen.
    if (!isAimed && element.scrollTop === 0) return;
    const shift = anchorShift(
      old,
      ids,
      isAimed ? aim.current.id : '',
      Math.floor(element.scrollTop / rowHeight),
    );
    if (shift !== 0) element.scrollBy({ top: shift * rowHeight, behavior: 'instant' });
  }, [scroller, ids, rowHeight, aim]);
}

/** How many neighbours on each side say where a row stood. */
const neighbours = 3;

/** The list with one row back where it stood among those around it, if it moved away from all of them. */
export function holdRow(before: readonly string[], now: readonly string[], id: string): readonly string[] {
  const stood = before.indexOf(id);
  const stands = now.indexOf(id);
  if (before === now || stood === -1 || stands === -1) return now;
  const isBeside = (at: number, was: number): boolean => before[was] !== undefined && now[at] === before[was];
  if (isBeside(stands - 1, stood - 1) || isBeside(stands + 1, stood + 1)) return now;
  const guesses: number[] = [];
  for (let step = -neighbours; step <= neighbours; step += 1) {
    const neighbour = step === 0 ? undefined : before[stood + step];
    const at = neighbour === undefined ? -1 : now.indexOf(neighbour);
    // Counted without the row itself.
    if (at !== -1) guesses.push(at - (at > stands ? 1 : 0) - step + (step > 0 ? 1 : 0));
  }
  // One of them may have moved itself; most have not.
  const place = guesses.toSorted((a, b) => a - b)[guesses.length >> 1];
  if (place === undefined || place === stands) return now;
  const rest = now.filter((each) => each !== id);
  return rest.toSpliced(Math.max(0, place), 0, id);
}

/** By how many rows the anchor moved: the aimed row, else the first row in sight that is still there. */
export function anchorShift(
  old: readonly string[],
  now: readonly string[],
  aimed: string,
  firstInSight: number,
): number {
  const candidates = aimed && old.includes(aimed) ? [old.indexOf(aimed), firstInSight] : [firstInSight];
  for (const start of candidates) {
    for (let index = start; index < old.length; index += 1) {
      const place = now.indexOf(old[index] ?? '');
      if (place !== -1) return place - index;
    }
  }
  return 0;
}
