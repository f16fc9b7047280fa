import { act, cleanup, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as gateway from '../../api/gateway';
import { ApiProblem } from '../../api/http';
import { chooseLanguage } from '../../i18n/language';
import { sampleConversation } from '../../testing/samples';
import { brokenRules, idleFeed, renderScreen } from '../../testing/screen';
import { ConversationRow } from './conversation-row';
import { QueueList } from './queue-list';

vi.mock('../../api/gateway');

beforeEach(() => chooseLanguage('en'));
afterEach(() => {
  cleanup();
  vi.clearAllMocks();
});

const nothing = { rows: [], next: null };

describe('the list of a queue', () => {
  it('shows the shape of rows while it loads', async () => {
    vi.mocked(gateway.getConversations).mockReturnValue(new Promise(() => undefined));
    const { container } = await renderScreen(<QueueList queue="new" open={null} />);
    expect(screen.getByRole('status', { name: 'Loading conversations' })).toBeTruthy();
    expect(await brokenRules(container)).toEqual([]);
  });

  it('says that nobody is waiting, and how many are pending', async () => {
    vi.mocked(gateway.getConversations).mockResolvedValue(nothing);
    const feed = idleFeed({ counts: { new: 0, pending: 112, all: 112, resolved: 0 } });
    const { container } = await renderScreen(<QueueList queue="new" open={null} />, feed);
    expect(await screen.findByText('Nobody is waiting')).toBeTruthy();
    expect(screen.getByText('112 conversations are pending.')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Go to Pending' })).toBeTruthy();
    expect(await brokenRules(container)).toEqual([]);
  });

  it('says what is missing when no channel is connected', async () => {
    vi.mocked(gateway.getConversations).mockResolvedValue(nothing);
    await renderScreen(<QueueList queue="all" open={null} />, idleFeed({ channels: [] }));
    expect(await screen.findByText('No channel is connected')).toBeTruthy();
  });

  it('names the request when it failed, and loads when asked again', async () => {
    vi.mocked(gateway.getConversations).mockRejectedValueOnce(
      new ApiProblem(503, 'database_away', '', '4bf92f35', null),
    );
    vi.mocked(gateway.getConversations).mockResolvedValueOnce(nothing);
    const { container } = await renderScreen(<QueueList queue="pending" open={null} />);
    expect(await screen.findByText('Request 4bf92f35')).toBeTruthy();
    expect(await brokenRules(container)).toEqual([]);
    act(() => screen.getByRole('button', { name: 'Try again' }).click());
    expect(await screen.findByText('Nothing is pending')).toBeTruthy();
  });

  it('says who can help when the member may not see it', async () => {
    vi.mocked(gateway.getConversations).mockRejectedValueOnce(
      new ApiProblem(403, 'forbidden', '', null, null),
    );
    await renderScreen(<QueueList queue="pending" open={null} />);
    expect(await screen.findByText('You may not see this')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
  });
});

describe('a row', () => {
  it('tells name, network, kind, waiting time, text and what nobody has seen', async () => {
    const feed = idleFeed();
    const waiting_since = new Date(Date.now() - 125_000).toISOString();
    feed.store.showConversation(sampleConversation('conv_1', { waiting_since, unseen_count: 3 }));
    await renderScreen(<ConversationRow id="conv_1" queue="new" isOpen={false} isActive />, feed);
    const row = screen.getByRole('gridcell');
    expect(row.textContent).toContain('Amélie Roussel');
    expect(row.textContent).toContain('X · Mention');
    expect(row.textContent).toContain('Waiting for 2\u00a0min');
    expect(row.textContent).toContain('3 messages not yet seen');
    expect(screen.getByRole('link').getAttribute('href')).toBe('/inbox/new/c/conv_1');
  });

  it('says when the last word was ours', async () => {
    const feed = idleFeed();
    const last = { text: 'On regarde.', kind: 'reply', direction: 'outbound' } as const;
    feed.store.showConversation(sampleConversation('conv_1', { state: 'pending', last, unseen_count: 0 }));
    await renderScreen(<ConversationRow id="conv_1" queue="pending" isOpen isActive />, feed);
    expect(screen.getByRole('gridcell').textContent).toContain('You:On regarde.');
  });
});
