// Rows come and go above what is being read. The row under the pointer or the focus, else the first one in
// sight, must not move because of it: the scroll position moves instead.
import { type RefObject, useLayoutEffect, useRef } from 'react';

/** How long after a movement of the pointer the row under it counts as being aimed at. */
const aimedFor = 2_000;

export function useAnchoredScroll(
  scroller: RefObject<HTMLDivElement | null>,
  ids: readonly string[],
  rowHeight: number,
): void {
  const before = useRef(ids);
  const aimed = useRef({ id: '', at: 0 });

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const onPointer = (event: Event): void => {
      const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-row]') : null;
      aimed.current = { id: row?.dataset['row'] ?? '', at: Date.now() };
    };
    element.addEventListener('pointermove', onPointer, { passive: true });
    element.addEventListener('focusin', onPointer);
    return () => {
      element.removeEventListener('pointermove', onPointer);
      element.removeEventListener('focusin', onPointer);
    };
  }, [scroller]);

  useLayoutEffect(() => {
    const element = scroller.current;
    const old = before.current;
    before.current = ids;
    if (!element || old === ids) return;
    const isAimed = Date.now() - aimed.current.at < aimedFor;
    // At the very top and with nobody aiming, what is new at the top should be seen.
    if (!isAimed && element.scrollTop === 0) return;
    const shift = anchorShift(
      old,
      ids,
      isAimed ? aimed.current.id : '',
      Math.floor(element.scrollTop / rowHeight),
    );
    if (shift !== 0) element.scrollBy({ top: shift * rowHeight, behavior: 'instant' });
  }, [scroller, ids, rowHeight]);
}

/** By how many rows the anchor moved: the aimed row, else the first row in sight that is still there. */
export function anchorShift(
  old: readonly string[],
  now: readonly string[],
  aimed: string,
  firstInSight: number,
): number {
  const places = new Map(now.map((id, index) => [id, index]));
  const candidates = aimed && old.includes(aimed) ? [old.indexOf(aimed), firstInSight] : [firstInSight];
  for (const start of candidates) {
    for (let index = start; index < old.length; index += 1) {
      const place = places.get(old[index] ?? '');
      if (place !== undefined) return place - index;
    }
  }
  return 0;
}
