// All rows have one height, so that the list can be placed without being measured and skeletons fit exactly.
// 84 px at the normal text size; in rem, because it must grow with the text.

export const rowHeight = 'h-21';
const rowHeightRem = 84 / 14;

/** In CSS pixels at the reader's text size. */
export function rowHeightPixels(): number {
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  return rowHeightRem * (Number.isNaN(rem) ? 14 : rem);
}
