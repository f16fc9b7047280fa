//! One conversation as a value: exactly what the fold of its history gives (I6).
//!
//! Deliberately absent: texts and everything else that a decision does not look at.

use std::collections::BTreeSet;

use time::OffsetDateTime;

use super::seen::{Unseen, retain_unseen};
use super::words::{
    ChannelId, ConversationId, Direction, MemberId, MessageId, MessageKind, NetworkOrder, State,
};

/// How a conversation stands, apart from what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Its history has no entry yet.
    Unborn,
    /// Not resolved: New when something is unseen or a person raised it, else Pending.
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

/// A person put it back among those that wait, though everything in it has been seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Raised {
    /// Since when the contact counts as waiting.
    pub since: OffsetDateTime,
    /// When it was decided: what the account writes later, from whichever client, answers it.
    pub at: OffsetDateTime,
}

/// What the last decision of a person changed, as far as failed replies or an undo take it back.
/// Replies in a row, to a contact who has not written since, are one decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undo {
    /// The replies that were the decision and have not failed; none when it was something else.
    pub replies: BTreeSet<MessageId>,
    /// `seen_through` before.
    pub seen_before: i64,
    /// What it made seen.
    pub seen: BTreeSet<Unseen>,
    /// What is raised again when every reply has failed: what was raised before, or the
    /// conversation that the first reply itself opened.
    pub raised: Option<Raised>,
}

/// The newest reply that was written here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replied {
    /// By whom.
    pub by: MemberId,
    /// Its place in the order of arrival.
    pub sequence: i64,
}

/// A member wants it among those that wait again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminder {
    /// When.
    pub due: OffsetDateTime,
    /// Who wants it.
    pub by: MemberId,
    /// What for; may be empty.
    pub note: String,
}

/// What people decided about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decided {
    /// How many decisions: replies, Pending, Resolve, Reopen.
    pub count: i64,
    /// Who decided last.
    pub by: Option<MemberId>,
    /// The last decision was a reply.
    pub by_reply: bool,
    /// When a person decided last, or took a reminder back.
    pub at: Option<OffsetDateTime>,
    /// The newest reply.
    pub replied: Option<Replied>,
    /// What can be taken back of the last decision.
    pub undo: Option<Undo>,
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
    /// Raised by a person; answered meanwhile, perhaps (see [`Self::raised`]).
    pub raised: Option<Raised>,
    /// What people decided about it.
    pub decided: Decided,
    /// When it is to wait again.
    pub reminder: Option<Reminder>,
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
            raised: None,
            decided: Decided::default(),
            reminder: None,
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
            Standing::Open if self.contents.unseen.is_empty() && self.raised().is_none() => {
                Some(State::Pending)
            }
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

    /// Open, and nobody has decided about it, no timer either: such a one may still turn out to
    /// continue the conversation that it follows.
    #[must_use]
    pub const fn is_fresh(&self) -> bool {
        self.is_open()
            && self.last_resolved_at.is_none()
            && self.decided.count == 0
            // A reminder stands, or one has raised it.
            && self.reminder.is_none()
            && self.raised.is_none()
    }

    /// Since when the contact waits: network time of the oldest unseen message, or what a person
    /// raised it for.
    #[must_use]
    pub fn waiting_since(&self) -> Option<OffsetDateTime> {
        match self.state() {
            Some(State::New) => {
                let oldest = self.contents.unseen.first().map(|oldest| oldest.time);
                let raised = self.raised().map(|raised| raised.since);
                oldest.into_iter().chain(raised).min()
            }
            _ => None,
        }
    }

    /// Raised by a person, and not answered since in the network's own app.
    #[must_use]
    pub fn raised(&self) -> Option<Raised> {
        self.raised.filter(|raised| self.unanswered(*raised))
    }

    /// Since when the contact had been waiting before the last decision of a person, if that can
    /// still be taken back.
    #[must_use]
    pub fn waited_before(&self) -> Option<OffsetDateTime> {
        let undo = self.decided.undo.as_ref()?;
        let raised = undo.raised.filter(|raised| self.unanswered(*raised));
        let oldest = undo.seen.first().map(|oldest| oldest.time);
        oldest.into_iter().chain(raised.map(|raised| raised.since)).min()
    }

    fn unanswered(&self, raised: Raised) -> bool {
        self.contents.newest_echo.is_none_or(|echo| echo <= raised.at)
    }

    /// What the account's newest own message leaves unseen. What was raised stays known, should
    /// that message turn out to be a reply that was written here before.
    pub(super) fn heed_echo(&mut self) {
        let echo = self.contents.newest_echo;
        retain_unseen(&mut self.contents.unseen, echo);
        if let Some(undo) = &mut self.decided.undo {
            retain_unseen(&mut undo.seen, echo);
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

    /// Since when nothing has happened in it: no message, and nothing that a person decided.
    #[must_use]
    pub fn quiet_since(&self) -> Option<OffsetDateTime> {
        self.last_activity_at().max(self.decided.at)
    }

    /// Network time of its newest message.
    #[must_use]
    pub fn last_activity_at(&self) -> Option<OffsetDateTime> {
        self.contents.last.as_ref().map(|last| last.order.time)
    }
}
