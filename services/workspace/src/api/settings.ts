// The calls of administration and of personal preferences. A change carries the `rev` that was seen; a newer one
// on the server is refused with 409 and read again.
import { queryOptions } from '@tanstack/react-query';
import { call } from './http';
import type {
  AccessEntry,
  AttributeDefinition,
  AttributeDefinitions,
  AttributeType,
  AuditPage,
  ChannelAccess,
  Invitation,
  InvitationShown,
  LinkProvider,
  LinkSettings,
  ManagedAwayStates,
  ManagedChannel,
  ManagedMember,
  NotificationMatrix,
  NotificationPreferences,
  OnceLink,
  Preferences,
  Role,
  SharedPreferences,
  TestLink,
  Means,
  Welcome,
} from './settings-types';

const id = encodeURIComponent;

// Contact attributes

const attributes = '/settings/contact-attributes';

export const attributesQuery = queryOptions({
  queryKey: ['settings', 'contact-attributes'],
  queryFn: () => call<AttributeDefinitions>(attributes),
});

export function addAttribute(body: {
  readonly name: string;
  readonly type: AttributeType;
  readonly choices: readonly string[];
}): Promise<AttributeDefinition> {
  return call(attributes, { method: 'POST', body });
}

export interface AttributeChange {
  readonly name?: string;
  readonly shown?: boolean;
  readonly choices?: readonly string[];
  readonly rev: number;
}

export function changeAttribute(attribute: string, body: AttributeChange): Promise<AttributeDefinition> {
  return call(`${attributes}/${id(attribute)}`, { method: 'PATCH', body });
}

export function archiveAttribute(attribute: string): Promise<void> {
  return call(`${attributes}/${id(attribute)}`, { method: 'DELETE' });
}

export function orderAttributes(ids: readonly string[], rev: number): Promise<AttributeDefinitions> {
  return call(`${attributes}/order`, { method: 'PUT', body: { attribute_ids: ids, rev } });
}

// Reasons for being away

const awayStates = '/settings/away-states';

export const managedAwayStatesQuery = queryOptions({
  queryKey: ['settings', 'away-states'],
  queryFn: () => call<ManagedAwayStates>(awayStates),
});

export function addAwayState(name: string): Promise<ManagedAwayStates> {
  return call(awayStates, { method: 'POST', body: { name } });
}

export interface AwayStateChange {
  readonly name?: string;
  readonly enabled?: boolean;
  readonly rev: number;
}

export function changeAwayState(state: string, body: AwayStateChange): Promise<ManagedAwayStates> {
  return call(`${awayStates}/${id(state)}`, { method: 'PATCH', body });
}

export function orderAwayStates(ids: readonly string[], rev: number): Promise<ManagedAwayStates> {
  return call(`${awayStates}/order`, { method: 'PUT', body: { away_state_ids: ids, rev } });
}

// Accounts

export const channelsQuery = queryOptions({
  queryKey: ['settings', 'channels'],
  queryFn: async () => (await call<{ channels: readonly ManagedChannel[] }>('/channels')).channels,
});

export interface ChannelChange {
  readonly display_name?: string;
  readonly auto_resolve_days?: number;
  /** `null`: as the installation says. */
  readonly reopen_window_hours?: number | null;
  readonly restricted?: boolean;
  readonly rev: number;
}

export function changeChannel(channel: string, body: ChannelChange): Promise<ManagedChannel> {
  return call(`/channels/${id(channel)}`, { method: 'PATCH', body });
}

export const accessQuery = (channel: string) =>
  queryOptions({
    queryKey: ['settings', 'channels', channel, 'access'],
    queryFn: () => call<ChannelAccess>(`/channels/${id(channel)}/access`),
  });

export interface AccessChange {
  readonly entries: readonly AccessEntry[];
  /** Of the account. */
  readonly rev: number;
}

export function putAccess(channel: string, body: AccessChange): Promise<ChannelAccess> {
  return call(`/channels/${id(channel)}/access`, { method: 'PUT', body });
}

// People

export const membersQuery = queryOptions({
  queryKey: ['settings', 'members'],
  queryFn: async () => (await call<{ members: readonly ManagedMember[] }>('/members')).members,
});

export interface MemberChange {
  readonly display_name?: string;
  readonly roles?: readonly Role[];
  readonly active?: boolean;
  readonly rev: number;
}

export function changeMember(member: string, body: MemberChange): Promise<ManagedMember> {
  return call(`/members/${id(member)}`, { method: 'PATCH', body });
}

