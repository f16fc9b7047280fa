// The story of a conversation as a flat list of what is drawn: day headings, messages, and between them what the
// network never sees.
import type { ActivityEntry, Note } from '../../api/story-types';
import type { Message } from '../../api/types';
import { dayKey } from '../../i18n/format';
import { isKnown } from './activity.logic';

export type TimelineItem =
  | { readonly kind: 'day'; readonly key: string; readonly instant: string }
  | { readonly kind: 'message'; readonly key: string; readonly message: Message }
  | { readonly kind: 'note'; readonly key: string; readonly note: Note }
  | { readonly kind: 'activity'; readonly key: string; readonly entry: ActivityEntry };

export interface Asides {
  readonly notes: readonly Note[];
  readonly activity: readonly ActivityEntry[];
}

const noAsides: Asides = { notes: [], activity: [] };

interface Placed {
  readonly at: string | null;
  readonly item: TimelineItem;
}

/**
 * The first message stands without a heading while earlier ones are still to come: whoever is at the very top must
 * keep their place by a message, and a heading moves up when its day turns out to begin earlier.
 */
export function itemsOf(messages: readonly Message[], hasOlder = false, asides = noAsides): TimelineItem[] {
  const items: TimelineItem[] = [];
  const placed = merge(messages, placedOf(asides, hasOlder ? (messages[0]?.network_time ?? null) : null));
  const first = messages[0];
  let day = hasOlder && first?.network_time ? dayKey(first.network_time) : '';
  for (const { at, item } of placed) {
    const own = at === null ? day : dayKey(at);
    // Keyed by the day alone: prepending earlier messages of the same day moves the heading, it makes no second one.
    if (at !== null && own !== day) items.push({ kind: 'day', key: `day:${own}`, instant: at });
    day = own;
    items.push(item);
  }
  return items;
}

/** In order of time; those before the oldest message that is here wait for their page. */
function placedOf({ notes, activity }: Asides, from: string | null): Placed[] {
  const start = from === null ? Number.NEGATIVE_INFINITY : Date.parse(from);
  const seen = new Map<string, number>();
  const placed: Placed[] = [
    ...notes.map((note) => ({
      at: note.created_at,
      item: { kind: 'note', key: note.note_id, note } as const,
    })),
    ...activity.filter(isKnown).map((entry) => {
      const name = `activity:${entry.at}:${entry.kind}`;
      const nth = seen.get(name) ?? 0;
      seen.set(name, nth + 1);
      return { at: entry.at, item: { kind: 'activity', key: `${name}:${nth}`, entry } as const };
    }),
  ];
  return placed.filter(({ at }) => timeOf(at) >= start).toSorted((a, b) => timeOf(a.at) - timeOf(b.at));
}

/** The messages keep their order, which is the network's; each aside stands before the first later message. */
function merge(messages: readonly Message[], asides: readonly Placed[]): Placed[] {
  const merged: Placed[] = [];
  let next = 0;
  for (const message of messages) {
    const at = message.network_time;
    let end = next;
    while (end < asides.length && isBefore(asides[end], at)) end += 1;
    merged.push(...asides.slice(next, end));
    next = end;
    merged.push({ at, item: { kind: 'message', key: message.id, message } });
  }
  return [...merged, ...asides.slice(next)];
}

/** What has no time yet is being said: nothing stands before it that was not there already. */
function isBefore(aside: Placed | undefined, at: string | null): boolean {
  return aside !== undefined && at !== null && timeOf(aside.at) < timeOf(at);
}

function timeOf(instant: string | null): number {
  return instant === null ? Number.POSITIVE_INFINITY : Date.parse(instant);
}

const lineHeight = 20;
/** Of a letter of the interface's face, in pixels on average. */
const letter = 6.9;
const slipPadding = 29;
const widestSlip = 644;
/** A narrower slip has its header on two lines. */
const headerFits = 430;
const secondLine = 24;
const slipFrame = 58;
const noteFrame = 62;

/** A first guess of the height in pixels, so that little moves when it is measured. `width` is the story's own. */
export function guessHeight(item: TimelineItem | undefined, width: number): number {
  const inner = Math.min((width - 32) * 0.76, widestSlip) - slipPadding;
  const linesOf = (text: string): number => countLines(text, Math.max(20, inner / letter));
  const header = inner < headerFits ? secondLine : 0;
  switch (item?.kind) {
    case 'message': {
      const { text, attachments, reactions } = item.message;
      return (
        slipFrame +
        header +
        linesOf(text) * lineHeight +
        attachments.length * 44 +
        (reactions.length > 0 ? 30 : 0)
      );
    }
    case 'note':
      return noteFrame + header + linesOf(item.note.text) * lineHeight + (item.note.message_id ? 28 : 0);
    case 'activity':
      return item.entry.text ? 52 : 26;
    default:
      return 42;
  }
}

function countLines(text: string, perLine: number): number {
  return text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / perLine)), 0);
}

/** What the focus can be on: messages and notes. */
export function stopsOf(items: readonly TimelineItem[]): string[] {
  return items.filter(({ kind }) => kind === 'message' || kind === 'note').map(({ key }) => key);
}

/** How many messages came after the one that was last at the end of the screen. */
export function countAfter(messages: readonly Message[], lastSeen: string | null): number {
  if (lastSeen === null) return 0;
  const index = messages.findLastIndex((message) => message.id === lastSeen);
  return index === -1 ? 0 : messages.length - 1 - index;
}
