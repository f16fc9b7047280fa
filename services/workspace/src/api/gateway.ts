// Every call that the workspace makes, by name.
import { call } from './http';
import type {
  Bootstrap,
  Conversation,
  ConversationId,
  ConversationPage,
  MessagePage,
  Queue,
  Session,
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

export function getConversations(queue: Queue, limit: number, after?: string): Promise<ConversationPage> {
  const query = new URLSearchParams({ queue, limit: String(limit) });
  if (after) query.set('after', after);
  return call(`/conversations?${query}`);
}

export function getConversation(id: ConversationId): Promise<Conversation> {
  return call(`/conversations/${encodeURIComponent(id)}`);
}

export function getMessages(id: ConversationId, limit: number, before?: string): Promise<MessagePage> {
  const query = new URLSearchParams({ limit: String(limit) });
  if (before) query.set('before', before);
  return call(`/conversations/${encodeURIComponent(id)}/messages?${query}`);
}
