// The only door from React to the live store: each hook subscribes to exactly one topic.
import { createContext, useContext, useMemo, useSyncExternalStore } from 'react';
import type { ActivityEntry } from '../api/story-types';
import type {
  Channel,
  Conversation,
  Counts,
  Message,
  Notification,
  OwnAvailability,
  Viewer,
} from '../api/types';
import type { Desk, DeskTopic, Offer } from './desk';
import type { Wished } from './acts';
import type { FeedStatus, LiveFeed } from './feed';
import type { BulkState } from './bulk';
import type { ListKey } from './list';
import type { LocalReply } from './outbox';
import type { Topic } from './store';
import type { NotesSnapshot, Story, StoryTopic } from './story';
import type { TimelineSnapshot } from './timelines';
import type { ViewSnapshot } from './views';

export const LiveContext = createContext<LiveFeed | null>(null);

export function useFeed(): LiveFeed {
  const feed = useContext(LiveContext);
  if (!feed) throw new Error('useFeed needs a LiveContext above it');
  return feed;
}

function useTopic<T>(topic: Topic, read: (feed: LiveFeed) => T): T {
  const feed = useFeed();
  return useSyncExternalStore(
    (listener) => feed.store.subscribe(topic, listener),
    () => read(feed),
  );
}

export function useStart(): NonNullable<LiveFeed['store']['start']> | null {
  return useTopic('start', (feed) => feed.store.start);
}

export function useConversation(id: string): Conversation | undefined {
  return useTopic(`conversation:${id}`, (feed) => feed.store.conversation(id));
}

export function useIsGone(id: string): boolean {
  return useTopic(`conversation:${id}`, (feed) => feed.store.isGone(id));
}

export function useView(key: ListKey): ViewSnapshot {
  return useTopic(`view:${key}`, (feed) => feed.store.view(key));
}

export function useTimeline(id: string): TimelineSnapshot {
  return useTopic(`timeline:${id}`, (feed) => feed.store.timeline(id));
}

export function useCounts(): Counts | null {
  return useTopic('counts', (feed) => feed.store.counts);
}

export function useFeedStatus(): FeedStatus {
  const feed = useFeed();
  return useSyncExternalStore(
    (listener) => feed.subscribe(listener),
    () => feed.status,
  );
}

const noChannels: readonly Channel[] = [];

export function useChannels(): readonly Channel[] {
  return useStart()?.channels ?? noChannels;
}

/** Who is signed in, as the live workspace knows them. */
export function useMe(): NonNullable<ReturnType<typeof useStart>>['me'] | null {
  return useStart()?.me ?? null;
}

/** Supervisors and administrators may assign others' conversations and take over. */
export function useIsLead(): boolean {
  const roles = useMe()?.roles ?? [];
  return roles.includes('supervisor') || roles.includes('admin');
}

function useDesk<T>(topic: DeskTopic, read: (desk: Desk) => T): T {
  const { desk } = useFeed();
  return useSyncExternalStore(
    (listener) => desk.subscribe(topic, listener),
    () => read(desk),
  );
}

export function useAvailability(): OwnAvailability | null {
  return useDesk('availability', (desk) => desk.availability);
}

export function useNotifications(): readonly Notification[] {
  return useDesk('notifications', (desk) => desk.notifications);
}

export function useOffers(): readonly Offer[] {
  return useDesk('offers', (desk) => desk.offers);
}

export function useViewers(id: string): readonly Viewer[] {
  return useDesk(`viewers:${id}`, (desk) => desk.viewers(id));
}

export function useLocalReplies(id: string): readonly LocalReply[] {
  const { outbox } = useFeed();
  return useSyncExternalStore(
    (listener) => outbox.subscribe(id, listener),
    () => outbox.of(id),
  );
}

function useStory<T>(topic: StoryTopic, read: (story: Story) => T): T {
  const { story } = useFeed();
  return useSyncExternalStore(
    (listener) => story.subscribe(topic, listener),
    () => read(story),
  );
}

export function useNotes(id: string): NotesSnapshot {
  return useStory(`notes:${id}`, (story) => story.notes(id));
}

export function useActivity(id: string): readonly ActivityEntry[] {
  return useStory(`activity:${id}`, (story) => story.activity(id));
}

/** Another number means that the contact changed somewhere. */
export function useContactStamp(id: string): number {
  return useStory(`contact:${id}`, (story) => story.contactStamp(id));
}

function useWishedOf(key: string): Wished {
  const { acts } = useFeed();
  return useSyncExternalStore(
    (listener) => acts.subscribe(key, listener),
    () => acts.of(key),
  );
}

/** What was asked for and is not answered yet. */
export function useWished(message: Message): Wished {
  const own = useWishedOf(message.id);
  const shared = useWishedOf(message.conversation_id);
  return useMemo(() => ({ ...own, ...shared }), [own, shared]);
}

/** What was last done to several conversations; null when nothing was, or it was put away. */
export function useBulk(): BulkState | null {
  const { bulk } = useFeed();
  return useSyncExternalStore(
    (listener) => bulk.subscribe(listener),
    () => bulk.state,
  );
}
