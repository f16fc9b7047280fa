import { beforeEach, describe, expect, it, vi } from 'vitest';
import * as gateway from '../api/gateway';
import type { Conversation, ConversationId, Notification } from '../api/types';
import { sampleAvailability, sampleBootstrap, sampleConversation } from '../testing/samples';
import { idleFeed } from '../testing/screen';
import type { Desk } from './desk';
import type { LiveFeed } from './feed';

vi.mock('../api/gateway');

const id = 'conv_1' as ConversationId;
const me = { member_id: sampleBootstrap.me.id, name: 'Ana Petit' };
const marc = { member_id: 'mem_2', name: 'Marc Lefèvre' };
const told: Notification = {
  id: 'note_1',
  kind: 'assigned_to_you',
  conversation_id: id,
  at: '2026-11-23T10:00:00Z',
  badge_only: false,
  channel_id: null,
  means: { in_app: true, sound: true, desktop: false, email: false },
  rev: 1,
};

let feed: LiveFeed;
let desk: Desk;
let rev = 0;

beforeEach(() => {
  vi.clearAllMocks();
  vi.mocked(gateway.markRead).mockResolvedValue();
  vi.mocked(gateway.getMessages).mockResolvedValue({ messages: [], older: null });
  vi.mocked(gateway.getNotifications).mockResolvedValue([told]);
  vi.mocked(gateway.getAvailability).mockResolvedValue(sampleAvailability);
  feed = idleFeed();
  ({ desk } = feed);
});

function push(facts: Partial<Conversation>): void {
  rev += 1;
  feed.store.apply([{ k: 'conversation.upsert', d: sampleConversation(id, { rev, ...facts }) }]);
}

const offered = (): string[] => desk.offers.map((offer) => `${offer.conversation} ${offer.reason}`);

describe('an offer', () => {
  it('is a conversation that became mine while it is New', () => {
    push({ owner: null });
    expect(offered()).toEqual([]);
    push({ owner: me });
    expect(offered()).toEqual(['conv_1 handed']);
    push({ owner: me, unseen_count: 2 });
    expect(offered()).toEqual(['conv_1 handed']);
  });

  it('is the one that has waited for longer, in whatever order they come', () => {
    const handed = (name: string, minute: number): void => {
      const facts = { owner: me, rev: 1, waiting_since: `2026-11-23T10:0${minute}:00Z` };
      feed.store.apply([{ k: 'conversation.upsert', d: sampleConversation(name, facts) }]);
    };
    handed('conv_second', 2);
    handed('conv_third', 3);
    handed('conv_first', 1);
    expect(offered()).toEqual(['conv_first handed', 'conv_second handed', 'conv_third handed']);
  });

  it('is one of mine whose customer answered', () => {
    push({ owner: me, state: 'pending' });
    push({ owner: me, state: 'new' });
    expect(offered()).toEqual(['conv_1 answered']);
  });

  it('is one of mine that needs attention again without new words, as when a reply failed', () => {
    push({ owner: me, state: 'pending', unseen_count: 0 });
    push({ owner: me, state: 'new', unseen_count: 0 });
    expect(offered()).toEqual(['conv_1 returned']);
  });

  it('goes when it is opened', async () => {
    push({ owner: me });
    await feed.open(id);
    expect(offered()).toEqual([]);
  });

  it.each([
    ['somebody else has it', { owner: marc }],
    ['nobody has it any more', { owner: null }],
    ['it was answered', { owner: me, state: 'pending' as const }],
    ['it was resolved', { owner: null, state: 'resolved' as const }],
  ])('goes when %s', (_, facts) => {
    push({ owner: me });
    push(facts);
    expect(offered()).toEqual([]);
  });

  it('is never the conversation that is open', async () => {
    push({ owner: null });
    await feed.open(id);
    push({ owner: me });
    expect(offered()).toEqual([]);
  });

  it('is made by frames alone, not by what is fetched', () => {
    feed.store.showConversation(sampleConversation(id, { owner: me }));
    expect(offered()).toEqual([]);
  });
});

describe('notifications', () => {
  it('that stood before are asked for, and raise nothing', async () => {
    const raised = vi.fn();
    desk.onRaised(raised);
    await desk.refresh();
    expect(desk.notifications).toEqual([told]);
    expect(raised).not.toHaveBeenCalled();
  });

  it('of one conversation replace each other', () => {
    const raised = vi.fn();
    desk.onRaised(raised);
    desk.apply([{ k: 'notification.raise', d: told }]);
    desk.apply([{ k: 'notification.raise', d: { ...told, id: 'note_2', kind: 'customer_answered' } }]);
    expect(desk.notifications.map((each) => each.id)).toEqual(['note_2']);
    expect(raised).toHaveBeenCalledTimes(2);
  });

  it('are read by opening the conversation', async () => {
    desk.apply([{ k: 'notification.raise', d: told }]);
    await feed.open(id);
    expect(desk.notifications).toEqual([]);
    expect(gateway.markRead).toHaveBeenCalledWith(id);
  });

  it('of the conversation that is open are read at once', async () => {
    await feed.open(id);
    desk.apply([{ k: 'notification.raise', d: told }]);
    expect(desk.notifications).toEqual([]);
  });

  it('go when they are withdrawn', () => {
    desk.apply([{ k: 'notification.raise', d: told }]);
    desk.apply([{ k: 'notification.withdraw', d: { id: 'note_1', conversation_id: id } }]);
    expect(desk.notifications).toEqual([]);
  });
});

describe('the own availability', () => {
  it('never goes back to an earlier epoch', () => {
    desk.setAvailability({ ...sampleAvailability, epoch: 3, availability: 'away' });
    desk.apply([{ k: 'availability', d: { ...sampleAvailability, epoch: 2 } }]);
    expect(desk.availability?.availability).toBe('away');
    desk.apply([{ k: 'availability', d: { ...sampleAvailability, epoch: 3, load: 2 } }]);
    expect(desk.availability?.load).toBe(2);
  });

  it('stays as it is when it cannot be asked for', async () => {
    desk.setAvailability(sampleAvailability);
    vi.mocked(gateway.getAvailability).mockRejectedValueOnce(new Error('away'));
    await desk.refresh();
    expect(desk.availability).toEqual(sampleAvailability);
  });
});
