// Entities for tests, with only what a test is about spelled out.
import type { Bootstrap, Conversation, ConversationId, Message, MessageId } from '../api/types';

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
    opened_at: '2026-11-23T10:00:00Z',
    resolved_at: null,
    previous_id: null,
    absorbed_into: null,
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
    ...facts,
  };
}

export const sampleBootstrap: Bootstrap = {
  cursor: '0',
  me: { id: 'mem_1', display_name: 'Ana Petit', login: 'ana', roles: ['agent'] },
  organization: { id: 'org_1', name: 'Quai', language: 'fr', time_zone: 'Europe/Paris' },
  channels: [{ id: 'chan_x', network: 'x', handle: 'quai_aide', display_name: 'Quai', simulated: true }],
  counts: { new: 0, pending: 0, all: 0, resolved: 0 },
  ui_build: 'a',
};