export function resetPasswordOf(member: string): Promise<OnceLink> {
  return call(`/members/${id(member)}/password-reset`, { method: 'POST', body: {} });
}

export const invitationsQuery = queryOptions({
  queryKey: ['settings', 'invitations'],
  queryFn: async () => (await call<{ invitations: readonly Invitation[] }>('/invitations')).invitations,
});

export function invite(body: {
  readonly login: string;
  readonly display_name: string;
  readonly roles: readonly Role[];
}): Promise<OnceLink> {
  return call('/invitations', { method: 'POST', body });
}

export function withdrawInvitation(invitation: string): Promise<void> {
  return call(`/invitations/${id(invitation)}`, { method: 'DELETE' });
}

export function getAudit(before: string | null): Promise<AuditPage> {
  return call(before === null ? '/audit' : `/audit?cursor=${id(before)}`);
}

// Link shortening

const links = '/settings/link-shortening';

export const linksQuery = queryOptions({
  queryKey: ['settings', 'link-shortening'],
  queryFn: () => call<LinkSettings>(links),
});

export function putLinks(body: {
  readonly provider: LinkProvider;
  readonly group: string | null;
  readonly domain: string | null;
  readonly rev: number;
}): Promise<LinkSettings> {
  return call(links, { method: 'PUT', body });
}

export function connectBitly(token: string): Promise<LinkSettings> {
  return call(`${links}/bitly`, { method: 'POST', body: { token } });
}

export function disconnectBitly(): Promise<LinkSettings> {
  return call(`${links}/bitly`, { method: 'DELETE' });
}

/** Where the browser goes to allow it. */
export function authorizeBitly(): Promise<{ readonly url: string }> {
  return call(`${links}/bitly/authorize`);
}

export function testLink(): Promise<TestLink> {
  return call(`${links}/test`, { method: 'POST', body: {} });
}

// One's own

export const notificationPreferencesQuery = queryOptions({
  queryKey: ['settings', 'notifications'],
  queryFn: () => call<NotificationPreferences>('/notification-preferences'),
});

export function putNotificationPreferences(body: {
  readonly matrix: NotificationMatrix;
  readonly sound: { readonly volume: number };
  readonly rev: number;
}): Promise<NotificationPreferences> {
  return call('/notification-preferences', { method: 'PUT', body });
}

export function testNotification(means: Means): Promise<void> {
  return call('/notifications/test', { method: 'POST', body: { means } });
}

export function getPreferences(): Promise<Preferences> {
  return call('/preferences');
}

export function putPreferences(
  body: SharedPreferences & { readonly written_at: string | null; readonly rev: number },
): Promise<Preferences> {
  return call('/preferences', { method: 'PUT', body });
}

/** Null where no pushes are sent. */
export async function getPushKey(): Promise<string | null> {
  return (await call<{ readonly public_key: string | null }>('/push-subscriptions/key')).public_key;
}

export function subscribeToPush(subscription: PushSubscriptionJSON): Promise<void> {
  return call('/push-subscriptions', { method: 'POST', body: subscription });
}

export function unsubscribeFromPush(endpoint: string): Promise<void> {
  return call('/push-subscriptions', { method: 'DELETE', body: { endpoint } });
}

export function changePassword(current: string, next: string): Promise<void> {
  return call('/account/password', { method: 'PUT', body: { current, new: next } });
}

export function signOutEverywhere(): Promise<void> {
  return call('/account/sign-out-everywhere', { method: 'POST', body: {} });
}

// Without a session

export const welcomeQuery = queryOptions({
  queryKey: ['welcome'],
  queryFn: () => call<Welcome>('/welcome', { isSignIn: true }),
});

export function beginOrganization(body: {
  readonly token: string;
  readonly organization: { readonly name: string; readonly language: string; readonly time_zone: string };
  readonly admin: { readonly login: string; readonly display_name: string; readonly password: string };
}): Promise<void> {
  return call('/welcome', { method: 'POST', body, isSignIn: true });
}

export function lookAtInvitation(token: string): Promise<InvitationShown> {
  return call('/invitations/look', { method: 'POST', body: { token }, isSignIn: true });
}

export function acceptInvitation(token: string, password: string): Promise<{ readonly login: string }> {
  return call('/invitations/accept', { method: 'POST', body: { token, password }, isSignIn: true });
}

export function askForPasswordReset(login: string): Promise<void> {
  return call('/password-resets', { method: 'POST', body: { login }, isSignIn: true });
}

export function completePasswordReset(token: string, password: string): Promise<{ readonly login: string }> {
  return call('/password-resets/complete', { method: 'POST', body: { token, password }, isSignIn: true });
}
