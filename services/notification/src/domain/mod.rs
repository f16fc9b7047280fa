//! Who is told what: plain functions over values.

mod channel;
mod decide;
mod matrix;
mod outcome;
#[cfg(test)]
mod properties;

pub use channel::{Channel, Person, Swing, Turn, turn};
pub use decide::{
    Availability, Away, Change, Heeded, Kind, Known, Notification, Owned, Reason, Signal, Standing,
    decide,
};
pub use matrix::{Equipment, Matrix, Means, Occasion, Reach, Set, told_by};
pub use outcome::{Outcome, Seen, advance};

use kit_values::typed_id;

typed_id! {
    /// One conversation.
    pub ConversationId(ConversationMarker) = "conv"
}
typed_id! {
    /// One connected account.
    pub ChannelId(ChannelMarker) = "chan"
}
typed_id! {
    /// One member.
    pub MemberId(MemberMarker) = "mem"
}
typed_id! {
    /// One notification.
    pub NotificationId(NotificationMarker) = "ntf"
}

impl Kind {
    /// The row of the matrix that it belongs to; none for a test.
    #[must_use]
    pub const fn occasion(self) -> Option<Occasion> {
        match self {
            Self::AssignedToYou => Some(Occasion::AssignedToYou),
            Self::CustomerAnswered => Some(Occasion::CustomerAnswered),
            Self::ReplyFailed => Some(Occasion::ReplyFailed),
            Self::ChannelUnhealthy => Some(Occasion::ChannelUnhealthy),
            Self::Test => None,
        }
    }
}

/// What a notification is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A conversation.
    Conversation(ConversationId),
    /// A connected account.
    Channel(ChannelId),
    /// Nothing: a test.
    Nothing,
}

/// A notification as its member sees it, standing or settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Which one.
    pub id: NotificationId,
    /// Whose.
    pub member: MemberId,
    /// What.
    pub kind: Kind,
    /// About what.
    pub subject: Subject,
    /// When it happened last.
    pub at: time::OffsetDateTime,
    /// Nothing but the badge.
    pub badge_only: bool,
    /// How much happened that it stands for.
    pub count: i32,
    /// Grows with everything that is told about it.
    pub rev: i64,
    /// That of when it was raised last; 0 where that is not said.
    pub raised_rev: i64,
    /// A push of it left, or may have.
    pub pushed: bool,
    /// When and why it no longer stands.
    pub settled: Option<(time::OffsetDateTime, Reason)>,
    /// What became of it, by means.
    pub outcomes: Vec<Seen>,
}
