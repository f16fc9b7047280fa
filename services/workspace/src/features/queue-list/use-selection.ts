import { useMemo, useState } from 'react';
import { useCommands } from '../../commands/dispatcher';
import { extendTo, noSelection, selectAll, stillThere, toggle } from './selection.logic';

export interface RowSelection {
  /** In the list's order. */
  readonly selected: readonly string[];
  readonly has: (id: string) => boolean;
  /** With `isRange`, everything from the last chosen one on. */
  readonly choose: (id: string, isRange: boolean) => void;
  readonly all: () => void;
  readonly none: () => void;
}

/** The row that a key means: the one with the focus, else the open one. */
function rowOfFocus(open: string | null): string | null {
  const row = document.activeElement?.closest<HTMLElement>('[data-row]')?.dataset['row'];
  return row ?? open;
}

export function useSelection(ids: readonly string[], open: string | null): RowSelection {
  const [selection, setSelection] = useState(noSelection);
  const selected = useMemo(() => stillThere(selection, ids), [selection, ids]);
  const choose = (id: string, isRange: boolean): void =>
    setSelection((have) => {
      const known = { ...have, chosen: new Set(selected) };
      return isRange ? extendTo(known, ids, id) : toggle(known, id);
    });
  const byKey = (isRange: boolean) => () => {
    const id = rowOfFocus(open);
    if (id === null || !ids.includes(id)) return false;
    choose(id, isRange);
    return true;
  };
  const all = (): void => setSelection(selectAll(ids));
  const none = (): void => setSelection(noSelection);
  useCommands({ 'list.select': byKey(false), 'list.extend': byKey(true), 'list.select_all': all });
  const chosen = useMemo(() => new Set(selected), [selected]);
  return { selected, has: (id) => chosen.has(id), choose, all, none };
}
