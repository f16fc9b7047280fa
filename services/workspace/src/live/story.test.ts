import { beforeEach, describe, expect, it, vi } from 'vitest';
import * as gateway from '../api/story';
import type { ActivityEntry, Note } from '../api/story-types';
import type { ConversationId } from '../api/types';
import { sampleConversation } from '../testing/samples';
import { sampleEntry, sampleNote } from '../testing/story-samples';
import { Story } from './story';

vi.mock('../api/story');

const id = 'conv_1' as ConversationId;
let now: number;
let story: Story;

beforeEach(() => {
  vi.resetAllMocks();
  now = Date.parse('2026-11-23T10:00:00Z');
  story = new Story(() => now);
  vi.mocked(gateway.getNotes).mockResolvedValue([]);
  vi.mocked(gateway.getActivity).mockResolvedValue([]);
});

const texts = (): string[] => story.notes(id).notes.map((note: Note) => note.text);

describe('notes', () => {
  it('are applied when they are newer, whatever the order in which they come', () => {
    const edited = sampleNote('note_1', { text: 'edited', rev: 2 });
    story.apply([{ k: 'note.upsert', d: edited }]);
    story.apply([{ k: 'note.upsert', d: edited }]);
    story.apply([{ k: 'note.upsert', d: sampleNote('note_1', { text: 'first', rev: 1 }) }]);
    expect(texts()).toEqual(['edited']);
  });

  it('go when they are deleted and come back when they are restored', () => {
    story.putNote(sampleNote('note_1'));
    story.putNote(sampleNote('note_1', { deleted_at: '2026-11-23T10:06:00Z', rev: 2 }));
    expect(texts()).toEqual([]);
    story.putNote(sampleNote('note_1', { rev: 3 }));
    expect(texts()).toHaveLength(1);
  });

  it('that were deleted while nobody told of it go with the next reading, what a frame brought meanwhile stays', async () => {
    story.putNote(sampleNote('note_1', { text: 'deleted elsewhere' }));
    vi.mocked(gateway.getNotes).mockImplementation(async () => {
      story.putNote(sampleNote('note_2', { text: 'arrived meanwhile' }));
      return [];
    });
    await story.loadNotes(id);
    expect(texts()).toEqual(['arrived meanwhile']);
  });

  it('say that they could not be read, and go on showing what is here', async () => {
    story.putNote(sampleNote('note_1', { text: 'here' }));
    vi.mocked(gateway.getNotes).mockRejectedValue(new Error('away'));
    await story.loadNotes(id);
    expect([story.notes(id).hasFailed, texts()]).toEqual([true, ['here']]);
  });
});

describe('what happened', () => {
  const before = sampleConversation(id);
  const after = sampleConversation(id, {
    rev: 2,
    state: 'pending',
    owner: { member_id: 'mem_2', name: 'Marc Lefèvre' },
  });

  it('is read from the row when a frame changes it, without asking', async () => {
    await story.load(id);
    vi.clearAllMocks();
    story.rowChanged(before, after);
    expect(story.activity(id).map((entry) => [entry.kind, entry.to?.name ?? entry.state_after])).toEqual([
      ['assigned', 'Marc Lefèvre'],
      ['state', 'pending'],
    ]);
    expect(gateway.getActivity).not.toHaveBeenCalled();
  });

  it('is told once when the server’s record of it comes', async () => {
    await story.load(id);
    story.rowChanged(before, after);
    const recorded = sampleEntry('set_pending', { at: '2026-11-23T09:59:58Z', state_after: 'pending' });
    vi.mocked(gateway.getActivity).mockResolvedValue([{ ...recorded, name: 'Ana Petit' }]);
    await story.loadActivity(id);
    expect(story.activity(id).map((entry) => [entry.kind, entry.name])).toEqual([
      ['set_pending', 'Ana Petit'],
      ['assigned', null],
    ]);
  });

  it('stands as it was asked for last, whichever answer comes first', async () => {
    const opened = sampleEntry('opened', { sequence: 1 });
    const resolved = sampleEntry('resolved', { sequence: 2, state_after: 'resolved' });
    let answerTheFirst: (entries: readonly ActivityEntry[]) => void = () => undefined;
    vi.mocked(gateway.getActivity).mockReturnValueOnce(
      new Promise((resolve) => {
        answerTheFirst = resolve;
      }),
    );
    vi.mocked(gateway.getActivity).mockResolvedValueOnce([opened, resolved]);
    const first = story.loadActivity(id);
    await story.loadActivity(id);
    answerTheFirst([opened]);
    await first;
    expect(story.activity(id).map((entry) => entry.kind)).toEqual(['opened', 'resolved']);
  });

  it('is not said of what a message did, which stands there itself', async () => {
    await story.load(id);
    story.rowChanged(before, sampleConversation(id, { rev: 2, state: 'pending', message_count: 2 }));
    expect(story.activity(id)).toEqual([]);
  });

  it('is not guessed of conversations that were never opened', () => {
    story.rowChanged(before, after);
    expect(story.activity(id)).toEqual([]);
  });
});

it('what is read again and says the same is told to nobody', async () => {
  vi.mocked(gateway.getNotes).mockImplementation(async () => [sampleNote('note_1')]);
  vi.mocked(gateway.getActivity).mockImplementation(async () => [sampleEntry('opened', { sequence: 1 })]);
  await story.load(id);
  const before = [story.notes(id), story.activity(id)];
  const told = vi.fn();
  story.subscribe(`notes:${id}`, told);
  story.subscribe(`activity:${id}`, told);
  await story.load(id);
  expect(told).not.toHaveBeenCalled();
  expect([story.notes(id), story.activity(id)]).toEqual(before);
  vi.mocked(gateway.getNotes).mockRejectedValueOnce(new Error('away'));
  await story.load(id);
  expect([told.mock.calls.length, story.notes(id).hasFailed]).toEqual([1, true]);
});

it('a contact that changed says so to whoever shows it', () => {
  const heard = vi.fn();
  story.subscribe('contact:cont_1', heard);
  story.apply([{ k: 'contact.upsert', d: { contact_id: 'cont_1' } }]);
  story.apply([{ k: 'contact.upsert', d: { contact_id: 'cont_2' } }]);
  expect(story.contactStamp('cont_2')).toBe(0);
  expect([story.contactStamp('cont_1'), heard.mock.calls.length]).toEqual([1, 1]);
});
