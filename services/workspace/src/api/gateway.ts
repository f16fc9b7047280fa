// Every call that the workspace makes, by name.
import { call } from './http';
import type {
  AcceptedReply,
  AvailabilityChoice,
  AwayState,
  Bootstrap,
  ChangedOwner,
  ChangedState,
  Conversation,
  ConversationId,
  ConversationState,
  Explanation,
  LockAnswer,
  Message,
  MessageId,
  MessagePage,
  NewReply,
  Notification,
  OwnAvailability,
  Session,
  TeamMember,
} from './types';

export function getSession(signal?: AbortSignal): Promise<Session> {
  return call('/session', { isSignIn: true, ...(signal && { signal }) });
}

/** The same question from a running workspace, where a no means that the session has ended. */
export function checkSession(): Promise<Session> {
  return call('/session');
}

export async function signIn(login: string, password: string): Promise<Session> {
  await call('/session', { method: 'POST', body: { login, password }, isSignIn: true });
  // The answer to signing in names no organization; the session does.
  return getSession();
}

export function signOut(): Promise<void> {
  return call('/session', { method: 'DELETE', isSignIn: true });
}

export function getBootstrap(): Promise<Bootstrap> {
  return call('/bootstrap');
}

function pathOf(id: ConversationId): string {
  return `/conversations/${encodeURIComponent(id)}`;
}

export function getConversation(id: ConversationId): Promise<Conversation> {
  return call(pathOf(id));
}

export function getMessages(id: ConversationId, limit: number, before?: string): Promise<MessagePage> {
  const query = new URLSearchParams({ limit: String(limit) });
  if (before) query.set('before', before);
  return call(`${pathOf(id)}/messages?${query}`);
}

// Answering. The same key gives the first outcome, so any of these may be asked again after a lost answer.

export function postReply(id: ConversationId, reply: NewReply): Promise<AcceptedReply> {
  return call(`${pathOf(id)}/replies`, { method: 'POST', body: reply });
}

/** Sends a failed reply again, deliberately. */
export async function retryReply(id: MessageId, key: string): Promise<Message> {
  const path = `/messages/${encodeURIComponent(id)}/retry`;
  const { message } = await call<{ message: Message }>(path, { method: 'POST', body: { key } });
  return message;
}

/** A person says how an unknown reply ended. */
export async function settleReply(id: MessageId, sent: boolean): Promise<Message> {
  const path = `/messages/${encodeURIComponent(id)}/settle`;
  const { message } = await call<{ message: Message }>(path, { method: 'POST', body: { sent } });
  return message;
}

export function changeState(
  id: ConversationId,
  change: { readonly key: string; readonly to: ConversationState; readonly seen_through: number },
): Promise<ChangedState> {
  return call(`${pathOf(id)}/state`, { method: 'POST', body: change });
}

/** Takes, renews or takes over the reply lock for 30 s. */
export function acquireLock(id: ConversationId, takeOver: boolean): Promise<LockAnswer> {
  return call(`${pathOf(id)}/lock`, { method: 'PUT', body: { take_over: takeOver } });
}

export function releaseLock(id: ConversationId, fence: number): Promise<void> {
  return call(`${pathOf(id)}/lock`, { method: 'DELETE', body: { fence }, outlivesPage: true });
}

// Who answers

export function getAvailability(): Promise<OwnAvailability> {
  return call('/availability');
}

export interface AvailabilityChange {
  readonly availability: AvailabilityChoice;
  readonly away_state_id: string | null;
  /** Keep the New conversations owned instead of handing them back at once. */
  readonly keep_conversations: boolean;
}

export function putAvailability(
  change: AvailabilityChange,
): Promise<OwnAvailability & { readonly handed_back: number }> {
  return call('/availability', { method: 'PUT', body: change });
}

export function putDefaultAvailability(availability: AvailabilityChoice): Promise<OwnAvailability> {
  return call('/availability/default', { method: 'PUT', body: { availability } });
}

export async function getAwayStates(): Promise<readonly AwayState[]> {
  const { away_states: states } = await call<{ away_states: readonly AwayState[] }>('/away-states');
  return states;
}

export async function getTeam(): Promise<readonly TeamMember[]> {
  const { members } = await call<{ members: readonly TeamMember[] }>('/team');
  return members;
}

export function takeConversation(id: ConversationId): Promise<ChangedOwner> {
  return call(`${pathOf(id)}/take`, { method: 'POST', body: {} });
}

export function assignConversation(id: ConversationId, member: string): Promise<ChangedOwner> {
  return call(`${pathOf(id)}/assign`, { method: 'POST', body: { member_id: member } });
}

export function unassignConversation(id: ConversationId): Promise<ChangedOwner> {
  return call(`${pathOf(id)}/unassign`, { method: 'POST', body: {} });
}

export async function getExplanations(id: ConversationId): Promise<readonly Explanation[]> {
  const answer = await call<{ explanations: readonly Explanation[] }>(`${pathOf(id)}/explanations`);
  return answer.explanations;
}

// What one is told

export async function getNotifications(): Promise<readonly Notification[]> {
  const { notifications } = await call<{ notifications: readonly Notification[] }>('/notifications');
  return notifications;
}

export function markRead(id: ConversationId): Promise<void> {
  return call('/notifications/read', { method: 'POST', body: { conversation_id: id } });
}

/** One that is about no conversation. */
export function markNotificationRead(id: string): Promise<void> {
  return call('/notifications/read', { method: 'POST', body: { notification_id: id } });
}
