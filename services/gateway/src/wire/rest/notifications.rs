//! Bodies of what a member is told, and by which means.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What a notification is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// A conversation became theirs.
    AssignedToYou,
    /// The contact answered in one of theirs.
    CustomerAnswered,
    /// A reply in one of theirs failed for good.
    ReplyFailed,
    /// A network refuses the token of an account; admins.
    ChannelUnhealthy,
    /// They asked for it.
    Test,
}

/// By which means a notification is told now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
#[schema(as = NotificationMeans)]
#[expect(clippy::struct_excessive_bools, reason = "four means, each of them or not")]
pub struct TellingMeans {
    /// In the workspace.
    pub in_app: bool,
    /// By a sound of the workspace.
    pub sound: bool,
    /// By Web Push.
    pub desktop: bool,
    /// By mail.
    pub email: bool,
}

/// How somebody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Means {
    /// In the workspace.
    InApp,
    /// By a sound of the workspace.
    Sound,
    /// By Web Push.
    Desktop,
    /// By mail.
    Email,
}

/// How far a notification came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = NotificationOutcomeState)]
pub enum Came {
    /// Not told this way.
    Not,
    /// It waits for its turn or its time.
    Queued,
    /// It left.
    Sent,
    /// A screen showed it.
    Shown,
    /// It was followed.
    Opened,
}

/// What became of a notification by one means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = NotificationOutcome)]
pub struct MeansOutcome {
    /// Which one.
    pub means: Means,
    /// How far it came.
    pub outcome: Came,
    /// Why not: `away`, `not_wanted`, `no_subscription`, `no_address`, `no_mail_server`,
    /// `no_push`, `settled`, `seen`, `push_refused`, `mail_refused`, `unknown` (it was tried, and
    /// nobody knows whether it came), or what the browser said.
    pub reason: Option<String>,
    /// Since when.
    #[schema(format = DateTime)]
    pub at: Option<String>,
}

/// Something that a member is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Notification {
    /// `ntf_…`
    pub id: String,
    /// What it is about.
    pub kind: Occasion,
    /// Where (`conv_…`); null when it is about no conversation.
    pub conversation_id: Option<String>,
    /// Which account (`chan_…`); null when it is about none.
    pub channel_id: Option<String>,
    /// When it happened last.
    #[schema(format = DateTime)]
    pub at: Option<String>,
    /// Only the badge: the member is Away.
    pub badge_only: bool,
    /// By which means it is told.
    pub means: TellingMeans,
    /// Grows when a newer one of the same conversation replaces it.
    pub rev: i64,
}

/// A notification in the notification centre.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CentreNotification {
    /// The notification.
    #[serde(flatten)]
    pub notification: Notification,
    /// How much happened that it stands for.
    pub count: i32,
    /// When it stopped standing; null while it stands.
    #[schema(format = DateTime)]
    pub settled_at: Option<String>,
    /// `read`, `settled`, `handed_on` or `test`.
    pub settled_reason: Option<String>,
    /// What became of it, by means.
    pub outcomes: Vec<MeansOutcome>,
}

/// A member's own notifications.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Notifications {
    /// The newest first.
    pub notifications: Vec<CentreNotification>,
    /// `after` of the next page; null when this was the last.
    pub next: Option<String>,
}

/// Which notifications to list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NotificationsWanted {
    /// Those that no longer stand, too; they are kept for 30 days.
    #[serde(default)]
    pub settled: bool,
    /// 1 to 100; left out: 50.
    pub limit: Option<i32>,
    /// `next` of the page before.
    pub after: Option<String>,
}

/// What was read; exactly one of the three.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadWanted {
    /// `conv_…`
    pub conversation_id: Option<String>,
    /// `ntf_…` of one that is about no conversation.
    pub notification_id: Option<String>,
    /// Everything.
    #[serde(default)]
    pub all: bool,
}

/// By which means to test.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TestWanted {
    /// Which one.
    pub means: Means,
}

/// What a browser did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Did {
    /// A screen shows it.
    Shown,
    /// The member followed it.
    Opened,
    /// It could not be shown; `reason` says why.
    Not,
}

/// What a browser did with a notification.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OutcomeWanted {
    /// By which means.
    pub means: Means,
    /// What it did.
    pub outcome: Did,
    /// With `not`: a code as `blocked` or `no_permission`.
    #[serde(default)]
    pub reason: Option<String>,
    /// The `rev` of what the browser had: what it did with an earlier one in the same place says
    /// nothing.
    #[serde(default)]
    pub rev: Option<i64>,
}

/// A row of the matrix of notifications: what is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "four means, each of them or not")]
pub struct WantedMeans {
    /// In the workspace.
    pub in_app: bool,
    /// By a sound of the workspace.
    pub sound: bool,
    /// By Web Push.
    pub desktop: bool,
    /// By mail.
    pub email: bool,
}

/// Events × means.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NotificationMatrix {
    /// A conversation was handed to the member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assigned_to_you: Option<WantedMeans>,
    /// The contact answered in one of theirs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_answered: Option<WantedMeans>,
    /// Something new waits in New: the workspace's own badge and sound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_in_queue: Option<WantedMeans>,
    /// A reply in one of theirs failed for good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_failed: Option<WantedMeans>,
    /// A network refuses the token of an account; admins alone have this row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel_unhealthy: Option<WantedMeans>,
}

/// How the workspace sounds.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NotificationSound)]
pub struct Sound {
    /// 0 to 100.
    pub volume: i32,
}

/// What a member wants to be told.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NotificationPreferences {
    /// What is wanted.
    pub matrix: NotificationMatrix,
    /// What can be chosen at all.
    pub offered: NotificationMatrix,
    /// The sound.
    pub sound: Sound,
    /// Whether this installation sends pushes.
    pub has_push: bool,
    /// Whether it sends mails.
    pub has_mail_server: bool,
    /// Where mails go; null when the member's login is no address.
    pub mail_address: Option<String>,
    /// To be sent along with a change.
    pub rev: i64,
}

/// What is wanted from now on; a row that is left out stays.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NotificationPreferencesWanted {
    /// What is wanted.
    pub matrix: NotificationMatrix,
    /// The sound.
    pub sound: Sound,
    /// As read; 409 `preferences_changed` when it is another by now.
    pub rev: i64,
}

/// The key with which a browser subscribes.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PushKey {
    /// base64url; null when this installation sends no pushes.
    pub public_key: Option<String>,
}

/// A browser that takes pushes, as `PushSubscription.toJSON()` tells of it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PushSubscriptionWanted {
    /// The push service's address.
    pub endpoint: String,
    /// Not looked at: push services tell by refusing.
    #[serde(default, rename = "expirationTime")]
    pub expiration_time: Option<f64>,
    /// Its keys.
    pub keys: PushKeys,
}

/// The keys of a browser that takes pushes.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PushKeys {
    /// base64url
    pub p256dh: String,
    /// base64url
    pub auth: String,
}

/// A browser that takes no more pushes.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PushSubscriptionGone {
    /// The push service's address.
    pub endpoint: String,
}
