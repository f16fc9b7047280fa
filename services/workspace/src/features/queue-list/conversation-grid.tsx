// The virtual list: only the rows in sight exist, yet the grid tells its true size, one row holds the Tab key,
// and commands move along the store's order, not along what happens to be mounted.
import { defaultRangeExtractor, type Range, useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { useT } from '../../i18n/t';
import { isFiltered, type List, type ListKey } from '../../live/list';
import { useCounts, useFeed, useView } from '../../live/select';
import { ConversationRow, type ConversationRowProps } from './conversation-row';
import { ListEnd } from './list-end';
import { queueNames } from './queue-names';
import { rowHeightPixels } from './row-height';
import { useAim, useAnchoredScroll, useSteadyIds } from './use-anchored-scroll';
import { useMoves } from './use-moves';
import type { RowSelection } from './use-selection';

interface ConversationGridProps {
  readonly list: List;
  readonly open: string | null;
  readonly selection: RowSelection;
}

const overscan = 8;
/** How many rows before the end the next page is asked for. */
const loadAhead = 20;

export function ConversationGrid({ list, open, selection }: ConversationGridProps) {
  const { key, queue } = list;
  const t = useT();
  const counts = useCounts();
  const view = useView(key);
  const scroller = useRef<HTMLDivElement>(null);
  const aim = useAim(scroller);
  const ids = useSteadyIds(view.ids, aim);
  const [height] = useState(rowHeightPixels);
  const [active, setActive] = useState<string | null>(open);
  const activeIndex = Math.max(0, active === null ? 0 : ids.indexOf(active));
  const virtualizer = useRows(scroller, ids, height, activeIndex);
  useAnchoredScroll(scroller, ids, height, aim);
  useFeeding(key, ids, view.isComplete || view.error !== null, virtualizer);
  const scrollTo = (index: number): void => virtualizer.scrollToIndex(index);
  const moves = useMoves({ queue, ids, open, active, setActive, scrollTo, selection });
  const onChoose = useLatest(selection.choose);
  const total = isFiltered(list.search) ? 0 : (counts?.[queue] ?? 0);

  return (
    <div
      ref={scroller}
      data-scroller="conversations"
      className="scroll-quiet min-h-0 flex-1 overflow-y-auto [overflow-anchor:none]"
    >
      {/* oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- the rows take the focus by turns */}
      <div
        role="grid"
        aria-label={t('inbox.list', { queue: t(queueNames[queue]) })}
        aria-rowcount={Math.max(ids.length, total)}
        aria-multiselectable
        className="relative"
        style={{ height: virtualizer.getTotalSize() }}
        onKeyDown={moves.onKeyDown}
        onBlur={moves.onBlur}
        onFocus={(event) => {
          moves.onFocus(event);
          const row = event.target.closest<HTMLElement>('[data-row]')?.dataset['row'];
          if (row) setActive(row);
        }}
      >
        {virtualizer.getVirtualItems().map(({ key: row, index, start }) => (
          <GridRow
            key={row}
            id={ids[index] ?? ''}
            index={index}
            style={{ height, transform: `translateY(${start}px)` }}
            queue={queue}
            isOpen={ids[index] === open}
            isActive={index === activeIndex}
            isSelected={selection.has(ids[index] ?? '')}
            onChoose={onChoose}
          />
        ))}
      </div>
      <ListEnd list={list} view={view} />
    </div>
  );
}

interface GridRowProps extends ConversationRowProps {
  readonly index: number;
  readonly style: CSSProperties;
}

function GridRow({ index, style, ...row }: GridRowProps) {
  return (
    <div
      role="row"
      data-row={row.id}
      aria-rowindex={index + 1}
      aria-selected={row.isOpen}
      className="absolute inset-x-0 top-0 border-b border-line"
      style={style}
    >
      <ConversationRow {...row} />
    </div>
  );
}

function useRows(
  scroller: RefObject<HTMLDivElement | null>,
  ids: readonly string[],
  height: number,
  activeIndex: number,
): Virtualizer<HTMLDivElement, Element> {
  return useVirtualizer<HTMLDivElement, Element>({
    count: ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: (index) => ids[index] ?? index,
    overscan,
    // The row that holds the focus stays mounted, else scrolling away would drop the focus to the page.
    rangeExtractor: useCallback(
      (range: Range) => withIndex(defaultRangeExtractor(range), activeIndex),
      [activeIndex],
    ),
  });
}

/** Declares the rows in sight to the gateway, and asks for the next page before the end is reached; after a failure
 * only when told to. */
function useFeeding(
  key: ListKey,
  ids: readonly string[],
  isSettled: boolean,
  virtualizer: Virtualizer<HTMLDivElement, Element>,
): void {
  const feed = useFeed();
  const { startIndex, endIndex } = virtualizer.range ?? { startIndex: 0, endIndex: 0 };
  // With what is just out of sight, so that scrolling finds it there.
  const inSight = ids.slice(Math.max(0, startIndex - overscan), endIndex + 1 + overscan).join(' ');
  useEffect(() => feed.show(inSight === '' ? [] : inSight.split(' ')), [feed, inSight]);
  useEffect(() => () => feed.show([]), [feed]);
  useEffect(() => {
    if (!isSettled && endIndex >= ids.length - loadAhead) void feed.loadMore(key);
  }, [feed, key, isSettled, endIndex, ids.length]);
}

/** The same function all the time, so that rows are not drawn again because of it. */
function useLatest<Parameters extends readonly unknown[]>(call: (...p: Parameters) => void) {
  const latest = useRef(call);
  useEffect(() => {
    latest.current = call;
  });
  return useCallback((...p: Parameters) => latest.current(...p), []);
}

function withIndex(indexes: number[], index: number): number[] {
  return indexes.includes(index) ? indexes : [...indexes, index].toSorted((a, b) => a - b);
}
