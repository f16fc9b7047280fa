// The story of a conversation as a flat list of what is drawn: day headings and messages.
import type { Message } from '../../api/types';
import { dayKey } from '../../i18n/format';

export type TimelineItem =
  | { readonly kind: 'day'; readonly key: string; readonly instant: string }
  | { readonly kind: 'message'; readonly key: string; readonly message: Message };

/**
 * The first message stands without a heading while earlier ones are still to come: whoever is at the very top must
 * keep their place by a message, and a heading moves up when its day turns out to begin earlier.
 */
export function itemsOf(messages: readonly Message[], hasOlder = false): TimelineItem[] {
  const items: TimelineItem[] = [];
  const first = messages[0]?.network_time;
  let day = hasOlder && first ? dayKey(first) : '';
  for (const message of messages) {
    const { network_time: instant } = message;
    const own = instant === null ? day : dayKey(instant);
    // Keyed by the day alone: prepending earlier messages of the same day moves the heading, it makes no second one.
    if (instant !== null && own !== day) items.push({ kind: 'day', key: `day:${own}`, instant });
    day = own;
    items.push({ kind: 'message', key: message.id, message });
  }
  return items;
}

const perLine = 62;
const lineHeight = 20;
const slipFrame = 58;

/** A first guess of the height in pixels, so that the scroll bar is about right before anything is measured. */
export function guessHeight(item: TimelineItem | undefined): number {
  if (item?.kind !== 'message') return 42;
  const { text, attachments, reactions } = item.message;
  const lines = text
    .split('\n')
    .reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / perLine)), 0);
  return slipFrame + lines * lineHeight + attachments.length * 44 + (reactions.length > 0 ? 30 : 0);
}

/** How many messages came after the one that was last at the end of the screen. */
export function countAfter(messages: readonly Message[], lastSeen: string | null): number {
  if (lastSeen === null) return 0;
  const index = messages.findLastIndex((message) => message.id === lastSeen);
  return index === -1 ? 0 : messages.length - 1 - index;
}
