//! What is told to one member alone.

use time::OffsetDateTime;

use super::{AwayStateId, ChannelId, ConversationId, NotificationId};

/// Something of one member's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Personal {
    /// What they chose, as it is now.
    Availability(Availability),
    /// They are to be told of something.
    Raised(Notification),
    /// It is settled.
    Withdrawn {
        /// Which one.
        notification: NotificationId,
        /// What it was about; none when it was about no conversation.
        conversation: Option<ConversationId>,
    },
}

/// Whether somebody may be handed work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Choice {
    /// Yes.
    Available,
    /// No.
    Away,
}

/// A member's availability, complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Availability {
    /// What they chose.
    pub choice: Choice,
    /// The named reason; none for plain Away.
    pub away_state: Option<AwayStateId>,
    /// Since when.
    pub since: OffsetDateTime,
    /// Grows with every change; a reader keeps the greatest.
    pub epoch: i64,
    /// New conversations owned.
    pub load: i32,
    /// How many they are handed.
    pub capacity: i32,
    /// How many they may own at most.
    pub hard_limit: i32,
    /// What the next sign-in starts with, if they said so.
    pub default: Option<Choice>,
}

/// What a notification is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Occasion {
    /// A conversation became theirs.
    AssignedToYou,
    /// The contact answered in one of theirs.
    CustomerAnswered,
    /// A reply in one of theirs failed for good.
    ReplyFailed,
    /// A network refuses the token of an account.
    ChannelUnhealthy,
    /// They asked for it.
    Test,
}

/// A notification that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Notification {
    /// Which one.
    pub id: NotificationId,
    /// What it is about.
    pub occasion: Occasion,
    /// Where; none when it is about no conversation.
    pub conversation: Option<ConversationId>,
    /// Which account; none when it is about none.
    pub channel: Option<ChannelId>,
    /// When.
    pub at: OffsetDateTime,
    /// Only the badge: the member is Away.
    pub badge_only: bool,
    /// By which means it is told.
    pub means: Means,
    /// Grows when a newer one replaces it.
    pub rev: i64,
}

/// By which means somebody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[expect(clippy::struct_excessive_bools, reason = "four means, each of them or not")]
pub struct Means {
    /// In the workspace.
    pub in_app: bool,
    /// By a sound of the workspace.
    pub sound: bool,
    /// By Web Push.
    pub desktop: bool,
    /// By mail.
    pub email: bool,
}
