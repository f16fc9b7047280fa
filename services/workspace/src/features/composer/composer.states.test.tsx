import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { onlineManager } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as gateway from '../../api/gateway';
import { ApiProblem } from '../../api/http';
import type { AnswerOption, Conversation, ConversationId } from '../../api/types';
import { chooseLanguage } from '../../i18n/language';
import type { LiveFeed } from '../../live/feed';
import { sampleConversation, sampleMessage, sampleOption } from '../../testing/samples';
import { brokenRules, idleFeed, renderScreen } from '../../testing/screen';
import { Composer } from './composer';

vi.mock('../../api/gateway');

const id = 'conv_1' as ConversationId;

beforeEach(() => {
  localStorage.clear();
  chooseLanguage('en');
  vi.mocked(gateway.releaseLock).mockResolvedValue();
});
afterEach(() => {
  cleanup();
  vi.clearAllMocks();
});

async function show(
  answers: readonly AnswerOption[],
  facts: Partial<Conversation> = {},
  feed: LiveFeed = idleFeed(),
): Promise<HTMLTextAreaElement> {
  const row = sampleConversation(id, facts);
  feed.store.showConversation(row);
  feed.store.showLatestMessages(id, { messages: [sampleMessage('msg_1', { answers })], older: null });
  const { container } = await renderScreen(<Composer row={row} />, feed);
  expect(await brokenRules(container)).toEqual([]);
  return screen.getByRole<HTMLTextAreaElement>('textbox');
}

const send = (): HTMLElement => screen.getByRole('button', { name: /^Send/ });
const isOff = (button: HTMLElement): boolean => button.getAttribute('aria-disabled') === 'true';

describe('the reply box', () => {
  it('says in its name to whom, where, and that everyone will read it', async () => {
    const box = await show([sampleOption()]);
    expect(box.getAttribute('aria-label')).toBe('Public reply to Amélie Roussel on X, visible to everyone');
  });

  it('sends nothing while it is empty, and something once it is not', async () => {
    const box = await show([sampleOption({ counting: 'characters' })]);
    expect(isOff(send())).toBe(true);
    fireEvent.change(box, { target: { value: 'Bonjour' } });
    expect(isOff(send())).toBe(false);
    expect(screen.getByText('273 left')).toBeTruthy();
  });

  it('shows the reason where the message cannot be answered, and sends nothing', async () => {
    const box = await show([
      sampleOption({ available: false, reason_code: 'account_not_mentioned', reason: 'raw' }),
    ]);
    fireEvent.change(box, { target: { value: 'Bonjour' } });
    expect(screen.getByText('This account was not mentioned in the message')).toBeTruthy();
    expect(isOff(send())).toBe(true);
  });

  it('has all its parts before it is known how to answer, and sends nothing', async () => {
    const feed = idleFeed();
    const row = sampleConversation(id);
    feed.store.showConversation(row);
    const { container } = await renderScreen(<Composer row={row} />, feed);
    expect(await brokenRules(container)).toEqual([]);
    fireEvent.change(screen.getByRole('textbox'), { target: { value: 'Bonjour' } });
    expect(screen.getByRole('status', { name: 'Looking up how this can be answered…' })).toBeTruthy();
    expect(screen.getByRole('switch', { name: 'Shorten links' })).toBeTruthy();
    expect(isOff(send())).toBe(true);
  });

  it('says where there is no way to answer', async () => {
    await show([]);
    expect(screen.getByText('This conversation cannot be answered from here.')).toBeTruthy();
    expect(screen.queryByRole('status')).toBeNull();
  });

  it('has Pending and Resolve above it, and Reopen once it is resolved', async () => {
    await show([sampleOption()]);
    expect(screen.getByRole('button', { name: 'Pending' })).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Resolve' })).toBeTruthy();
    cleanup();
    await show([sampleOption()], { state: 'resolved' });
    expect(screen.getByRole('button', { name: 'Reopen' })).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Resolve' })).toBeNull();
  });

  it('names whoever holds the right to answer, and keeps what is written', async () => {
    const expires_at = new Date(Date.now() + 20_000).toISOString();
    const lock = { member_id: 'mem_2', name: 'Marc Lefèvre', fence: 3, expires_at };
    const box = await show([sampleOption()], { lock });
    expect(screen.getByText('Marc Lefèvre is answering this conversation.')).toBeTruthy();
    fireEvent.change(box, { target: { value: 'Bonjour' } });
    expect(box.value).toBe('Bonjour');
    expect(isOff(send())).toBe(true);
  });

  it('does not believe a lock that ran out and whose holder is not there', async () => {
    const expires_at = new Date(Date.now() - 60_000).toISOString();
    const lock = { member_id: 'mem_2', name: 'Marc Lefèvre', fence: 3, expires_at };
    await show([sampleOption()], { lock });
    expect(screen.queryByText(/is answering/)).toBeNull();
  });

  it('says that the customer wrote again, and sends it anyway when asked to', async () => {
    vi.mocked(gateway.acquireLock).mockRejectedValue(new Error('away'));
    vi.mocked(gateway.postReply).mockRejectedValueOnce(
      new ApiProblem(409, 'newer_message', 'raw', null, null),
    );
    const box = await show([sampleOption({ counting: 'characters' })]);
    fireEvent.change(box, { target: { value: 'Bonjour' } });
    await act(async () => send().click());
    expect(await screen.findByText('The customer wrote again in the meantime.')).toBeTruthy();
    expect(box.value).toBe('Bonjour');
    vi.mocked(gateway.postReply).mockReturnValue(new Promise(() => undefined));
    await act(async () => screen.getByRole('button', { name: 'Send anyway' }).click());
    const calls = vi.mocked(gateway.postReply).mock.calls.map(([, reply]) => reply);
    expect(calls.map((reply) => reply.despite_newer)).toEqual([false, true]);
    expect(calls[0]?.key).not.toBe(calls[1]?.key);
    expect(box.value).toBe('');
  });

  it('resolves what the list showed when the story is not there yet, so that it does not come back at once', async () => {
    vi.mocked(gateway.changeState).mockReturnValue(new Promise(() => undefined));
    const feed = idleFeed();
    // Fewer than there were: one turned out to be a reply of ours.
    const row = sampleConversation(id, { message_count: 3, last_sequence: 4 });
    feed.store.showConversation(row);
    await renderScreen(<Composer row={row} />, feed);
    await act(async () => screen.getByRole('button', { name: 'Resolve' }).click());
    const [[, change] = []] = vi.mocked(gateway.changeState).mock.calls;
    expect(change).toMatchObject({ to: 'resolved', seen_through: 4 });
  });

  it('has seen what was there at the press, although the line is back only after more came', async () => {
    vi.mocked(gateway.changeState).mockReturnValue(new Promise(() => undefined));
    const feed = idleFeed();
    const row = sampleConversation(id);
    feed.store.showConversation(row);
    feed.store.showLatestMessages(row.id, { messages: [sampleMessage('msg_1')], older: null });
    await renderScreen(<Composer row={row} />, feed);
    act(() => onlineManager.setOnline(false));
    await act(async () => screen.getByRole('button', { name: 'Resolve' }).click());
    act(() => {
      feed.store.apply([{ k: 'message.upsert', d: sampleMessage('msg_2', { sequence: 2 }) }]);
      onlineManager.setOnline(true);
    });
    await vi.waitFor(() => expect(gateway.changeState).toHaveBeenCalled());
    const [[, change] = []] = vi.mocked(gateway.changeState).mock.calls;
    expect(change).toMatchObject({ to: 'resolved', seen_through: 1 });
  });
});
