// The messages themselves, of which only those in sight exist.
import '../../i18n/areas/conversation.gen';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ConversationId, Message } from '../../api/types';
import { useT } from '../../i18n/t';
import { useActivity, useFeed, useNotes } from '../../live/select';
import type { TimelineSnapshot } from '../../live/timelines';
import { useMessageKeys } from '../message-actions';
import { JumpToLatest } from './jump-to-latest';
import { OlderStatus } from './older-status';
import { StoryItem } from './story-item';
import { itemsOf, stopsOf, type TimelineItem } from './timeline.logic';
import { useMessageMoves } from './use-message-moves';
import { useOlderMessages, useStory } from './use-story';

interface MessageScrollerProps {
  readonly id: ConversationId;
  readonly timeline: TimelineSnapshot;
}

export function MessageScroller({ id, timeline }: MessageScrollerProps) {
  const t = useT();
  const { messages } = timeline;
  const items = useItems(id, timeline);
  const stops = useMemo(() => stopsOf(items), [items]);
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<string | null>(null);
  const [menu, setMenu] = useState<string | null>(null);
  const activeId = active !== null && stops.includes(active) ? active : (stops.at(-1) ?? null);
  const placeOf = (key: string | null): number => items.findLastIndex((item) => item.key === key);
  const { virtualizer, isAtEnd, lookWhereWeAre } = useStory(scroller, items, placeOf(activeId));
  useOlderMessages(id, timeline, virtualizer.range?.startIndex ?? items.length);
  const scrollTo = (key: string): void => virtualizer.scrollToIndex(placeOf(key));
  const { goTo } = useMessageMoves({ stops, activeId, setActive, scrollTo });
  const show = useStable(goTo);

  return (
    <div className="relative min-h-0 flex-1">
      <MessageKeys items={items} activeId={activeId} onMenu={setMenu} />
      <div
        ref={scroller}
        data-scroller="timeline"
        className="scroll-quiet h-full overflow-y-auto [overflow-anchor:none]"
        onScroll={lookWhereWeAre}
        onFocus={(event) => {
          const item = event.target.closest<HTMLElement>('[data-item]')?.dataset['item'];
          if (item) setActive(item);
        }}
      >
        <section
          aria-label={t('conversation.messages')}
          className="relative"
          style={{ height: virtualizer.getTotalSize() }}
        >
          {/* The headings of days come and go with the scrolling; messages always have one above them. */}
          <h2 className="sr-only">{t('conversation.messages')}</h2>
          {virtualizer.getVirtualItems().map((place) => (
            <div
              key={place.key}
              ref={virtualizer.measureElement}
              data-index={place.index}
              className="absolute inset-x-0 top-0 px-4"
              style={{ transform: `translateY(${place.start}px)` }}
            >
              <StoryItem
                item={items[place.index]}
                messages={messages}
                activeId={activeId}
                menu={menu}
                onMenu={setMenu}
                onShow={show}
              />
            </div>
          ))}
        </section>
      </div>
      <Older id={id} timeline={timeline} />
      <JumpToLatest messages={messages} isAtEnd={isAtEnd} onJump={() => virtualizer.scrollToEnd()} />
    </div>
  );
}

function Older({ id, timeline: { isLoadingOlder, error } }: MessageScrollerProps) {
  const feed = useFeed();
  return (
    <OlderStatus
      isLoading={isLoadingOlder}
      hasFailed={error !== null}
      onRetry={() => void feed.loadOlder(id)}
    />
  );
}

function useItems(id: ConversationId, { messages, hasOlder }: TimelineSnapshot) {
  const { notes } = useNotes(id);
  const activity = useActivity(id);
  return useMemo(
    () => itemsOf(messages, hasOlder, { notes, activity }),
    [messages, hasOlder, notes, activity],
  );
}

/** The same function for as long as the story is there, so that slips need not be drawn again for it. */
function useStable(run: (id: string) => void): (id: string) => void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  return useCallback((id: string) => latest.current(id), []);
}

interface MessageKeysProps {
  readonly items: readonly TimelineItem[];
  readonly activeId: string | null;
  readonly onMenu: (id: string) => void;
}

/** Keys mean the message in focus; from a note, the one before it. */
function MessageKeys({ items, activeId, onMenu }: MessageKeysProps) {
  const until = items.slice(0, items.findLastIndex((item) => item.key === activeId) + 1);
  const place = until.findLast((item) => item.kind === 'message');
  return place?.kind === 'message' ? <KeysOf message={place.message} onMenu={onMenu} /> : null;
}

function KeysOf({ message, onMenu }: { readonly message: Message; readonly onMenu: (id: string) => void }) {
  useMessageKeys(message, () => onMenu(message.id));
  return null;
}
