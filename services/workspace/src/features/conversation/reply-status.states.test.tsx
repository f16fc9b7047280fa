import { act, cleanup, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as gateway from '../../api/gateway';
import type { Message, Reply } from '../../api/types';
import { chooseLanguage } from '../../i18n/language';
import { sampleMessage, sampleReply } from '../../testing/samples';
import { brokenRules, renderScreen } from '../../testing/screen';
import { MessageSlip } from './message-slip';

vi.mock('../../api/gateway');

beforeEach(() => chooseLanguage('en'));
afterEach(() => {
  cleanup();
  vi.clearAllMocks();
});

async function show(reply: Partial<Reply>, facts: Partial<Message> = {}): Promise<HTMLElement> {
  const message = sampleMessage('msg_1', {
    direction: 'outbound',
    text: 'Bonjour',
    reply: sampleReply(reply),
    ...facts,
  });
  const { container } = await renderScreen(<MessageSlip message={message} isActive />);
  expect(await brokenRules(container)).toEqual([]);
  return screen.getByRole('article');
}

describe('a reply of ours', () => {
  it('names the person who wrote it', async () => {
    const slip = await show({ name: 'Léa Martin' });
    expect(within(slip).getByRole('heading').textContent).toBe('Léa Martin');
  });

  it.each<[string, Partial<Reply>, Partial<Message>]>([
    ['Queued', { state: 'queued' }, {}],
    ['Sending…', { state: 'sending' }, {}],
    ['Sent', { state: 'sent' }, {}],
    ['Delivered', { state: 'sent' }, { delivered: true }],
    ['Read', { state: 'sent' }, { delivered: true, read: true }],
  ])('says that it is: %s', async (said, reply, facts) => {
    expect((await show(reply, facts)).textContent).toContain(said);
  });

  it('says until when it waits for the network', async () => {
    const slip = await show({ waits_until: '2026-11-23T10:30:00Z', wait_reason: 'rate_limited' });
    expect(slip.textContent).toMatch(/Waits until \d\d:\d\d/);
  });

  it('that failed says why, and offers to send it again only where that may help', async () => {
    const failure = { state: 'failed', failure_code: 'window_closed', failure: 'raw' } as const;
    const final = await show({ ...failure, retryable: false });
    expect(final.textContent).toContain('The time for a private message is over.');
    expect(within(final).queryByRole('button', { name: 'Send again' })).toBeNull();
    cleanup();
    const open = await show({ ...failure, retryable: true });
    vi.mocked(gateway.retryReply).mockResolvedValue(sampleMessage('msg_1', { rev: 2 }));
    await act(async () => within(open).getByRole('button', { name: 'Send again' }).click());
    expect(gateway.retryReply).toHaveBeenCalledWith('msg_1', expect.any(String));
  });

  it('that failed for a reason without words of ours shows the network’s', async () => {
    const slip = await show({ state: 'failed', failure_code: 'odd', failure: 'The page said no.' });
    expect(slip.textContent).toContain('The page said no.');
  });

  it.each([
    ['It arrived', true],
    ['It did not', false],
  ])(
    'of which nothing is known is never sent again by itself, and is settled by a person: %s',
    async (said, sent) => {
      const slip = await show({ state: 'unknown' });
      expect(within(slip).queryByRole('button', { name: 'Send again' })).toBeNull();
      vi.mocked(gateway.settleReply).mockResolvedValue(sampleMessage('msg_1', { rev: 2 }));
      await act(async () => within(slip).getByRole('button', { name: said }).click());
      expect(gateway.settleReply).toHaveBeenCalledWith('msg_1', sent);
    },
  );
});
