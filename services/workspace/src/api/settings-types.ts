// What administrators set for everybody, and members for themselves: the gateway's shapes as the workspace names them.
import type { components } from './openapi.gen';

type Schemas = components['schemas'];

/** The gateway always sends what may be absent, as null. */
type Sent<Schema> = Readonly<Required<Schema>>;

export type AttributeType = Schemas['AttributeType'];
export type AttributeDefinition = Sent<Schemas['ContactAttribute']>;
export type AttributeDefinitions = Sent<Schemas['ContactAttributes']>;

export type Access = Schemas['Access'];
export type AccessEntry = Sent<Schemas['AccessEntry']>;
export type ChannelAccess = Sent<Schemas['ChannelAccess']>;
export type ManagedChannel = Sent<Schemas['ManagedChannel']>;

export type Role = Schemas['Role'];
export type ManagedMember = Sent<Schemas['ManagedMember']>;
export type Invitation = Sent<Schemas['Invitation']>;
/** An address that is shown once. */
export type OnceLink = Sent<Schemas['PasswordLink']>;

export const means = ['in_app', 'sound', 'desktop', 'email'] as const satisfies readonly Schemas['Means'][];
export type Means = (typeof means)[number];
/** A row that this member cannot have is left out. */
export type NotificationMatrix = Schemas['NotificationMatrix'];
export type Occasion = keyof NotificationMatrix;
export const occasions = [
  'assigned_to_you',
  'customer_answered',
  'new_in_queue',
  'reply_failed',
  'channel_unhealthy',
] as const satisfies readonly Occasion[];
export type NotificationPreferences = Sent<Schemas['NotificationPreferences']>;

/** What follows a member to all of their devices. */
export type Preferences = Sent<Schemas['Preferences']>;
export type SharedPreferences = Pick<Preferences, 'appearance' | 'language' | 'keyboard'>;

export type ManagedAwayState = Sent<Schemas['ManagedAwayState']>;
export type ManagedAwayStates = Omit<Sent<Schemas['ManagedAwayStates']>, 'away_states'> & {
  readonly away_states: readonly ManagedAwayState[];
};

export type LinkProvider = Schemas['LinkProvider'];
export type Bitly = Sent<Schemas['Bitly']>;
export type LinkSettings = Omit<Sent<Schemas['LinkSettings']>, 'bitly'> & { readonly bitly: Bitly };
export type TestLink = Sent<Schemas['TestLink']>;

export type AuditEntry = Sent<Schemas['AuditEntry']>;
export type AuditPage = Omit<Sent<Schemas['AuditPage']>, 'entries'> & {
  readonly entries: readonly AuditEntry[];
};

export type Welcome = Sent<Schemas['Welcome']>;
export type InvitationShown = Sent<Schemas['InvitationShown']>;
