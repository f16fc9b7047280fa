// The notes and the activity of the conversations that were opened. Notes come by frames; of the activity the rows
// tell what they can, for a push never causes a request, and what was asked for takes the place of what was guessed.
import * as gateway from '../api/story';
import type { ActivityEntry, Note } from '../api/story-types';
import type { Conversation, ConversationId } from '../api/types';
import { Topics } from './topics';
import type { StoryEvent } from './wire';

export type StoryTopic = `notes:${string}` | `activity:${string}` | `contact:${string}`;

export interface NotesSnapshot {
  /** Oldest first, without those that were deleted. */
  readonly notes: readonly Note[];
  readonly hasFailed: boolean;
}

const noNotes: NotesSnapshot = { notes: [], hasFailed: false };
const noActivity: readonly ActivityEntry[] = [];
/** Conversations whose notes and activity are kept, so that going back is immediate. */
const most = 12;
/** What a row told and what the server recorded of it are at most so many milliseconds apart. */
const apart = 15_000;

interface Kept {
  readonly notes: Map<string, Note>;
  notesSnapshot: NotesSnapshot;
  recorded: readonly ActivityEntry[];
  guessed: readonly ActivityEntry[];
  /** How often what happened was asked for. */
  asked: number;
  activity: readonly ActivityEntry[];
}

export class Story {
  readonly #kept = new Map<string, Kept>();
  readonly #topics = new Topics<StoryTopic>();
  readonly #stamps = new Map<string, number>();

  constructor(private readonly now: () => number) {}

  notes(id: string): NotesSnapshot {
    return this.#kept.get(id)?.notesSnapshot ?? noNotes;
  }

  activity(id: string): readonly ActivityEntry[] {
    return this.#kept.get(id)?.activity ?? noActivity;
  }

  /** Grows whenever the contact was said to have changed. */
  contactStamp(id: string): number {
    return this.#stamps.get(id) ?? 0;
  }

  subscribe(topic: StoryTopic, listener: () => void): () => void {
    return this.#topics.subscribe(topic, listener);
  }

  async load(id: ConversationId): Promise<void> {
    await Promise.all([this.loadNotes(id), this.loadActivity(id)]);
  }

  async loadNotes(id: ConversationId): Promise<void> {
    const before = [...this.#of(id).notes.keys()];
    try {
      const notes = await gateway.getNotes(id);
      const kept = this.#of(id);
      // Deleted while nobody told of it; what came by a frame meanwhile stays.
      for (const gone of before) if (!notes.some((note) => note.note_id === gone)) kept.notes.delete(gone);
      for (const note of notes) put(kept, note);
      this.#publishNotes(id, false);
    } catch {
      this.#publishNotes(id, true);
    }
  }

  async loadActivity(id: ConversationId): Promise<void> {
    const kept = this.#of(id);
    kept.asked += 1;
    const asked = kept.asked;
    try {
      const recorded = await gateway.getActivity(id);
      // One that was asked for later knows more.
      if (asked !== kept.asked) return;
      kept.recorded = recorded;
      kept.guessed = kept.guessed.filter((each) => !recorded.some((entry) => isSame(each, entry)));
      this.#publishActivity(id);
    } catch {
      // The story is told without it; the next opening asks again.
    }
  }

  putNote(note: Note): void {
    put(this.#of(note.conversation_id), note);
    this.#publishNotes(note.conversation_id, false);
  }

  apply(events: readonly StoryEvent[]): void {
    for (const event of events) {
      switch (event.k) {
        case 'note.upsert':
          this.putNote(event.d);
          break;
        case 'contact.upsert': {
          const { contact_id: contact } = event.d;
          // Whoever shows it later reads it anew.
          if (!this.#topics.isHeard(`contact:${contact}`)) break;
          this.#stamps.set(contact, this.contactStamp(contact) + 1);
          this.#topics.tell(`contact:${contact}`);
          break;
        }
        // A kind that concerns others.
        default:
      }
    }
  }

  /** A row changed by a frame: what can be read from it is told at once. */
  rowChanged(before: Conversation | undefined, row: Conversation): void {
    const kept = this.#kept.get(row.id);
    if (!kept || !before) return;
    const guesses = guess(before, row, new Date(this.now()).toISOString());
    const news = guesses.filter((each) => !kept.recorded.some((entry) => isSame(each, entry)));
    if (news.length === 0) return;
    kept.guessed = [...kept.guessed, ...news];
    this.#publishActivity(row.id);
  }

  #of(id: string): Kept {
    const kept = this.#kept.get(id) ?? {
      notes: new Map(),
      notesSnapshot: noNotes,
      recorded: [],
      guessed: [],
      asked: 0,
      activity: [],
    };
    this.#kept.delete(id);
    this.#kept.set(id, kept);
    for (const other of this.#kept.keys()) {
      if (this.#kept.size <= most) break;
      this.#kept.delete(other);
    }
    return kept;
  }

  #publishNotes(id: string, hasFailed: boolean): void {
    const kept = this.#of(id);
    const notes = [...kept.notes.values()]
      .filter((note) => note.deleted_at === null)
      .toSorted((a, b) => (a.created_at < b.created_at ? -1 : 1));
    const have = kept.notesSnapshot;
    const isSameList =
      notes.length === have.notes.length && notes.every((note, at) => note === have.notes[at]);
    // Reading again what is here draws nothing.
    if (isSameList && have.hasFailed === hasFailed) return;
    kept.notesSnapshot = { notes, hasFailed };
    this.#topics.tell(`notes:${id}`);
  }

  #publishActivity(id: string): void {
    const kept = this.#of(id);
    const activity = [...kept.recorded, ...kept.guessed];
    // What was read again is made of other objects.
    if (JSON.stringify(activity) === JSON.stringify(kept.activity)) return;
    kept.activity = activity;
    this.#topics.tell(`activity:${id}`);
  }
}

function put({ notes }: Kept, note: Note): void {
  const have = notes.get(note.note_id);
  if (!have || have.rev < note.rev) notes.set(note.note_id, note);
}

const blank = {
  sequence: 0,
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
} as const;

/** Who did it is not in a row, and so is left open. What a message did is seen from the message. */
function guess(before: Conversation, row: Conversation, at: string): ActivityEntry[] {
  const entries: ActivityEntry[] = [];
  if (before.owner?.member_id !== row.owner?.member_id) {
    entries.push({ ...blank, at, kind: 'assigned', to: row.owner });
  }
  const isByMessage = before.message_count !== row.message_count;
  if (before.state !== row.state && !isByMessage) {
    entries.push({ ...blank, at, kind: 'state', state_after: row.state });
  }
  return entries;
}

function isSame(guessed: ActivityEntry, entry: ActivityEntry): boolean {
  if (Math.abs(Date.parse(guessed.at) - Date.parse(entry.at)) > apart) return false;
  if (guessed.kind === 'state') return entry.state_after === guessed.state_after;
  return entry.kind === 'assigned' && entry.to?.member_id === guessed.to?.member_id;
}
