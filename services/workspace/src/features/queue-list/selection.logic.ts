// Which rows are selected, and from where a range goes on.

export interface Selection {
  readonly chosen: ReadonlySet<string>;
  /** The row from which extending starts. */
  readonly anchor: string | null;
}

export const noSelection: Selection = { chosen: new Set(), anchor: null };

/** No more can be looked at, nor be waited for. */
export const mostSelected = 500;

export function toggle({ chosen }: Selection, id: string): Selection {
  const next = new Set(chosen);
  if (!next.delete(id) && next.size < mostSelected) next.add(id);
  return { chosen: next, anchor: id };
}

/** Everything between the anchor and the row joins; without an anchor the row alone. The anchor stays. */
export function extendTo({ chosen, anchor }: Selection, ids: readonly string[], id: string): Selection {
  const to = ids.indexOf(id);
  const from = anchor === null ? to : ids.indexOf(anchor);
  if (to === -1) return { chosen, anchor };
  const start = from === -1 ? to : Math.min(from, to);
  const end = from === -1 ? to : Math.max(from, to);
  const next = new Set(chosen);
  for (const between of ids.slice(start, end + 1)) if (next.size < mostSelected) next.add(between);
  return { chosen: next, anchor: from === -1 ? id : anchor };
}

export function selectAll(ids: readonly string[]): Selection {
  return { chosen: new Set(ids.slice(0, mostSelected)), anchor: ids[0] ?? null };
}

/** What left the list is not selected any more. In the list's order. */
export function stillThere({ chosen }: Selection, ids: readonly string[]): readonly string[] {
  return chosen.size === 0 ? [] : ids.filter((id) => chosen.has(id));
}
