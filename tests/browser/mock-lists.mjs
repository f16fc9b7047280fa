// The mock gateway's lists: filtered, ordered, by pages or by every place at once, rows by id, and what is done to
// several conversations. Tests say whom it refuses.
import { Refused } from './mock-http.mjs';

export const queues = {
  new: (row) => row.state === 'new',
  pending: (row) => row.state === 'pending',
  all: (row) => row.state !== 'resolved',
  resolved: (row) => row.state === 'resolved',
};

const longestIndex = 50_000;

/** All that lists place a row by. */
export function placeOf(row) {
  const { state, waiting_since, last_activity_at, resolved_at, channel_ids } = row;
  return {
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

function threeMonthsAgo() {
  const day = new Date();
  day.setUTCMonth(day.getUTCMonth() - 3);
  return day.setUTCHours(0, 0, 0, 0);
}

function timeOf(row, queue, sort) {
  if (queue === 'resolved') return row.resolved_at;
  return sort === 'waiting' ? row.waiting_since : row.last_activity_at;
}

export class MockLists {
  /** Conversations for which a bulk change is refused, with code and sentence. */
  refusals = new Map();
  /** The bulk changes that were asked for. */
  bulks = [];
  #outcomes = new Map();
  /** Since when they waited before somebody decided. */
  #waited = new Map();

  constructor(gateway) {
    this.gateway = gateway;
  }

  /** [status, body], or nothing when it is not about lists. */
  answer(method, path, query, body) {
    if (method === 'GET' && path === '/conversations') return [200, this.#page(query)];
    if (method === 'GET' && path === '/conversations/index') return [200, this.#index(query)];
    if (method === 'POST' && path === '/conversations/batch') return [200, this.#batch(body.ids)];
    if (method === 'POST' && path === '/conversations/bulk') return [200, this.#bulk(body)];
    return undefined;
  }

  rows(query) {
    const queue = query.get('queue');
    const sort = query.get('sort') ?? (queue === 'new' ? 'waiting' : 'newest');
    if (sort === 'waiting' && queue !== 'new') throw new Refused(422, 'sort', 'Only New has this order.');
    const sign = sort === 'newest' ? -1 : 1;
    const isBefore = (a, b) => (timeOf(a, queue, sort) < timeOf(b, queue, sort) ? -1 : 1);
    return [...this.gateway.conversations.values()]
      .map(({ row }) => row)
      .filter((row) => queues[queue](row) && !row.absorbed_into && this.#passes(row, query))
      .filter((row) => queue !== 'resolved' || Date.parse(row.resolved_at) >= threeMonthsAgo())
      .toSorted((a, b) => {
        const isSame = timeOf(a, queue, sort) === timeOf(b, queue, sort);
        return sign * (isSame ? (a.id < b.id ? -1 : 1) : isBefore(a, b));
      });
  }

  #passes(row, query) {
    const assignee = query.get('assignee');
    const wanted = assignee === 'me' ? this.gateway.me.id : assignee === 'none' ? null : assignee;
    if (assignee !== null && (row.owner?.member_id ?? null) !== wanted) return false;
    if (query.has('channel_id') && !row.channel_ids.includes(query.get('channel_id'))) return false;
    if (query.has('kind') && row.last.kind !== query.get('kind')) return false;
    const drafts = [...this.gateway.story.drafts.values()];
    return !query.has('has_draft') || drafts.some((draft) => draft.conversation_id === row.id);
  }

  #page(query) {
    const rows = this.rows(query);
    const start = query.has('after') ? rows.findIndex((row) => row.id === query.get('after')) + 1 : 0;
    const page = rows.slice(start, start + Number(query.get('limit')));
    const isLast = start + page.length >= rows.length;
    const months = query.get('queue') === 'resolved' ? 3 : null;
    return { rows: page, next: isLast ? null : page.at(-1).id, limited_to_months: months };
  }

  #index(query) {
    const rows = this.rows(query);
    const queue = query.get('queue');
    const sort = query.get('sort') ?? (queue === 'new' ? 'waiting' : 'newest');
    const listed = rows.slice(0, longestIndex);
    return {
      ids: listed.map((row) => row.id),
      keys: listed.map((row) => Date.parse(timeOf(row, queue, sort)) * 1_000),
      sequences: listed.map((row) => row.last_sequence),
      cut: rows.length > listed.length,
      cursor: this.gateway.live.cursor,
    };
  }

  #batch(ids) {
    if (ids.length === 0 || ids.length > 200) throw new Refused(422, 'ids', 'Ask for 1 to 200.');
    const rows = ids.map((id) => this.gateway.conversations.get(id)?.row).filter(Boolean);
    if (rows.length === 0) throw new Refused(404, 'not_found', 'There is no such thing here.');
    return { rows };
  }

  #bulk({ key, conversation_ids: ids, action, seen_through: seen = {} }) {
    if (ids.length === 0 || ids.length > 100) throw new Refused(422, 'ids', 'Name 1 to 100.');
    this.bulks.push({ key, ids, action });
    const results = ids.map((id) => {
      // The same key gives the first outcome.
      const known = `${key} ${id}`;
      if (!this.#outcomes.has(known)) this.#outcomes.set(known, this.#one(id, action, seen[id] ?? 0));
      return this.#outcomes.get(known);
    });
    return { results };
  }

  #one(id, action, seen) {
    const row = this.gateway.conversations.get(id)?.row;
    const no = (code, sentence, before = null) => ({
      conversation_id: id,
      done: false,
      code,
      sentence,
      before,
      undelivered_replies: 0,
    });
    if (!row) return no('not_found', 'There is no such thing here.');
    const before = { state: row.state, owner_member_id: row.owner?.member_id ?? null };
    const refused = this.refusals.get(id);
    if (refused) return no(refused.code, refused.sentence, before);
    if ('to' in action) {
      if (action.to === 'pending' && row.state === 'resolved')
        return no('not_open', 'It is not open.', before);
      if (action.to !== 'new' && row.unseen_count > 0 && seen < row.last_sequence) {
        return no('newer_message', 'There is a newer message.', before);
      }
      this.gateway.change(id, this.#stateOf(row, action.to));
    } else {
      this.gateway.change(id, { owner: this.#memberOf(action.assign_to) });
    }
    const undelivered_replies = 0;
    return { conversation_id: id, done: true, code: null, sentence: null, before, undelivered_replies };
  }

  #memberOf(id) {
    const member = this.gateway.desk.team.find((each) => each.member_id === id);
    return member ? { member_id: id, name: member.name } : null;
  }

  #stateOf(row, to) {
    const now = new Date().toISOString();
    if (row.waiting_since) this.#waited.set(row.id, row.waiting_since);
    return {
      state: to,
      waiting_since: to === 'new' ? (this.#waited.get(row.id) ?? row.last_activity_at) : null,
      unseen_count: to === 'new' ? row.unseen_count : 0,
      resolved_at: to === 'resolved' ? now : null,
      owner: to === 'resolved' ? null : row.owner,
    };
  }
}
