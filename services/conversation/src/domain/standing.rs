//! One conversation as a value: exactly what the fold of its history gives (I6).
//!
//! Deliberately absent: texts and everything else that a decision does not look at.

use std::collections::BTreeSet;

use time::OffsetDateTime;

use super::seen::Unseen;
use super::words::{
    ChannelId, ConversationId, Direction, MessageId, MessageKind, NetworkOrder, State,
};

/// How a conversation stands, apart from what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Its history has no entry yet.
    Unborn,
    /// Not resolved: New when something is unseen, else Pending.
    Open,
    /// Resolved by a decision.
    Resolved {
        /// When it was decided.
        at: OffsetDateTime,
    },
    /// Holds only items from before the channel was connected; shown as Resolved, and opened by
    /// the first live message whenever that comes.
    Dormant,
    /// Turned out to continue an earlier conversation; only a signpost is left.
    Absorbed {
        /// The conversation that holds its messages now.
        into: ConversationId,
    },
}

/// The newest message in network order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Last {
    /// Where it stands.
    pub order: NetworkOrder,
    /// Which one it is.
    pub message: MessageId,
    /// What it is.
    pub kind: MessageKind,
    /// Who wrote it.
    pub direction: Direction,
}

/// What a conversation holds, as far as decisions look at it; what an absorption carries over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contents {
    /// How many messages.
    pub message_count: i64,
    /// The arrival sequence given last; 0 before the first.
    pub last_sequence: i64,
    /// Network time of the account's newest own live message.
    pub newest_echo: Option<OffsetDateTime>,
    /// Inbound live messages that no human decision has seen.
    pub unseen: BTreeSet<Unseen>,
    /// The newest message in network order.
    pub last: Option<Last>,
    /// Every channel that a message came through.
    pub channels: BTreeSet<ChannelId>,
}

/// One conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversationState {
    /// Which one.
    pub id: ConversationId,
    /// Its place among the conversations of its identity, from 1.
    pub ordinal: i32,
    /// The conversation that it follows.
    pub previous: Option<ConversationId>,
    /// When it was recorded first.
    pub opened_at: Option<OffsetDateTime>,
    /// How it stands.
    pub standing: Standing,
    /// When it was last resolved by a decision, even if it has been reopened since.
    pub last_resolved_at: Option<OffsetDateTime>,
    /// The arrival sequence that the last decision had seen.
    pub seen_through: i64,
    /// What it holds.
    pub contents: Contents,
    /// The sequence of its last history entry; dense from 1.
    pub history_sequence: i64,
}

impl ConversationState {
    /// A conversation before the first entry of its history: where the fold begins.
    #[must_use]
    pub fn unborn(id: ConversationId) -> Self {
        Self {
            id,
            ordinal: 0,
            previous: None,
            opened_at: None,
            standing: Standing::Unborn,
            last_resolved_at: None,
            seen_through: 0,
            contents: Contents::default(),
            history_sequence: 0,
        }
    }

    /// The list that it stands in; a signpost stands in none.
    #[must_use]
    pub fn state(&self) -> Option<State> {
        match self.standing {
            Standing::Unborn | Standing::Absorbed { .. } => None,
            Standing::Resolved { .. } | Standing::Dormant => Some(State::Resolved),
            Standing::Open if self.contents.unseen.is_empty() => Some(State::Pending),
            Standing::Open => Some(State::New),
        }
    }

    /// Whether it is neither resolved nor a signpost.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.standing, Standing::Open)
    }

    /// Whether it is only a signpost.
    #[must_use]
    pub const fn is_absorbed(&self) -> bool {
        matches!(self.standing, Standing::Absorbed { .. })
    }

    /// Whether a decision resolved it and nothing has reopened it since.
    #[must_use]
    pub const fn resolved_by_decision(&self) -> bool {
        matches!(self.standing, Standing::Resolved { .. })
    }

    /// Open, and never resolved by a decision: such a one may still turn out to continue the
    /// conversation that it follows.
    #[must_use]
    pub const fn is_fresh(&self) -> bool {
        self.is_open() && self.last_resolved_at.is_none()
    }

    /// Network time of the oldest unseen message, while the contact waits.
    #[must_use]
    pub fn waiting_since(&self) -> Option<OffsetDateTime> {
        match self.state() {
            Some(State::New) => self.contents.unseen.first().map(|oldest| oldest.time),
            _ => None,
        }
    }

    /// Since when it counts as resolved; for a dormant one, its newest message's time.
    #[must_use]
    pub fn resolved_at(&self) -> Option<OffsetDateTime> {
        match self.standing {
            Standing::Resolved { at } => Some(at),
            Standing::Dormant => self.last_activity_at(),
            Standing::Unborn | Standing::Open | Standing::Absorbed { .. } => None,
        }
    }

    /// Network time of its newest message.
    #[must_use]
    pub fn last_activity_at(&self) -> Option<OffsetDateTime> {
        self.contents.last.as_ref().map(|last| last.order.time)
    }
}
