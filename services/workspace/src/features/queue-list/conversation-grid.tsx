// The virtual list: only the rows in sight exist, yet the grid tells its true size, one row holds the Tab key,
// and commands move along the store's order, not along what happens to be mounted.
import { defaultRangeExtractor, type Range, useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import type { Queue } from '../../api/types';
import { useT } from '../../i18n/t';
import { useCounts, useFeed, useView } from '../../live/select';
import { ConversationRow } from './conversation-row';
import { queueNames } from './queue-names';
import { rowHeightPixels } from './row-height';
import { useAnchoredScroll } from './use-anchored-scroll';
import { useMoves } from './use-moves';

interface ConversationGridProps {
  readonly queue: Queue;
  readonly open: string | null;
}

const overscan = 8;
/** How many rows before the end the next page is asked for. */
const loadAhead = 20;

export function ConversationGrid({ queue, open }: ConversationGridProps) {
  const t = useT();
  const counts = useCounts();
  const { ids, isComplete } = useView(queue);
  const scroller = useRef<HTMLDivElement>(null);
  const [height] = useState(rowHeightPixels);
  const [active, setActive] = useState<string | null>(open);
  const activeIndex = Math.max(0, active === null ? 0 : ids.indexOf(active));
  const virtualizer = useRows(scroller, ids, height, activeIndex);
  useAnchoredScroll(scroller, ids, height);
  useFeeding(queue, ids, isComplete, virtualizer);
  const scrollTo = (index: number): void => virtualizer.scrollToIndex(index);
  const moves = useMoves({ queue, ids, open, active, setActive, scrollTo });

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
        aria-rowcount={Math.max(ids.length, counts?.[queue] ?? 0)}
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
        {virtualizer.getVirtualItems().map((item) => {
          const id = ids[item.index] ?? '';
          return (
            <div
              key={item.key}
              role="row"
              data-row={id}
              aria-rowindex={item.index + 1}
              aria-selected={id === open}
              className="absolute inset-x-0 top-0 border-b border-line"
              style={{ height, transform: `translateY(${item.start}px)` }}
            >
              <ConversationRow
                id={id}
                queue={queue}
                isOpen={id === open}
                isActive={item.index === activeIndex}
              />
            </div>
          );
        })}
      </div>
      <ListEnd queue={queue} isComplete={isComplete} />
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

/** Declares the rows in sight to the gateway, and asks for the next page before the end is reached. */
function useFeeding(
  queue: Queue,
  ids: readonly string[],
  isComplete: boolean,
  virtualizer: Virtualizer<HTMLDivElement, Element>,
): void {
  const feed = useFeed();
  const { startIndex, endIndex } = virtualizer.range ?? { startIndex: 0, endIndex: 0 };
  const inSight = ids.slice(startIndex, endIndex + 1).join(' ');
  useEffect(() => feed.show(inSight === '' ? [] : inSight.split(' ')), [feed, inSight]);
  useEffect(() => () => feed.show([]), [feed]);
  useEffect(() => {
    if (!isComplete && endIndex >= ids.length - loadAhead) void feed.loadMore(queue);
  }, [feed, queue, isComplete, endIndex, ids.length]);
}

function ListEnd({ queue, isComplete }: { readonly queue: Queue; readonly isComplete: boolean }) {
  const t = useT();
  if (!isComplete)
    return <p className="late p-4 text-center text-label text-muted">{t('inbox.loading_more')}</p>;
  if (queue !== 'resolved') return null;
  return <p className="p-4 text-center text-label text-pretty text-muted">{t('inbox.resolved_end')}</p>;
}

function withIndex(indexes: number[], index: number): number[] {
  return indexes.includes(index) ? indexes : [...indexes, index].toSorted((a, b) => a - b);
}
