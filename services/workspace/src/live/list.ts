// Which conversations a list shows and in which order: decided here by the same rules as on the server, so that a
// pushed row goes where it belongs without a request.
import type { Conversation, MessageKind, Queue } from '../api/types';
import { instantMicros } from './instant';

export const queues = ['new', 'pending', 'all', 'resolved'] as const satisfies readonly Queue[];

export function isQueue(name: string): name is Queue {
  return queues.some((queue) => queue === name);
}

export const kinds = [
  'private_message',
  'comment',
  'reply',
  'mention',
  'post',
  'quote',
] as const satisfies readonly MessageKind[];

export type Sort = 'waiting' | 'newest' | 'oldest_activity';
const sorts = ['waiting', 'newest', 'oldest_activity'] as const satisfies readonly Sort[];

/** What the address says besides the queue; absent is unfiltered, and the queue's own order. */
export interface ListSearch {
  /** `me`, `none` or a member's id. */
  readonly assignee?: string | undefined;
  readonly channel?: string | undefined;
  /** What the newest message is. */
  readonly kind?: MessageKind | undefined;
  readonly draft?: boolean | undefined;
  readonly sort?: Sort | undefined;
}

/** A list's name: what the gateway is asked for after `queue=`, always written in one way. */
export type ListKey = Queue | `${Queue}&${string}`;

export interface List {
  readonly key: ListKey;
  readonly queue: Queue;
  readonly search: ListSearch;
  readonly sort: Sort;
}

export function ownSort(queue: Queue): Sort {
  return queue === 'new' ? 'waiting' : 'newest';
}

/** Only those who wait can be ordered by it. */
export function sortsOf(queue: Queue): readonly Sort[] {
  return queue === 'new' ? sorts : sorts.filter((sort) => sort !== 'waiting');
}

/** Takes from an address only what means something. */
export function readSearch(raw: Record<string, unknown>): ListSearch {
  const { assignee, channel, kind, draft, sort } = raw;
  const isKind = kinds.find((each) => each === kind);
  const isSort = sorts.find((each) => each === sort);
  return {
    ...(typeof assignee === 'string' && /^\w+$/.test(assignee) && { assignee }),
    ...(typeof channel === 'string' && /^\w+$/.test(channel) && { channel }),
    ...(isKind && { kind: isKind }),
    ...(draft === true && { draft }),
    ...(isSort && { sort: isSort }),
  };
}

export function listKey(queue: Queue, { assignee, channel, kind, draft, sort }: ListSearch): ListKey {
  const query = new URLSearchParams();
  if (assignee) query.set('assignee', assignee);
  if (channel) query.set('channel_id', channel);
  if (kind) query.set('kind', kind);
  if (draft) query.set('has_draft', 'true');
  if (sort && sort !== ownSort(queue) && sortsOf(queue).includes(sort)) query.set('sort', sort);
  const filters = query.toString();
  return filters === '' ? queue : `${queue}&${filters}`;
}

export function listOf(key: ListKey): List {
  const [queue = 'new', ...filters] = key.split('&');
  const query = new URLSearchParams(filters.join('&'));
  const search = readSearch({
    assignee: query.get('assignee'),
    channel: query.get('channel_id'),
    kind: query.get('kind'),
    draft: query.has('has_draft'),
    sort: query.get('sort'),
  });
  const sort = search.sort ?? ownSort(queue as Queue);
  return { key, queue: queue as Queue, search, sort };
}

/** True when anything but the order was chosen. */
export function isFiltered({ assignee, channel, kind, draft }: ListSearch): boolean {
  return Boolean(assignee ?? channel ?? kind ?? draft);
}

/** All that lists place a conversation by; of one that is not in sight this is all that is pushed. */
export interface Place {
  readonly id: string;
  readonly rev: number;
  readonly state: Conversation['state'];
  readonly waiting_since: string | null;
  readonly last_activity_at: string | null;
  readonly resolved_at: string | null;
  readonly owner_member_id: string | null;
  readonly channel_ids: readonly string[];
  readonly kind: MessageKind | null;
  /** It became part of another one. */
  readonly absorbed: boolean;
}

export function placeOf(row: Conversation): Place {
  const { id, rev, state, waiting_since, last_activity_at, resolved_at, channel_ids } = row;
  return {
    id,
    rev,
    state,
    waiting_since,
    last_activity_at,
    resolved_at,
    owner_member_id: row.owner?.member_id ?? null,
    channel_ids,
    kind: row.last.kind,
    absorbed: row.absorbed_into !== null,
  };
}

/** A row with what is known of where it stands, for those who ask whose it is and in which state. */
export function asTold(row: Conversation | undefined, place: Place | undefined): Conversation | undefined {
  if (!row || !place || place.rev <= row.rev) return row;
  const isSameOwner = (row.owner?.member_id ?? null) === place.owner_member_id;
  const owner = place.owner_member_id === null ? null : { member_id: place.owner_member_id, name: '' };
  return { ...row, state: place.state, owner: isSameOwner ? row.owner : owner };
}

/** Whose lists they are, and what only the browser knows. */
export interface Onlooker {
  readonly me: string;
  readonly hasDraft: (id: string) => boolean;
  readonly now: number;
}

export function belongsTo({ queue, search }: List, place: Place, onlooker: Onlooker): boolean {
  if (place.absorbed || !isIn(queue, place, onlooker.now)) return false;
  const { assignee, channel, kind, draft } = search;
  const owner = place.owner_member_id;
  if (assignee && owner !== (assignee === 'none' ? null : assignee === 'me' ? onlooker.me : assignee)) {
    return false;
  }
  if (channel && !place.channel_ids.includes(channel)) return false;
  if (kind && place.kind !== kind) return false;
  return !draft || onlooker.hasDraft(place.id);
}

function isIn(queue: Queue, { state, resolved_at: resolved }: Place, now: number): boolean {
  if (queue === 'all') return state !== 'resolved';
  if (state !== queue) return false;
  return queue !== 'resolved' || (resolved !== null && Date.parse(resolved) >= resolvedSince(now));
}

const resolvedMonths = 3;

/** From when on Resolved lists what was resolved: midnight, so many months ago, as the server has it. */
export function resolvedSince(now: number): number {
  const today = new Date(now);
  const [year, month] = [today.getUTCFullYear(), today.getUTCMonth() - resolvedMonths];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(today.getUTCDate(), lastDay));
}

export interface SortKey {
  /** Microseconds since 1970, as the index has it. */
  readonly time: number;
  readonly id: string;
}

export function sortKey({ queue, sort }: List, place: Place): SortKey {
  const waiting = sort === 'waiting' ? place.waiting_since : null;
  const time = queue === 'resolved' ? place.resolved_at : (waiting ?? place.last_activity_at);
  return { time: instantMicros(time), id: place.id };
}

export function compareKeys({ sort }: Pick<List, 'sort'>, a: SortKey, b: SortKey): number {
  const ascending = a.time - b.time || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
  return sort === 'newest' ? -ascending : ascending;
}
