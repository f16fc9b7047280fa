// Where the virtual timeline stands: it starts at the end, follows the end while it is in sight, keeps what is
// read in its place when earlier messages come in above, and asks for those in time.
import { defaultRangeExtractor, type Range, useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback, useEffect, useLayoutEffect, useState } from 'react';
import type { ConversationId } from '../../api/types';
import { useFeed } from '../../live/select';
import type { TimelineSnapshot } from '../../live/timelines';
import { guessHeight, type TimelineItem } from './timeline.logic';

/** How near to an edge, in items or pixels, counts as being at it. */
const nearStart = 6;
const nearEnd = 80;

export function useStory(
  scroller: RefObject<HTMLDivElement | null>,
  items: readonly TimelineItem[],
  activeIndex: number,
) {
  const [isAtEnd, setIsAtEnd] = useState(true);
  const virtualizer = useVirtualizer<HTMLDivElement, Element>({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => guessHeight(items[index], scroller.current?.clientWidth ?? 800),
    getItemKey: (index) => items[index]?.key ?? index,
    // The message that holds the focus stays mounted.
    rangeExtractor: useCallback(
      (range: Range) => withIndex(defaultRangeExtractor(range), activeIndex),
      [activeIndex],
    ),
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: nearEnd,
    overscan: 6,
    paddingStart: 12,
    paddingEnd: 16,
  });
  useLayoutEffect(() => virtualizer.scrollToEnd(), [virtualizer]);
  const lookWhereWeAre = useCallback(() => setIsAtEnd(isNearEnd(scroller.current)), [scroller]);
  useStayingAtEnd(scroller, virtualizer);
  const size = virtualizer.getTotalSize();
  // Measuring moves the end without any scrolling.
  useEffect(lookWhereWeAre, [lookWhereWeAre, size]);
  return { virtualizer, isAtEnd, lookWhereWeAre };
}

/** The reply box grows as one writes and takes its room from here; whoever read the end still reads it. */
function useStayingAtEnd(
  scroller: RefObject<HTMLDivElement | null>,
  virtualizer: Pick<Virtualizer<HTMLDivElement, Element>, 'scrollToEnd'>,
): void {
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    let height = element.clientHeight;
    const observer = new ResizeObserver(() => {
      const wasAtEnd = element.scrollHeight - element.scrollTop - height <= nearEnd;
      const isSmaller = element.clientHeight < height;
      height = element.clientHeight;
      if (isSmaller && wasAtEnd) virtualizer.scrollToEnd();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller, virtualizer]);
}

export function useOlderMessages(id: ConversationId, timeline: TimelineSnapshot, startIndex: number): void {
  const feed = useFeed();
  const { hasOlder, isLoadingOlder, error } = timeline;
  const isWanted = hasOlder && !isLoadingOlder && error === null && startIndex <= nearStart;
  useEffect(() => {
    if (isWanted) void feed.loadOlder(id);
  }, [feed, id, isWanted]);
}

/** Asked of the page itself: the virtual list hears of a scroll only after those who listen to the element. */
function isNearEnd(element: HTMLElement | null): boolean {
  return element === null || element.scrollHeight - element.scrollTop - element.clientHeight <= nearEnd;
}

function withIndex(indexes: number[], index: number): number[] {
  if (index < 0 || indexes.includes(index)) return indexes;
  return [...indexes, index].toSorted((a, b) => a - b);
}
