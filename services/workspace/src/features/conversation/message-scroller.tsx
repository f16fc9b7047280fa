// The messages themselves, of which only those in sight exist.
import { useMemo, useRef, useState } from 'react';
import type { ConversationId } from '../../api/types';
import { useT } from '../../i18n/t';
import { useFeed } from '../../live/select';
import type { TimelineSnapshot } from '../../live/timelines';
import { DayHeading } from './day-heading';
import { JumpToLatest } from './jump-to-latest';
import { MessageSlip } from './message-slip';
import { OlderStatus } from './older-status';
import { itemsOf } from './timeline.logic';
import { useMessageMoves } from './use-message-moves';
import { useOlderMessages, useStory } from './use-story';

interface MessageScrollerProps {
  readonly id: ConversationId;
  readonly timeline: TimelineSnapshot;
}

export function MessageScroller({ id, timeline }: MessageScrollerProps) {
  const t = useT();
  const feed = useFeed();
  const { messages, hasOlder, isLoadingOlder, error } = timeline;
  const items = useMemo(() => itemsOf(messages, hasOlder), [messages, hasOlder]);
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<string | null>(null);
  const activeId = (messages.find((message) => message.id === active) ?? messages.at(-1))?.id ?? null;
  const placeOf = (key: string | null): number => items.findLastIndex((item) => item.key === key);
  const { virtualizer, isAtEnd, lookWhereWeAre } = useStory(scroller, items, placeOf(activeId));
  useOlderMessages(id, timeline, virtualizer.range?.startIndex ?? items.length);
  const scrollTo = (key: string): void => virtualizer.scrollToIndex(placeOf(key));
  useMessageMoves({ messages, activeId, setActive, scrollTo });

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        data-scroller="timeline"
        className="scroll-quiet h-full overflow-y-auto [overflow-anchor:none]"
        onScroll={lookWhereWeAre}
        onFocus={(event) => {
          const message = event.target.closest<HTMLElement>('[data-message]')?.dataset['message'];
          if (message) setActive(message);
        }}
      >
        <section
          aria-label={t('conversation.messages')}
          className="relative"
          style={{ height: virtualizer.getTotalSize() }}
        >
          {/* The headings of days come and go with the scrolling; messages always have one above them. */}
          <h2 className="sr-only">{t('conversation.messages')}</h2>
          {virtualizer.getVirtualItems().map((place) => {
            const item = items[place.index];
            return (
              <div
                key={place.key}
                ref={virtualizer.measureElement}
                data-index={place.index}
                className="absolute inset-x-0 top-0 px-4"
                style={{ transform: `translateY(${place.start}px)` }}
              >
                {item?.kind === 'day' && <DayHeading instant={item.instant} />}
                {item?.kind === 'message' && (
                  <MessageSlip message={item.message} isActive={item.key === activeId} />
                )}
              </div>
            );
          })}
        </section>
      </div>
      <OlderStatus
        isLoading={isLoadingOlder}
        hasFailed={error !== null}
        onRetry={() => void feed.loadOlder(id)}
      />
      <JumpToLatest messages={messages} isAtEnd={isAtEnd} onJump={() => virtualizer.scrollToEnd()} />
    </div>
  );
}
