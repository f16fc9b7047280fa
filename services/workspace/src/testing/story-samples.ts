// Samples of what belongs to a conversation besides its messages.
import type {
  ActivityEntry,
  AttributeDefinition,
  AttributeValue,
  ContactDetails,
  Note,
} from '../api/story-types';
import type { ConversationId, MessageAction } from '../api/types';

export function sampleNote(id: string, facts: Partial<Note> = {}): Note {
  return {
    note_id: id,
    conversation_id: 'conv_1' as ConversationId,
    message_id: null,
    member_id: 'mem_1',
    name: 'Ana Petit',
    text: 'She called twice.',
    created_at: '2026-11-23T10:05:00Z',
    edited_at: null,
    deleted_at: null,
    rev: 1,
    mine_to_change: true,
    ...facts,
  };
}

export function sampleAction(
  action: MessageAction['action'],
  facts: Partial<MessageAction> = {},
): MessageAction {
  return {
    action,
    available: true,
    reason_code: null,
    reason: null,
    channel_id: 'chan_x',
    needs_confirmation: action === 'delete',
    ...facts,
  };
}

export function sampleDefinition(id: string, facts: Partial<AttributeDefinition> = {}): AttributeDefinition {
  return {
    attribute_id: id,
    name: id,
    type: 'text',
    choices: [],
    shown: true,
    position: 0,
    rev: 1,
    ...facts,
  };
}

export function sampleValue(id: string, value: string | null, rev = 1): AttributeValue {
  return { attribute_id: id, value, rev, source: null, edited_by: null, edited_at: null };
}

export function sampleContact(facts: Partial<ContactDetails> = {}): ContactDetails {
  return {
    contact: {
      contact_id: 'cont_conv_1',
      display_name: 'Amélie Roussel',
      handle: 'amelie_rsl',
      avatar_url: null,
      network: 'x',
      verified: true,
      followers: 12,
      profile_url: 'https://x.com/amelie_rsl',
    },
    attributes: [],
    conversations: [],
    ...facts,
  };
}

export function sampleEntry(kind: string, facts: Partial<ActivityEntry> = {}): ActivityEntry {
  return {
    sequence: 1,
    at: '2026-11-23T10:00:00Z',
    kind,
    member_id: null,
    name: null,
    reason: null,
    state_after: null,
    message_id: null,
    note_id: null,
    what: null,
    to: null,
    failure_code: null,
    channel_id: null,
    due_at: null,
    text: null,
    ...facts,
  };
}
