// The mock gateway's answers about what belongs to a conversation besides its messages: notes, actions, activity,
// reminders, contacts, drafts, links. Tests reach in to play colleagues, networks and other devices.
import { definitions, known, stored } from './fixtures/contact.mjs';
import { Refused } from './mock-http.mjs';

const now = () => new Date().toISOString();
/** Entries of what happened that one answer has. */
const activityPage = 50;

export class MockStory {
  notes = new Map();
  versions = new Map();
  activity = new Map();
  drafts = new Map();
  values = new Map(Object.entries(known).map(([id, value]) => [id, stored(id, value)]));
  definitions = definitions;
  /** [status, code, detail] for the next call that changes something; taken once. */
  refusals = [];
  /** What was asked to be done at the network. */
  acted = [];
  #made = 0;
  #keys = new Map();

  constructor(gateway) {
    this.gateway = gateway;
  }

  // What happens around this member

  /** A colleague writes a note. */
  note(id, text, facts = {}) {
    this.#made += 1;
    const note = {
      note_id: `note_${this.#made}`,
      conversation_id: id,
      message_id: null,
      member_id: 'member_marc',
      name: 'Marc Lefèvre',
      text,
      created_at: now(),
      edited_at: null,
      deleted_at: null,
      rev: 1,
      mine_to_change: false,
      ...facts,
    };
    return this.putNote(note);
  }

  putNote(note) {
    this.notes.set(note.note_id, note);
    this.gateway.live.emit('note.upsert', note);
    return note;
  }

  happened(id, entry) {
    const entries = this.activity.get(id) ?? [];
    const sequence = entries.length + 1;
    const blank = {
      sequence,
      at: now(),
      member_id: null,
      name: null,
      state_after: null,
      what: null,
      to: null,
    };
    this.activity.set(id, [...entries, { ...blank, ...entry }]);
  }

  /** The network says what became of an act. */
  settleAct(id, message, name, facts) {
    const { acts } = this.#message(message);
    const act = {
      on: facts.state !== 'turning_off' && facts.state !== 'failed',
      channel_id: 'chan_x',
      name: 'Ana Petit',
      retryable: false,
      waits_until: null,
      wait_reason: null,
      state: 'on',
      failure_code: null,
      failure: null,
      member_id: 'member_ana',
      at: now(),
      ...facts,
    };
    this.gateway.changeMessage(id, message, { acts: { ...acts, [name]: act } });
  }

  /** Somebody else, or another system, fills in what is known. */
  learn(attributeId, value) {
    const before = this.values.get(attributeId);
    const by = { member_id: 'member_marc', name: 'Marc Lefèvre' };
    this.values.set(attributeId, {
      ...stored(attributeId, value),
      rev: (before?.rev ?? 0) + 1,
      edited_by: by,
    });
    this.gateway.live.emit('contact.upsert', { contact_id: 'contact_conv_amelie' });
  }

  draftElsewhere(id, mode, draft) {
    if (draft) this.drafts.set(`${id} ${mode}`, { conversation_id: id, mode, ...draft });
    else this.drafts.delete(`${id} ${mode}`);
    const stands = this.drafts.get(`${id} ${mode}`) ?? null;
    this.gateway.live.aside('draft', { conversation_id: id, mode, draft: stands });
  }

  // The API

  answer(method, path, body, query) {
    for (const [route, pattern, run] of this.#routes) {
      const found = route === method && pattern.exec(path);
      if (!found) continue;
      const refusal = method === 'GET' ? undefined : this.refusals.shift();
      if (refusal) throw new Refused(...refusal);
      return run(body, ...found.slice(1), query);
    }
    return null;
  }

