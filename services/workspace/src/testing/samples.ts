// Entities for tests, with only what a test is about spelled out.
import type {
  Act,
  AnswerOption,
  Bootstrap,
  Conversation,
  ConversationId,
  Message,
  MessageId,
  OwnAvailability,
  Reply,
} from '../api/types';

export const noActs = { liked: null, hidden: null, reposted: null, following: null, deleted: null };

export function sampleAct(facts: Partial<Act> = {}): Act {
  return {
    state: 'on',
    on: true,
    channel_id: 'chan_x',
    member_id: 'mem_1',
    name: 'Ana Petit',
    at: '2026-11-23T10:00:00Z',
    failure_code: null,
    failure: null,
    retryable: false,
    waits_until: null,
    wait_reason: null,
    ...facts,
  };
}

export function sampleConversation(id: string, facts: Partial<Conversation> = {}): Conversation {
  return {
    id: id as ConversationId,
    rev: 1,
    state: 'new',
    contact: { id: `cont_${id}`, name: 'Amélie Roussel', handle: 'amelie_rsl', avatar_url: null },
    network: 'x',
    channel_ids: ['chan_x'],
    last: { text: 'Bonjour', kind: 'mention', direction: 'inbound' },
    last_activity_at: '2026-11-23T10:00:00Z',
    waiting_since: '2026-11-23T10:00:00Z',
    unseen_count: 1,
    message_count: 1,
    last_sequence: 1,
    opened_at: '2026-11-23T10:00:00Z',
    resolved_at: null,
    previous_id: null,
    absorbed_into: null,
    owner: null,
    owner_epoch: 0,
    lock: null,
    reminder: null,
    ...facts,
  };
}

export function sampleMessage(id: string, facts: Partial<Message> = {}): Message {
  return {
    id: id as MessageId,
    conversation_id: 'conv_1' as ConversationId,
    sequence: 1,
    rev: 1,
    kind: 'mention',
    network: 'x',
    direction: 'inbound',
    author: { name: 'Amélie Roussel', handle: 'amelie_rsl' },
    channel_ids: ['chan_x'],
    text: 'Bonjour',
    edited: false,
    deleted: false,
    attachments: [],
    permalink: null,
    network_time: '2026-11-23T10:00:00Z',
    external_id: id,
    in_reply_to: null,
    reactions: [],
    delivered: false,
    read: false,
    reply: null,
    answers: [],
    actions: [],
    acts: noActs,
    ...facts,
  };
}

export function sampleOption(facts: Partial<AnswerOption> = {}): AnswerOption {
  return {
    kind: 'reply',
    channel_id: 'chan_x',
    in_reply_to: 'msg_1' as MessageId,
    public: true,
    available: true,
    reason_code: null,
    reason: null,
    text_limit: 280,
    counting: 'x_weighted',
    expires_at: null,
    ...facts,
  };
}

export function sampleReply(facts: Partial<Reply> = {}): Reply {
  return {
    state: 'queued',
    member_id: 'mem_1',
    name: 'Ana Petit',
    channel_id: 'chan_x',
    attempt: 1,
    failure_code: null,
    failure: null,
    retryable: false,
    waits_until: null,
    wait_reason: null,
    ...facts,
  };
}

export const sampleAvailability: OwnAvailability = {
  availability: 'available',
  away_state_id: null,
  since: '2026-11-23T10:00:00Z',
  epoch: 1,
  load: 0,
  capacity: 5,
  hard_limit: 10,
  default_availability: 'available',
  never_chosen: false,
};

export const sampleBootstrap: Bootstrap = {
  cursor: '0',
  me: { id: 'mem_1', display_name: 'Ana Petit', login: 'ana', roles: ['agent'] },
  organization: { id: 'org_1', name: 'Quai', language: 'fr', time_zone: 'Europe/Paris' },
  channels: [{ id: 'chan_x', network: 'x', handle: 'quai_aide', display_name: 'Quai', simulated: true }],
  counts: { new: 0, pending: 0, all: 0, resolved: 0 },
  ui_build: 'a',
};
