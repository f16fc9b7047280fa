import { cleanup, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '../../api/types';
import { chooseLanguage } from '../../i18n/language';
import { sampleBootstrap, sampleMessage } from '../../testing/samples';
import { brokenRules, idleFeed, renderScreen } from '../../testing/screen';
import { MessageSlip } from './message-slip';

beforeEach(() => chooseLanguage('en'));
afterEach(cleanup);

async function show(facts: Partial<Message>, feed = idleFeed()): Promise<HTMLElement> {
  const { container } = await renderScreen(
    <MessageSlip message={sampleMessage('msg_1', facts)} isActive />,
    feed,
  );
  expect(await brokenRules(container)).toEqual([]);
  return screen.getByRole('article', { name: facts.author === null ? /.*/ : /Amélie Roussel/ });
}

describe('a message', () => {
  it('shows its kind, the way to the network, the sender and the time', async () => {
    const slip = await show({ permalink: 'https://x.com/i/status/1' });
    expect(slip.textContent).toContain('Public mention');
    const link = within(slip).getByRole('link', { name: /View on X/ });
    expect(link.getAttribute('href')).toBe('https://x.com/i/status/1');
    expect(link.getAttribute('rel')).toContain('noopener');
    expect(slip.querySelector('time')?.getAttribute('datetime')).toBe('2026-11-23T10:00:00Z');
  });

  it('has no way to the network when it is private', async () => {
    const slip = await show({ kind: 'private_message', text: 'Bonjour' });
    expect(slip.textContent).toContain('Direct message');
    expect(within(slip).queryByRole('link')).toBeNull();
  });

  it('leaves a tombstone, and none of its words, when its author deleted it', async () => {
    const slip = await show({ deleted: true, edited: true, text: 'secret' });
    expect(slip.textContent).toContain('Deleted on the network by its author.');
    expect(slip.textContent).not.toContain('secret');
  });

  it('says that it was edited, and groups equal reactions', async () => {
    const like = { reaction: 'like', emoji: '❤' };
    const slip = await show({ edited: true, reactions: [like, like, { reaction: 'wow', emoji: '' }] });
    expect(slip.textContent).toContain('edited');
    const chips = within(slip).getAllByRole('listitem');
    expect(chips.map((chip) => chip.textContent)).toEqual(['❤2', 'wow']);
  });

  it('names an attachment and links it only when its address is one of the web', async () => {
    const slip = await show({
      attachments: [
        { type: 'image', url: 'https://media.example/1', title: 'label.jpg' },
        { type: 'file', url: 'javascript:alert(1)', title: '' },
      ],
    });
    expect(slip.textContent).toContain('Image from the customer');
    expect(slip.textContent).toContain('File from the customer');
    expect(within(slip).getAllByRole('link')).toHaveLength(1);
    expect(slip.querySelector('img, video, audio, iframe')).toBeNull();
  });

  it('says someone on the network when its author is not known', async () => {
    const slip = await show({ author: null, network: 'facebook', kind: 'comment' });
    expect(slip.textContent).toContain('Someone on Facebook');
  });

  it('names the account that was written to where the network has several', async () => {
    const [one] = sampleBootstrap.channels;
    if (!one) throw new Error('the sample has a channel');
    const channels = [one, { ...one, id: 'chan_y', display_name: 'Quai Pro' }];
    const slip = await show({ channel_ids: ['chan_y'] }, idleFeed({ channels }));
    expect(slip.textContent).toContain('to Quai Pro');
  });

  it('shows how far our own words have come', async () => {
    const slip = await show({ direction: 'outbound', delivered: true });
    expect(slip.textContent).toContain('Delivered');
    expect(slip.dataset['direction']).toBe('outbound');
  });
});
