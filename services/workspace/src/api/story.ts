// The calls about notes, actions, contacts, reminders and drafts.
import { call } from './http';
import type {
  ActivityEntry,
  AttributeDefinition,
  AttributeValue,
  ContactDetails,
  DraftMode,
  NewNote,
  Note,
  NoteVersion,
  PreviewedLink,
  ServerDraft,
} from './story-types';
import type { Conversation, ConversationId, Instant, Message, MessageAction, MessageId } from './types';

const conversation = (id: ConversationId): string => `/conversations/${encodeURIComponent(id)}`;
const noteOf = (id: string): string => `/notes/${encodeURIComponent(id)}`;
const messageOf = (id: MessageId): string => `/messages/${encodeURIComponent(id)}`;

// Notes

export async function getNotes(id: ConversationId): Promise<readonly Note[]> {
  const { notes } = await call<{ notes: readonly Note[] }>(`${conversation(id)}/notes`);
  return notes;
}

export async function addNote(id: ConversationId, note: NewNote): Promise<Note> {
  const answer = await call<{ note: Note }>(`${conversation(id)}/notes`, { method: 'POST', body: note });
  return answer.note;
}

/** Refused with `note_changed` when it is not the revision that was seen. */
export async function editNote(id: string, text: string, rev: number): Promise<Note> {
  const { note } = await call<{ note: Note }>(noteOf(id), { method: 'PATCH', body: { text, rev } });
  return note;
}

export async function deleteNote(id: string): Promise<Note> {
  const { note } = await call<{ note: Note }>(noteOf(id), { method: 'DELETE' });
  return note;
}

export async function restoreNote(id: string): Promise<Note> {
  const { note } = await call<{ note: Note }>(`${noteOf(id)}/restore`, { method: 'POST', body: {} });
  return note;
}

export async function getNoteVersions(id: string): Promise<readonly NoteVersion[]> {
  const { versions } = await call<{ versions: readonly NoteVersion[] }>(`${noteOf(id)}/versions`);
  return versions;
}

// Messages

export interface ActionWanted {
  readonly key: string;
  readonly action: MessageAction['action'];
  readonly channel_id: string;
}

export async function actOnMessage(id: MessageId, wanted: ActionWanted): Promise<Message> {
  const path = `${messageOf(id)}/actions`;
  const { message } = await call<{ message: Message }>(path, { method: 'POST', body: wanted });
  return message;
}

/** Takes one of our own off the network, for good. */
export async function deleteMessage(id: MessageId, key: string): Promise<Message> {
  const options = { method: 'DELETE', body: { key } } as const;
  const { message } = await call<{ message: Message }>(messageOf(id), options);
  return message;
}

// The conversation

interface ActivityPage {
  readonly entries: readonly ActivityEntry[];
  readonly older: number | null;
}

/** All of it, however many pages that takes: hardly ever more than one, as messages are not told here. */
export async function getActivity(id: ConversationId): Promise<readonly ActivityEntry[]> {
  const path = `${conversation(id)}/activity`;
  const pages = [await call<ActivityPage>(path)];
  for (let older = pages[0]?.older; older; older = pages.at(-1)?.older) {
    // oxlint-disable-next-line no-await-in-loop -- each page says where the next one is
    pages.push(await call<ActivityPage>(`${path}?before=${older}`));
  }
  return pages.toReversed().flatMap((page) => page.entries);
}

export interface ReminderWanted {
  readonly key: string;
  readonly due_at: Instant;
  readonly note: string;
  /** The greatest arrival sequence on the screen: from New it makes the conversation Pending. */
  readonly seen_through: number;
}

export async function setReminder(id: ConversationId, reminder: ReminderWanted): Promise<Conversation> {
  const path = `${conversation(id)}/reminder`;
  const { row } = await call<{ row: Conversation }>(path, { method: 'PUT', body: reminder });
  return row;
}

export async function cancelReminder(id: ConversationId, key: string): Promise<Conversation> {
  const options = { method: 'DELETE', body: { key } } as const;
  const { row } = await call<{ row: Conversation }>(`${conversation(id)}/reminder`, options);
  return row;
}

// Contacts

export function getContact(id: string): Promise<ContactDetails> {
  return call(`/contacts/${encodeURIComponent(id)}`);
}

export async function getAttributeDefinitions(): Promise<readonly AttributeDefinition[]> {
  const answer = await call<{ attributes: readonly AttributeDefinition[] }>('/settings/contact-attributes');
  return answer.attributes;
}

/** Refused with `attribute_changed` when it is not the revision that was seen. */
export async function putAttribute(
  contact: string,
  attribute: string,
  value: string | null,
  rev: number,
): Promise<AttributeValue> {
  const path = `/contacts/${encodeURIComponent(contact)}/attributes/${encodeURIComponent(attribute)}`;
  const answer = await call<{ attribute: AttributeValue }>(path, { method: 'PUT', body: { value, rev } });
  return answer.attribute;
}

// Drafts

export async function getDrafts(): Promise<readonly ServerDraft[]> {
  const { drafts } = await call<{ drafts: readonly ServerDraft[] }>('/drafts');
  return drafts;
}

const draftOf = (id: ConversationId, mode: DraftMode): string => `${conversation(id)}/drafts/${mode}`;

/** The newer one stands, and is the answer. */
export async function putDraft({
  conversation_id: id,
  mode,
  rev: _,
  ...body
}: ServerDraft): Promise<ServerDraft | null> {
  const options = { method: 'PUT', body, outlivesPage: true } as const;
  const { draft } = await call<{ draft: ServerDraft | null }>(draftOf(id, mode), options);
  return draft;
}

export function deleteDraft(id: ConversationId, mode: DraftMode): Promise<void> {
  return call(draftOf(id, mode), { method: 'DELETE', outlivesPage: true });
}

// Links

export async function previewLinks(text: string): Promise<readonly PreviewedLink[]> {
  const body = { text };
  const { links } = await call<{ links: readonly PreviewedLink[] }>('/links/preview', {
    method: 'POST',
    body,
  });
  return links;
}
