//! What is kept in a conversation's history for the record: it changes no state, but people see it
//! among what happened.

use super::action::Deed;
use super::note::Remark;
use super::words::{ActionId, ChannelId, MemberId, MessageId, NoteId};

/// Something that changes no state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// A note was written, changed, deleted or restored.
    Note {
        /// Which.
        note: NoteId,
        /// The message that it is tied to.
        message: Option<MessageId>,
        /// Who did it.
        by: MemberId,
        /// What.
        remark: Remark,
        /// Its rev from then on.
        rev: i64,
    },
    /// A member asked that something be done to a message at its network.
    Asked {
        /// Which request.
        action: ActionId,
        /// The message at hand.
        message: MessageId,
        /// What.
        deed: Deed,
        /// Its place among the requests about the same thing.
        turn: i64,
        /// The account that acts.
        channel: ChannelId,
        /// Who.
        by: MemberId,
    },
    /// Such a request ended.
    Ended {
        /// Which request.
        action: ActionId,
        /// The message at hand.
        message: MessageId,
        /// What.
        deed: Deed,
        /// Why it was not done: a stable code.
        failure: Option<String>,
    },
    /// Routing assigned the conversation to somebody, or to nobody.
    Assigned {
        /// To whom.
        to: Option<MemberId>,
        /// Grows with every change.
        epoch: i64,
    },
}

impl Record {
    /// Its stable word.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Note { .. } => "note",
            Self::Asked { .. } => "action",
            Self::Ended { failure: None, .. } => "action_done",
            Self::Ended { failure: Some(_), .. } => "action_failed",
            Self::Assigned { .. } => "assigned",
        }
    }

    /// The message that it is about, if it is about one.
    #[must_use]
    pub const fn message(&self) -> Option<MessageId> {
        match self {
            Self::Note { message, .. } => *message,
            Self::Asked { message, .. } | Self::Ended { message, .. } => Some(*message),
            Self::Assigned { .. } => None,
        }
    }

    /// Who did it; nobody for the network and for routing.
    #[must_use]
    pub const fn by(&self) -> Option<MemberId> {
        match self {
            Self::Note { by, .. } | Self::Asked { by, .. } => Some(*by),
            Self::Ended { .. } | Self::Assigned { .. } => None,
        }
    }
}
