import { act, cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiProblem, Unreachable } from '../../api/http';
import * as story from '../../api/story';
import type { Message } from '../../api/types';
import { chooseLanguage } from '../../i18n/language';
import { noActs, sampleAct, sampleMessage } from '../../testing/samples';
import { brokenRules, idleFeed, renderScreen } from '../../testing/screen';
import { sampleAction } from '../../testing/story-samples';
import { ToastShelf } from '../../ui/toast-shelf';
import { closeToast } from '../../ui/toasts';
import { ActsOfMessage } from './acts';
import { MessageMenu } from './message-menu';

vi.mock('../../api/story');

beforeEach(() => {
  chooseLanguage('en');
  vi.mocked(story.getActivity).mockResolvedValue([]);
});
afterEach(() => {
  cleanup();
  vi.clearAllMocks();
  closeToast('act:msg_1');
});

function Slip({ message }: { readonly message: Message }) {
  const [isOpen, setIsOpen] = useState(true);
  return (
    <main data-region="timeline">
      <article data-message={message.id}>
        <MessageMenu message={message} isActive isOpen={isOpen} onOpenChange={setIsOpen} />
        <ActsOfMessage message={message} isActive />
      </article>
    </main>
  );
}

async function show(facts: Partial<Message>): Promise<HTMLElement> {
  const message = sampleMessage('msg_1', { acts: noActs, ...facts });
  const { container } = await renderScreen(
    <>
      <Slip message={message} />
      <ToastShelf />
    </>,
    idleFeed(),
  );
  expect(await brokenRules(container)).toEqual([]);
  return container;
}

describe('the menu of a message', () => {
  it('has no entry that the message does not list', async () => {
    await show({ actions: [sampleAction('hide')], network: 'facebook', kind: 'comment' });
    const entries = screen.getAllByRole('menuitem').map((each) => each.textContent);
    expect(entries).toEqual(['Hide', 'Add note', 'Copy the text']);
  });

  it('keeps what is not possible readable, with its reason, and does not do it', async () => {
    const closed = { available: false, reason_code: 'enterprise_only', reason: 'raw' };
    await show({ actions: [sampleAction('like', closed)] });
    const like = screen.getByRole('menuitem', { name: /^Like/ });
    expect(like.getAttribute('aria-disabled')).toBe('true');
    expect(like.textContent).toContain('Needs an enterprise plan');
    await act(async () => like.click());
    expect(story.actOnMessage).not.toHaveBeenCalled();
  });

  it('gives the server’s reason where it is not one of ours', async () => {
    const closed = { available: false, reason_code: 'full_moon', reason: 'Not tonight.' };
    await show({ actions: [sampleAction('like', closed)] });
    expect(screen.getByRole('menuitem', { name: /^Like/ }).textContent).toContain('Not tonight.');
  });

  it('shows what is done at once and takes it back with the reason when it is refused', async () => {
    let refuse: (error: Error) => void = () => undefined;
    vi.mocked(story.actOnMessage).mockReturnValue(new Promise((_, reject) => (refuse = reject)));
    const container = await show({ actions: [sampleAction('like')] });
    await act(async () => screen.getByRole('menuitem', { name: /^Like/ }).click());
    expect(container.querySelector('[data-act=liked]')).toBeTruthy();
    await act(async () => refuse(new ApiProblem(409, 'message_deleted', 'raw', null, null)));
    await waitFor(() => expect(container.querySelector('[data-act=liked]')).toBeNull());
    expect(screen.getByText('The like was not made')).toBeTruthy();
    expect(screen.getByText('The message was deleted')).toBeTruthy();
  });

  it('says so when the gateway does not answer', async () => {
    vi.mocked(story.actOnMessage).mockRejectedValue(new Unreachable(null));
    await show({ actions: [sampleAction('hide')] });
    await act(async () => screen.getByRole('menuitem', { name: /^Hide/ }).click());
    expect(await screen.findByText('The server does not answer. Check your connection.')).toBeTruthy();
  });

  it('asks before it deletes one of ours for good, and only then', async () => {
    await show({ direction: 'outbound', author: null, actions: [sampleAction('delete')] });
    await act(async () => screen.getByRole('menuitem', { name: 'Delete on X' }).click());
    expect(screen.getByRole('dialog').textContent).toContain('This cannot be undone.');
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Keep it' })));
    expect(story.deleteMessage).not.toHaveBeenCalled();
  });

  it('tells on the message what the network refused, and offers it again', async () => {
    const failed = sampleAct({ state: 'failed', on: false, failure_code: 'other', failure: 'no more' });
    const container = await show({ actions: [sampleAction('like')], acts: { ...noActs, liked: failed } });
    expect(container.querySelector('[data-act-failed]')?.textContent).toContain('X refused: no more');
    expect(screen.getByText('Try again', { selector: 'button' })).toBeTruthy();
  });
});
