// The mock gateway's answers about work: availability, team, owners, locks, replies, states, notifications. Tests
// reach in to play the colleagues, the network and the planner.

import { Refused } from './mock-http.mjs';
import { refuseUnseen } from './mock-story.mjs';

const lockLasts = 30_000;

export const awayStates = [
  { id: 'away_lunch', name: 'Lunch', position: 1 },
  { id: 'away_break', name: 'Break', position: 2 },
  { id: 'away_meeting', name: 'Meeting', position: 3 },
];

export const marc = { member_id: 'member_marc', name: 'Marc Lefèvre' };

const ago = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();

const told = { in_app: true, sound: false, desktop: false, email: false };
const notificationPreferences = {
  matrix: { assigned_to_you: told, customer_answered: told },
  offered: { assigned_to_you: told, customer_answered: told },
  sound: { volume: 0 },
  has_push: false,
  has_mail_server: false,
  mail_address: null,
  rev: 1,
};

export class MockDesk {
  availability = {
    availability: 'available',
    away_state_id: null,
    since: ago(12),
    epoch: 1,
    load: 0,
    capacity: 5,
    hard_limit: 10,
    default_availability: 'available',
    never_chosen: false,
  };
  team = [
    member('member_ana', 'Ana Petit', 'available', 2),
    member('member_marc', 'Marc Lefèvre', 'available', 4),
    { ...member('member_sacha', 'Sacha Moreau', 'away', 0), away_state_id: 'away_lunch' },
  ];
  notifications = [];
  explanations = new Map();
  locks = new Map();
  /** What was accepted, by key: asking again gives the same. */
  accepted = new Map();
  /** [status, code, detail] for the next reply; taken once. */
  refusals = [];
  #fence = 0;
  #epoch = 1;
  #made = 0;

  constructor(gateway) {
    this.gateway = gateway;
  }

  get me() {
    return { member_id: this.gateway.me.id, name: this.gateway.me.display_name };
  }

  // What happens around this member

  /** The planner hands a conversation over, and notification tells of it. */
  hand(id, to = this.me) {
    this.#epoch += 1;
    this.gateway.change(id, { owner: to, owner_epoch: this.#epoch });
    if (to?.member_id === this.me.member_id) this.raise(id, 'assigned_to_you');
  }

  raise(id, kind, badgeOnly = false) {
    this.#made += 1;
    const notification = {
      id: `note_${this.#made}`,
      kind,
      conversation_id: id,
      at: new Date().toISOString(),
      badge_only: badgeOnly,
      channel_id: null,
      means: { in_app: true, sound: false, desktop: false, email: false },
      rev: 1,
    };
    this.notifications = [notification, ...this.notifications.filter((each) => each.conversation_id !== id)];
    this.gateway.live.emit('notification.raise', notification);
  }

  withdraw(id) {
    for (const each of this.notifications.filter((one) => one.conversation_id === id)) {
      this.gateway.live.emit('notification.withdraw', { id: each.id, conversation_id: id });
    }
    this.notifications = this.notifications.filter((each) => each.conversation_id !== id);
  }

  /** A colleague takes the right to answer. */
  lockFor(id, who = marc) {
    return this.#grant(id, who, 'another tab');
  }

  unlock(id) {
    this.locks.delete(id);
    this.gateway.change(id, { lock: null });
  }

  /** The network, or delivery, says how a reply stands. */
  settle(id, message, reply, facts = {}) {
    const now = this.gateway.conversations.get(id).messages.find((each) => each.id === message);
    this.gateway.changeMessage(id, message, { ...facts, reply: { ...now.reply, ...reply } });
  }

  // The API

  answer(method, path, body, tab) {
    const [, id, action] = /^\/conversations\/([^/]+)\/(\w+)$/.exec(path) ?? [];
    const [, message, act] = /^\/messages\/([^/]+)\/(\w+)$/.exec(path) ?? [];
    const route = id
      ? `${method} conversation ${action}`
      : message
        ? `${method} message ${act}`
        : `${method} ${path}`;
    const run = this.#routes[route];
    if (!run) return null;
    if (id && !this.gateway.conversations.has(id)) throw new Refused(404, 'not_found', 'There is none.');
    return run({ id, message, body, tab });
  }

  #routes = {
    'GET /availability': () => [200, this.availability],
    'PUT /availability': ({ body }) => this.#changeAvailability(body),
    'PUT /availability/default': ({ body }) => {
      this.availability = { ...this.availability, default_availability: body.availability };
      return [200, this.availability];
    },
    'GET /away-states': () => [200, { away_states: awayStates }],
    'GET /team': () => [200, { members: this.team }],
    'GET /notification-preferences': () => [200, notificationPreferences],
    'GET /notifications': () => [200, { notifications: this.notifications }],
    'POST /notifications/read': ({ body }) => {
      this.withdraw(body.conversation_id);
      return [204];
    },
    'GET conversation explanations': ({ id }) => [200, { explanations: this.explanations.get(id) ?? [] }],
    'POST conversation take': ({ id }) => this.#own(id, this.me),
    'POST conversation assign': ({ id, body }) => {
      const { member_id, name } = this.team.find((each) => each.member_id === body.member_id);
      return this.#own(id, { member_id, name });
    },
    'POST conversation unassign': ({ id }) => this.#own(id, null),
    'PUT conversation lock': ({ id, body, tab }) => this.#lock(id, body, tab),
    'DELETE conversation lock': ({ id, body }) => {
      if (this.locks.get(id)?.lock.fence === body.fence) this.unlock(id);
      return [204];
    },
    'POST conversation replies': ({ id, body }) => this.#reply(id, body),
    'POST conversation state': ({ id, body }) => this.#state(id, body),
    'POST message retry': ({ message }) => this.#again(message, { state: 'queued', failure_code: null }, 1),
    'POST message settle': ({ message, body }) =>
      this.#again(
        message,
        body.sent
          ? { state: 'sent' }
          : { state: 'failed', failure_code: 'settled_by_person', failure: '', retryable: true },
      ),
  };