  #routes = [
    ['GET', /^\/conversations\/([^/]+)\/notes$/, (_, id) => [200, { notes: this.#notesOf(id) }]],
    [
      'POST',
      /^\/conversations\/([^/]+)\/notes$/,
      (body, id) => this.#once(body.key, () => this.#addNote(id, body)),
    ],
    ['PATCH', /^\/notes\/([^/]+)$/, (body, id) => this.#editNote(id, body)],
    ['DELETE', /^\/notes\/([^/]+)$/, (_, id) => this.#changeNote(id, { deleted_at: now() })],
    ['POST', /^\/notes\/([^/]+)\/restore$/, (_, id) => this.#changeNote(id, { deleted_at: null })],
    ['GET', /^\/notes\/([^/]+)\/versions$/, (_, id) => [200, { versions: this.versions.get(id) ?? [] }]],
    ['GET', /^\/conversations\/([^/]+)\/activity$/, (_, id, query) => [200, this.#activityOf(id, query)]],
    ['POST', /^\/messages\/([^/]+)\/actions$/, (body, id) => this.#act(id, body)],
    ['DELETE', /^\/messages\/([^/]+)$/, (_, id) => this.#delete(id)],
    ['PUT', /^\/conversations\/([^/]+)\/reminder$/, (body, id) => this.#remind(id, body)],
    ['DELETE', /^\/conversations\/([^/]+)\/reminder$/, (_, id) => this.#forget(id)],
    ['GET', /^\/settings\/contact-attributes$/, () => [200, { attributes: this.definitions, rev: 1 }]],
    ['GET', /^\/contacts\/([^/]+)$/, (_, id) => this.#contact(id)],
    ['PUT', /^\/contacts\/[^/]+\/attributes\/([^/]+)$/, (body, id) => this.#fillIn(id, body)],
    ['GET', /^\/drafts$/, () => [200, { drafts: [...this.drafts.values()] }]],
    ['PUT', /^\/conversations\/([^/]+)\/drafts\/(\w+)$/, (body, id, mode) => this.#putDraft(id, mode, body)],
    [
      'DELETE',
      /^\/conversations\/([^/]+)\/drafts\/(\w+)$/,
      (_, id, mode) => {
        this.drafts.delete(`${id} ${mode}`);
        return [204];
      },
    ],
    ['POST', /^\/links\/preview$/, (body) => [200, { links: previewOf(body.text) }]],
  ];

  #once(key, run) {
    if (!this.#keys.has(key)) this.#keys.set(key, run());
    return this.#keys.get(key);
  }

  #activityOf(id, query) {
    const before = Number(query.get('before') ?? Number.POSITIVE_INFINITY);
    const entries = (this.activity.get(id) ?? []).filter((entry) => entry.sequence < before);
    const page = entries.slice(-activityPage);
    return { entries: page, older: page.length < entries.length ? page[0].sequence : null };
  }

  #notesOf(id) {
    return [...this.notes.values()].filter((note) => note.conversation_id === id && !note.deleted_at);
  }

  #addNote(id, { text, message_id }) {
    const { member_id, name } = this.gateway.desk.me;
    return [201, { note: this.note(id, text, { message_id, member_id, name, mine_to_change: true }) }];
  }

  #editNote(id, { text, rev }) {
    const note = this.notes.get(id);
    if (note.rev !== rev) throw new Refused(409, 'note_changed', 'It was changed meanwhile.');
    const { member_id, name, edited_at, created_at } = note;
    const before = { text: note.text, at: edited_at ?? created_at, member_id, name };
    this.versions.set(id, [...(this.versions.get(id) ?? []), before]);
    return this.#changeNote(id, { text, edited_at: now() });
  }

  #changeNote(id, change) {
    const note = this.notes.get(id);
    return [200, { note: this.putNote({ ...note, ...change, rev: note.rev + 1 }) }];
  }

  #message(id) {
    for (const { messages } of this.gateway.conversations.values()) {
      const found = messages.find((each) => each.id === id);
      if (found) return found;
    }
    throw new Refused(404, 'not_found', 'There is none.');
  }

  #act(id, body) {
    const names = { like: 'liked', hide: 'hidden', repost: 'reposted', follow: 'following' };
    const isOff = body.action.startsWith('un');
    const name = names[isOff ? body.action.slice(2) : body.action];
    this.acted.push(body);
    const { conversation_id: conversation } = this.#message(id);
    this.settleAct(conversation, id, name, { state: isOff ? 'turning_off' : 'turning_on' });
    this.happened(conversation, { kind: 'action', what: body.action, ...this.gateway.desk.me });
    return [200, { message: this.#message(id) }];
  }

  #delete(id) {
    this.acted.push({ action: 'delete', id });
    const { conversation_id: conversation } = this.#message(id);
    this.gateway.changeMessage(conversation, id, { deleted: true, text: '', actions: [] });
    return [200, { message: this.#message(id) }];
  }

  #remind(id, { due_at, note, seen_through: seen }) {
    const { row } = this.gateway.conversations.get(id);
    if (row.state === 'new') refuseUnseen(row, seen);
    const change = row.state === 'new' ? { state: 'pending', waiting_since: null, unseen_count: 0 } : {};
    const me = this.gateway.desk.me;
    this.gateway.change(id, { ...change, reminder: { due_at, note, ...me } });
    this.happened(id, { kind: 'reminder_set', due_at, text: note, ...me });
    return [200, { row: this.gateway.conversations.get(id).row }];
  }

  #forget(id) {
    this.gateway.change(id, { reminder: null });
    this.happened(id, { kind: 'reminder_cancelled', ...this.gateway.desk.me });
    return [200, { row: this.gateway.conversations.get(id).row }];
  }

  #contact(id) {
    const rows = [...this.gateway.conversations.values()].map(({ row }) => row);
    const row = rows.find((each) => each.contact.id === id);
    if (!row) throw new Refused(404, 'not_found', 'There is none.');
    const { name, handle } = row.contact;
    const isKnown = id === 'contact_conv_amelie';
    const contact = {
      contact_id: id,
      display_name: name,
      handle,
      avatar_url: null,
      network: row.network,
      verified: isKnown ? true : null,
      followers: isKnown ? 1_204 : null,
      profile_url: isKnown ? `https://x.com/${handle}` : null,
    };
    const conversations = rows.filter((each) => name !== '' && each.contact.name === name);
    return [200, { contact, attributes: isKnown ? [...this.values.values()] : [], conversations }];
  }

  #fillIn(id, { value, rev }) {
    const before = this.values.get(id);
    if ((before?.rev ?? 0) !== rev) throw new Refused(409, 'attribute_changed', 'It was changed meanwhile.');
    const made = { ...stored(id, value), rev: rev + 1, edited_by: this.gateway.desk.me, edited_at: now() };
    this.values.set(id, made);
    return [200, { attribute: made }];
  }

  #putDraft(id, mode, body) {
    const key = `${id} ${mode}`;
    const have = this.drafts.get(key);
    const made = { conversation_id: id, mode, ...body };
    if (!have || have.written_at <= body.written_at) this.drafts.set(key, made);
    return [200, { draft: this.drafts.get(key) }];
  }
}

/** Nobody decides about what they have not seen. */
export function refuseUnseen(row, seen) {
  if (row.unseen_count > 0 && seen < row.last_sequence)
    throw new Refused(409, 'newer_message', 'The customer wrote again.');
}

function previewOf(text) {
  const found = [...text.matchAll(/https?:\/\/[^\s]+/g)].map(([url]) => url);
  return found.map((url, ordinal) => ({
    ordinal,
    start: 0,
    end: 0,
    url,
    short_example: 'https://quai.to/aB3xYz12',
  }));
}
