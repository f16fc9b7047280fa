import { act, cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as gateway from '../../api/gateway';
import { ApiProblem } from '../../api/http';
import * as story from '../../api/story';
import type { AnswerOption, ConversationId } from '../../api/types';
import { chooseLanguage } from '../../i18n/language';
import { sampleConversation, sampleMessage, sampleOption } from '../../testing/samples';
import { brokenRules, idleFeed, renderScreen } from '../../testing/screen';
import { sampleNote } from '../../testing/story-samples';
import { Drafts } from '../../drafts/drafts';
import { aimAt } from './aim';
import { Composer } from './composer';

vi.mock('../../api/gateway');
vi.mock('../../api/story');

let nth = 0;
let id: ConversationId;
let drafts: Drafts;

beforeEach(() => {
  localStorage.clear();
  chooseLanguage('en');
  // Reply or note is remembered for each conversation.
  id = `conv_writing_${(nth += 1)}` as ConversationId;
  drafts = new Drafts('mem_1', localStorage);
  vi.mocked(gateway.releaseLock).mockResolvedValue();
  vi.mocked(gateway.acquireLock).mockRejectedValue(new Error('away'));
  vi.mocked(story.previewLinks).mockRejectedValue(new Error('away'));
});
afterEach(() => {
  cleanup();
  vi.clearAllMocks();
});

const message = () =>
  sampleMessage('msg_1', {
    conversation_id: id,
    text: 'Where is it?',
    answers: [sampleOption({ counting: 'characters' }), quote],
  });
const quote = sampleOption({ kind: 'quote', counting: 'characters' });

async function show(answers: readonly AnswerOption[] = message().answers) {
  const feed = idleFeed();
  const row = sampleConversation(id);
  feed.store.showConversation(row);
  feed.store.showLatestMessages(id, { messages: [{ ...message(), answers }], older: null });
  const { container } = await renderScreen(<Composer row={row} />, feed, drafts);
  expect(await brokenRules(container)).toEqual([]);
  return { feed, container };
}

const box = (): HTMLTextAreaElement => screen.getByRole('textbox');
const tab = (name: string): HTMLElement => screen.getByRole('tab', { name });
const write = (value: string): void => void fireEvent.change(box(), { target: { value } });

describe('reply and note', () => {
  it('have each their own text, name and button, and change only when they are chosen', async () => {
    const { feed, container } = await show();
    write('for the customer');
    await act(async () => tab('Add note').click());
    expect(await brokenRules(container)).toEqual([]);
    expect(box().value).toBe('');
    expect(box().getAttribute('aria-label')).toContain('not visible to the customer');
    expect(screen.queryByRole('button', { name: /^Send/ })).toBeNull();
    write('for colleagues');
    await act(async () =>
      feed.store.apply([{ k: 'conversation.upsert', d: sampleConversation(id, { rev: 2 }) }]),
    );
    expect(tab('Add note').getAttribute('aria-selected')).toBe('true');
    await act(async () => tab('Reply').click());
    expect(box().value).toBe('for the customer');
    expect(drafts.get(id, 'note').text).toBe('for colleagues');
  });

  it('go from one to the other with the arrow keys', async () => {
    await show();
    await act(async () => void fireEvent.keyDown(tab('Reply'), { key: 'ArrowRight' }));
    expect(tab('Add note').getAttribute('aria-selected')).toBe('true');
  });
});

describe('a note being written', () => {
  it('is added with its key, tied to the message that was aimed at, and then leaves the box', async () => {
    vi.mocked(story.addNote).mockResolvedValue(sampleNote('note_1', { conversation_id: id, text: 'Seen.' }));
    const { feed } = await show();
    await act(async () => aimAt(message(), 'note'));
    expect(screen.getByText('Where is it?')).toBeTruthy();
    write('Seen.');
    await act(async () => screen.getByRole('button', { name: 'Add note' }).click());
    const [to, note] = vi.mocked(story.addNote).mock.calls[0] ?? [];
    expect([to, note?.text, note?.message_id]).toEqual([id, 'Seen.', 'msg_1']);
    await waitFor(() => expect(feed.story.notes(id).notes.map((each) => each.text)).toEqual(['Seen.']));
    expect(box().value).toBe('');
    expect(drafts.has(id, 'note')).toBe(false);
  });

  it('stays in the box with the reason when it is refused, and is asked for again with the same key', async () => {
    vi.mocked(story.addNote).mockRejectedValue(
      new ApiProblem(403, 'access_missing', 'Not here.', null, null),
    );
    await show();
    await act(async () => tab('Add note').click());
    write('Seen.');
    const add = () => screen.getByRole('button', { name: 'Add note' });
    await act(async () => add().click());
    expect(await screen.findByText('The note was not added: Not here.')).toBeTruthy();
    expect(box().value).toBe('Seen.');
    await act(async () => add().click());
    const keys = vi.mocked(story.addNote).mock.calls.map(([, note]) => note.key);
    expect(keys[0]).toBe(keys[1]);
  });
});

describe('a quote', () => {
  it('shows what it quotes, is never chosen by itself, and can be dropped', async () => {
    await show([quote, sampleOption({ counting: 'characters' })]);
    expect(screen.getByRole('button', { name: 'Kind of message: Public reply' })).toBeTruthy();
    await act(async () => aimAt(message(), 'quote'));
    expect(document.querySelector('[data-quoted]')?.textContent).toContain('Where is it?');
    expect(screen.getByRole('button', { name: 'Kind of message: Quote post' })).toBeTruthy();
    await act(async () => screen.getByRole('button', { name: 'Do not quote' }).click());
    expect(document.querySelector('[data-quoted]')).toBeNull();
  });
});

describe('links', () => {
  it('are shown when they are wanted short, with what becomes of each, and can be left long', async () => {
    vi.mocked(story.previewLinks).mockResolvedValue([
      { ordinal: 0, url: 'https://a.fr/x', short_example: 'https://q.to/abc' },
      { ordinal: 1, url: 'https://b.fr/y', short_example: 'https://q.to/def' },
    ]);
    vi.mocked(gateway.postReply).mockReturnValue(new Promise(() => undefined));
    await show();
    write('See https://a.fr/x or https://b.fr/y.');
    expect(screen.queryByRole('list', { name: 'Links' })).toBeNull();
    await act(async () => screen.getByRole('switch', { name: 'Shorten links' }).click());
    const first = await screen.findByRole('button', { name: /a\.fr\/x becomes q\.to\/abc/ });
    await act(async () => first.click());
    expect(screen.getByRole('button', { name: /a\.fr\/x stays long/ }).getAttribute('aria-pressed')).toBe(
      'false',
    );
    await act(async () => screen.getByRole('button', { name: /^Send/ }).click());
    await waitFor(() => expect(gateway.postReply).toHaveBeenCalled());
    const [, reply] = vi.mocked(gateway.postReply).mock.calls[0] ?? [];
    expect([reply?.shorten_links, reply?.keep_long_ordinals]).toEqual([true, [0]]);
  });

  it('are found here when the gateway gives no preview', async () => {
    await show();
    write('See https://a.fr/x.');
    await act(async () => screen.getByRole('switch', { name: 'Shorten links' }).click());
    expect(screen.getByRole('button', { name: /a\.fr\/x will be short/ })).toBeTruthy();
  });
});

it('what another device replaced can be restored', async () => {
  drafts.adopt(id, 'reply', {
    text: 'newer',
    updated_at: Date.now(),
    other: { text: 'what I wrote here', at: Date.now() - 60_000 },
  });
  await show();
  await act(async () => screen.getByRole('button', { name: 'Restore it' }).click());
  expect(box().value).toBe('what I wrote here');
  expect(drafts.get(id).other?.text).toBe('newer');
});