  #changeAvailability({ availability, away_state_id, keep_conversations: keeps }) {
    const handedBack = availability === 'away' && !keeps ? this.availability.load : 0;
    this.availability = {
      ...this.availability,
      availability,
      away_state_id,
      since: new Date().toISOString(),
      epoch: this.availability.epoch + 1,
      load: this.availability.load - handedBack,
      never_chosen: false,
    };
    this.gateway.live.emit('availability', this.availability);
    return [200, { ...this.availability, handed_back: handedBack }];
  }

  #own(id, owner) {
    this.#epoch += 1;
    this.gateway.change(id, { owner, owner_epoch: this.#epoch });
    return [200, { owner, owner_epoch: this.#epoch }];
  }

  #lock(id, { take_over: takesOver }, tab) {
    const held = this.locks.get(id);
    const isMine = held?.lock.member_id === this.me.member_id && held.tab === tab;
    if (isMine) return [200, { lock: held.lock, granted: true }];
    if (held && !takesOver) return [200, { lock: held.lock, granted: false }];
    const isLead = this.gateway.me.roles.some((role) => role !== 'agent');
    const isOwner = this.gateway.conversations.get(id).row.owner?.member_id === this.me.member_id;
    if (held && !isLead && !isOwner) throw new Refused(409, 'lock_held', 'Somebody else is answering.');
    return [200, { lock: this.#grant(id, this.me, tab), granted: true }];
  }

  #grant(id, who, tab) {
    this.#fence += 1;
    const lock = { ...who, fence: this.#fence, expires_at: new Date(Date.now() + lockLasts).toISOString() };
    this.locks.set(id, { lock, tab });
    this.gateway.change(id, { lock });
    return lock;
  }

  #reply(id, body) {
    this.gateway.replies.push(body);
    const before = this.accepted.get(body.key);
    if (before) return [201, before];
    const refusal = this.refusals.shift();
    if (refusal) throw new Refused(...refusal);
    const held = this.locks.get(id)?.lock;
    const isStranger = held && held.member_id !== this.me.member_id;
    if (isStranger || (body.fence !== 0 && held?.fence !== body.fence)) {
      throw new Refused(409, 'lock_lost', 'Somebody else is answering.');
    }
    const { messages } = this.gateway.conversations.get(id);
    const isStale = messages.some(
      (each) => each.direction === 'inbound' && each.sequence > body.seen_through,
    );
    if (isStale && !body.despite_newer) throw new Refused(409, 'newer_message', 'The customer wrote again.');
    const message = this.gateway.say(id, body, this.me);
    const { row } = this.gateway.conversations.get(id);
    const answer = { row, message, link_notices: [] };
    this.accepted.set(body.key, answer);
    return [201, answer];
  }

  #state(id, { to, seen_through: seen }) {
    const { row } = this.gateway.conversations.get(id);
    if (to !== 'new') refuseUnseen(row, seen);
    const last = this.gateway.conversations.get(id).messages.findLast((each) => each.direction === 'inbound');
    this.gateway.change(id, {
      state: to,
      waiting_since: to === 'new' ? last.network_time : null,
      unseen_count: 0,
      resolved_at: to === 'resolved' ? new Date().toISOString() : null,
      owner: to === 'resolved' ? null : row.owner,
    });
    return [200, { row: this.gateway.conversations.get(id).row, undelivered_replies: 0 }];
  }

  #again(message, reply, more = 0) {
    const [id, { messages }] = [...this.gateway.conversations].find(([, one]) =>
      one.messages.some((each) => each.id === message),
    );
    const { attempt } = messages.find((each) => each.id === message).reply;
    this.settle(id, message, { ...reply, attempt: attempt + more });
    const now = this.gateway.conversations.get(id).messages.find((each) => each.id === message);
    return [200, { message: now }];
  }
}

function member(id, name, availability, load) {
  return {
    member_id: id,
    name,
    availability,
    away_state_id: null,
    since: ago(30),
    presence: 'present',
    load,
    capacity: 5,
  };
}
