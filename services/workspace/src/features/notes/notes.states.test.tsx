import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiProblem } from '../../api/http';
import * as story from '../../api/story';
import type { Note } from '../../api/story-types';
import { chooseLanguage } from '../../i18n/language';
import { sampleMessage } from '../../testing/samples';
import { brokenRules, idleFeed, renderScreen } from '../../testing/screen';
import { sampleNote } from '../../testing/story-samples';
import { useNotes } from '../../live/select';
import { ToastShelf } from '../../ui/toast-shelf';
import { NoteSlip } from './note-slip';

vi.mock('../../api/story');

beforeEach(() => chooseLanguage('en'));
afterEach(() => {
  cleanup();
  vi.clearAllMocks();
});

/** As the story shows it: whatever the live store holds. */
function Slips({ onShow }: { readonly onShow: (id: string) => void }) {
  const message = sampleMessage('msg_1', { text: 'Where is it?' });
  return useNotes('conv_1').notes.map((note) => (
    <NoteSlip
      key={note.note_id}
      note={note}
      message={note.message_id ? message : null}
      isActive
      onShowMessage={onShow}
    />
  ));
}

async function show(facts: Partial<Note> = {}, onShow: (id: string) => void = vi.fn()) {
  const feed = idleFeed();
  feed.story.putNote(sampleNote('note_1', facts));
  const { container } = await renderScreen(
    <main>
      <h1>Story</h1>
      <h2>Today</h2>
      <Slips onShow={onShow} />
      <ToastShelf />
    </main>,
    feed,
  );
  expect(await brokenRules(container)).toEqual([]);
  return feed;
}

/** Its code comes when it is asked for. */
const slowly = { timeout: 5_000 };
const slip = (): HTMLElement => screen.getByRole('article');

describe('a note', () => {
  it('carries its author and time and says that the customer does not see it', async () => {
    await show();
    expect(slip().textContent).toContain('Ana Petit');
    expect(slip().textContent).toContain('not visible to the customer');
    expect(slip().querySelector('time')?.getAttribute('datetime')).toBe('2026-11-23T10:05:00Z');
  });

  it('cannot be changed by those who may not', async () => {
    await show({ mine_to_change: false });
    expect(screen.queryByRole('button', { name: 'Edit' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Delete' })).toBeNull();
  });

  it('leads to the message that it is tied to, or says that it was tied to one', async () => {
    const onShow = vi.fn();
    await show({ message_id: sampleMessage('msg_1').id }, onShow);
    fireEvent.click(screen.getByRole('button', { name: /Where is it/ }));
    expect(onShow).toHaveBeenCalledWith('msg_1');
  });

  it('shows that it was edited, and how it read before', async () => {
    vi.mocked(story.getNoteVersions).mockResolvedValue([
      { text: 'She called once.', at: '2026-11-23T10:05:00Z', member_id: 'mem_1', name: 'Ana Petit' },
    ]);
    await show({ edited_at: '2026-11-23T10:09:00Z' });
    await act(async () => screen.getByRole('button', { name: /^Edited/ }).click());
    expect(await screen.findByText('She called once.', {}, slowly)).toBeTruthy();
  });

  it('says so when its history cannot be loaded', async () => {
    vi.mocked(story.getNoteVersions).mockRejectedValue(new ApiProblem(503, 'unavailable', 'x', 'abc', null));
    await show({ edited_at: '2026-11-23T10:09:00Z' });
    await act(async () => screen.getByRole('button', { name: /^Edited/ }).click());
    expect(await screen.findByText(/not available right now/, {}, slowly)).toBeTruthy();
  });

  it('is edited in its place against the revision that was seen', async () => {
    vi.mocked(story.editNote).mockResolvedValue(sampleNote('note_1', { text: 'Thrice.', rev: 2 }));
    await show();
    await act(async () => screen.getByRole('button', { name: 'Edit' }).click());
    fireEvent.change(screen.getByRole('textbox'), { target: { value: 'Thrice.' } });
    await act(async () => screen.getByRole('button', { name: 'Save' }).click());
    expect(story.editNote).toHaveBeenCalledWith('note_1', 'Thrice.', 1);
    expect(slip().textContent).toContain('Thrice.');
    expect(screen.queryByRole('textbox')).toBeNull();
  });

  it('keeps what I write when it is refused', async () => {
    vi.mocked(story.editNote).mockRejectedValue(
      new ApiProblem(403, 'access_missing', 'Only read.', null, null),
    );
    await show();
    await act(async () => screen.getByRole('button', { name: 'Edit' }).click());
    fireEvent.change(screen.getByRole('textbox'), { target: { value: 'Thrice.' } });
    await act(async () => screen.getByRole('button', { name: 'Save' }).click());
    expect(await screen.findByText('Not saved: Only read.')).toBeTruthy();
    expect(screen.getByRole<HTMLTextAreaElement>('textbox').value).toBe('Thrice.');
  });

  it('shows what a colleague changed meanwhile and keeps mine or theirs as I say', async () => {
    const feed = await show();
    await act(async () => screen.getByRole('button', { name: 'Edit' }).click());
    fireEvent.change(screen.getByRole('textbox'), { target: { value: 'Mine.' } });
    await act(async () => feed.story.putNote(sampleNote('note_1', { text: 'Theirs.', rev: 2 })));
    expect(screen.getByRole('alert').textContent).toContain('Theirs.');
    await act(async () => screen.getByRole('button', { name: 'Save' }).click());
    expect(story.editNote).not.toHaveBeenCalled();
    await act(async () => screen.getByRole('button', { name: 'Show theirs' }).click());
    expect(screen.getByRole<HTMLTextAreaElement>('textbox').value).toBe('Theirs.');
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('goes at once when it is deleted, and Undo brings it back', async () => {
    vi.mocked(story.deleteNote).mockResolvedValue(
      sampleNote('note_1', { deleted_at: '2026-11-23T11:00:00Z', rev: 2 }),
    );
    vi.mocked(story.restoreNote).mockResolvedValue(sampleNote('note_1', { rev: 3 }));
    await show();
    await act(async () => screen.getByRole('button', { name: 'Delete' }).click());
    expect(screen.queryByRole('article')).toBeNull();
    await act(async () => screen.getByRole('button', { name: 'Undo' }).click());
    expect(slip()).toBeTruthy();
  });
});
