// The order of a list as it is being made, by drag or by buttons; nothing of it is kept before it is saved.
import '../../i18n/areas/admin.gen';
import { useState } from 'react';
import { announce } from '../../a11y/announcer';
import { useT } from '../../i18n/t';
import { moved } from './order.logic';

/** What a row needs to know of its place. */
export interface RowPlace {
  readonly place: number;
  readonly count: number;
  readonly isDragged: boolean;
  readonly onMove: (to: number) => void;
  readonly onDrag: (place: number | null) => void;
  readonly onOver: () => void;
}

export function useOrder<Entry extends { readonly name: string }>(
  entries: readonly Entry[],
  idOf: (entry: Entry) => string,
) {
  const t = useT();
  const [order, setOrder] = useState(entries);
  const [dragged, setDragged] = useState<number | null>(null);
  const isMoved = order.some((each, place) => idOf(each) !== (entries[place] && idOf(entries[place])));
  const move = (from: number, to: number): void => {
    const next = moved(order, from, to);
    setOrder(next);
    const name = order[from]?.name ?? '';
    const position = next.findIndex((each) => each === order[from]) + 1;
    const place = t('admin.moved', { name, position, count: order.length });
    // Of several moves in a row only the last place matters.
    announce(place, () => place);
  };
  const dragOver = (place: number): void => {
    if (dragged === null || dragged === place) return;
    setOrder(moved(order, dragged, place));
    setDragged(place);
  };
  const rowAt = (place: number): RowPlace => ({
    place,
    count: order.length,
    isDragged: dragged === place,
    onMove: (to) => move(place, to),
    onDrag: setDragged,
    onOver: () => dragOver(place),
  });
  return { order, isMoved, rowAt, restore: () => setOrder(entries) };
}
