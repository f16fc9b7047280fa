import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import * as gateway from '../../api/gateway';
import { ApiProblem } from '../../api/http';
import * as lists from '../../api/lists';
import { chooseLanguage } from '../../i18n/language';
import { listKey, listOf } from '../../live/list';
import { sampleConversation } from '../../testing/samples';
import { brokenRules, idleFeed, renderScreen } from '../../testing/screen';
import { ConversationRow } from './conversation-row';
import { ListEnd } from './list-end';
import { QueueList } from './queue-list';

vi.mock('../../api/gateway');
vi.mock('../../api/lists');

// What comes when it is first shown is here already, however busy the machine is.
beforeAll(() =>
  Promise.all([
    import('./active-filters'),
    import('./bulk-bar'),
    import('./filter-panel'),
    import('./nothing-matches'),
  ]),
);
beforeEach(() => chooseLanguage('en'));
afterEach(() => {
  cleanup();
  vi.clearAllMocks();
});

const nothing = { rows: [], next: null };
const idle = { open: null, onSearch: () => undefined };
const unselected = { isSelected: false, onChoose: () => undefined };

describe('the list of a queue', () => {
  it('shows the shape of rows while it loads', async () => {
    vi.mocked(lists.getConversations).mockReturnValue(new Promise(() => undefined));
    const { container } = await renderScreen(<QueueList list="new" {...idle} />);
    expect(screen.getByRole('status', { name: 'Loading conversations' })).toBeTruthy();
    expect(await brokenRules(container)).toEqual([]);
  });

  it('says that nobody is waiting, and how many are pending', async () => {
    vi.mocked(lists.getConversations).mockResolvedValue(nothing);
    const feed = idleFeed({ counts: { new: 0, pending: 112, all: 112, resolved: 0 } });
    const { container } = await renderScreen(<QueueList list="new" {...idle} />, feed);
    expect(await screen.findByText('Nobody is waiting')).toBeTruthy();
    expect(screen.getByText('112 conversations are pending.')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Go to Pending' })).toBeTruthy();
    expect(await brokenRules(container)).toEqual([]);
  });

  it('says what is missing when no channel is connected', async () => {
    vi.mocked(lists.getConversations).mockResolvedValue(nothing);
    await renderScreen(<QueueList list="all" {...idle} />, idleFeed({ channels: [] }));
    expect(await screen.findByText('No channel is connected')).toBeTruthy();
  });

  it('names the request when it failed, and loads when asked again', async () => {
    vi.mocked(lists.getConversations).mockRejectedValueOnce(
      new ApiProblem(503, 'database_away', '', '4bf92f35', null),
    );
    vi.mocked(lists.getConversations).mockResolvedValueOnce(nothing);
    const { container } = await renderScreen(<QueueList list="pending" {...idle} />);
    expect(await screen.findByText('Request 4bf92f35')).toBeTruthy();
    expect(await brokenRules(container)).toEqual([]);
    act(() => screen.getByRole('button', { name: 'Try again' }).click());
    expect(await screen.findByText('Nothing is pending')).toBeTruthy();
  });

  it('says who can help when the member may not see it', async () => {
    vi.mocked(lists.getConversations).mockRejectedValueOnce(new ApiProblem(403, 'forbidden', '', null, null));
    await renderScreen(<QueueList list="pending" {...idle} />);
    expect(await screen.findByText('You may not see this')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
  });
});

describe('a filtered list', () => {
  it('names the filters that let nothing through, and clears them', async () => {
    vi.mocked(lists.getConversations).mockResolvedValue(nothing);
    const onSearch = vi.fn();
    const list = listKey('new', { assignee: 'none', channel: 'chan_x', draft: true });
    const part = <QueueList list={list} open={null} onSearch={onSearch} />;
    const { container } = await renderScreen(part);
    expect(await screen.findByText(/goes with: Nobody, .+ and With my draft\./)).toBeTruthy();
    expect(screen.getByRole('button', { name: '3 filters' })).toBeTruthy();
    expect(await brokenRules(container)).toEqual([]);
    act(() => screen.getByRole('button', { name: 'Remove the filter Nobody' }).click());
    expect(onSearch).toHaveBeenLastCalledWith({ assignee: undefined });
    act(() => screen.getAllByRole('button', { name: 'Clear filters' })[0]?.click());
    expect(onSearch.mock.lastCall?.[0]).toEqual({
      assignee: undefined,
      channel: undefined,
      kind: undefined,
      draft: undefined,
    });
  });

  it('is chosen in a panel, in French too', async () => {
    chooseLanguage('fr');
    vi.mocked(lists.getConversations).mockResolvedValue(nothing);
    vi.mocked(gateway.getTeam).mockResolvedValue([]);
    const onSearch = vi.fn();
    const part = <QueueList list="new" open={null} onSearch={onSearch} />;
    const { container } = await renderScreen(part);
    act(() => screen.getByRole('button', { name: 'Filtrer' }).click());
    const order = await screen.findByLabelText('Ordre');
    expect(order.textContent).toContain('Plus longue attente d’abord');
    fireEvent.change(order, { target: { value: 'newest' } });
    expect(onSearch).toHaveBeenLastCalledWith({ sort: 'newest' });
    fireEvent.change(order, { target: { value: 'waiting' } });
    fireEvent.change(screen.getByLabelText('Attribuée à'), { target: { value: 'me' } });
    expect(onSearch).toHaveBeenLastCalledWith({ assignee: 'me' });
    expect(await brokenRules(container)).toEqual([]);
  });
});

describe('what is done to several', () => {
  it('shows what was refused and why, beside what was done', async () => {
    const feed = idleFeed();
    const row = sampleConversation('conv_1');
    vi.mocked(lists.getConversations).mockResolvedValue({ rows: [row], next: null });
    const before = { state: 'new' as const, owner_member_id: null };
    vi.mocked(lists.changeSeveral).mockResolvedValue([
      { conversation_id: row.id, done: false, code: 'odd', sentence: 'Not today.', before },
    ]);
    const { container } = await renderScreen(<QueueList list="new" {...idle} />, feed);
    await act(() => feed.bulk.run([row.id], { to: 'resolved' }));
    expect(await screen.findByText('0 done. 1 not.')).toBeTruthy();
    act(() => screen.getByRole('button', { name: 'Show' }).click());
    expect(screen.getByText('Not today.')).toBeTruthy();
    expect(await brokenRules(container)).toEqual([]);
    act(() => screen.getByRole('button', { name: 'Close' }).click());
    expect(screen.queryByText('0 done. 1 not.')).toBeNull();
  });

  it('warns of replies that have not reached the network', async () => {
    const feed = idleFeed();
    const rows = [sampleConversation('conv_1'), sampleConversation('conv_2')];
    vi.mocked(lists.getConversations).mockResolvedValue({ rows, next: null });
    const before = { state: 'new' as const, owner_member_id: null };
    vi.mocked(lists.changeSeveral).mockResolvedValue(
      rows.map(({ id }, index) => ({
        conversation_id: id,
        done: true,
        code: null,
        sentence: null,
        before,
        undelivered_replies: index + 1,
      })),
    );
    await renderScreen(<QueueList list="new" {...idle} />, feed);
    const ids = rows.map(({ id }) => id);
    await act(() => feed.bulk.run(ids, { to: 'resolved' }));
    expect(await screen.findByText('2 done. 3 replies have not reached the network yet.')).toBeTruthy();
  });
});

describe('the end of the list', () => {
  const end = { ids: ['conv_1'], status: 'ready', isComplete: true, isCut: false, error: null } as const;

  it('says where the older resolved ones are', async () => {
    await renderScreen(<ListEnd list={listOf('resolved')} view={end} />);
    expect(
      screen.getByText(/more than three months ago are not shown here\. Search finds them/),
    ).toBeTruthy();
  });

  it('says that there are more than can be listed, or that the rest could not be had', async () => {
    await renderScreen(<ListEnd list={listOf('new')} view={{ ...end, isComplete: false, isCut: true }} />);
    expect(screen.getByText(/Only the first 50,000/)).toBeTruthy();
    cleanup();
    await renderScreen(<ListEnd list={listOf('new')} view={{ ...end, error: new Error('down') }} />);
    expect(screen.getByRole('alert').textContent).toContain('could not be loaded');
  });
});

describe('a row', () => {
  it('has its place, its link and its box before it is here', async () => {
    const feed = idleFeed();
    const onChoose = vi.fn();
    const part = (
      <ConversationRow id="conv_9" queue="new" isOpen={false} isActive isSelected onChoose={onChoose} />
    );
    await renderScreen(part, feed);
    const link = screen.getByRole('link', { name: 'Loading…' });
    link.focus();
    fireEvent.click(screen.getByRole('checkbox', { name: 'Select Loading…' }), { shiftKey: true });
    expect(onChoose).toHaveBeenCalledWith('conv_9', true);
    act(() => feed.store.showConversation(sampleConversation('conv_9')));
    expect(screen.getByRole('link', { name: 'Amélie Roussel' })).toBe(link);
  });

  it('tells name, network, kind, waiting time, text and what nobody has seen', async () => {
    const feed = idleFeed();
    const waiting_since = new Date(Date.now() - 125_000).toISOString();
    feed.store.showConversation(sampleConversation('conv_1', { waiting_since, unseen_count: 3 }));
    await renderScreen(
      <ConversationRow id="conv_1" queue="new" isOpen={false} isActive {...unselected} />,
      feed,
    );
    const row = screen.getAllByRole('gridcell')[1] as HTMLElement;
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
    await renderScreen(<ConversationRow id="conv_1" queue="pending" isOpen isActive {...unselected} />, feed);
    expect(screen.getAllByRole('gridcell')[1]?.textContent).toContain('You:On regarde.');
  });
});
