//! What is asked of a list: which queue, which of it, in which order.

use std::collections::BTreeSet;

use super::view::Queue;
use super::words::{ChannelId, MemberId, MessageKind};

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sort {
    /// Longest waiting first; only those in New wait.
    Waiting,
    /// What happened last first; in Resolved, what was resolved last.
    Newest,
    /// What happened longest ago first.
    Oldest,
}

impl Sort {
    /// The order of a queue for which none is asked.
    #[must_use]
    pub const fn of(queue: Queue) -> Self {
        match queue {
            Queue::New => Self::Waiting,
            Queue::Pending | Queue::All | Queue::Resolved => Self::Newest,
        }
    }

    /// Whether a queue has that order.
    #[must_use]
    pub const fn fits(self, queue: Queue) -> bool {
        matches!((self, queue), (Self::Waiting, Queue::New) | (Self::Newest | Self::Oldest, _))
    }

    /// Whether what is earlier comes first.
    #[must_use]
    pub const fn ascends(self) -> bool {
        matches!(self, Self::Waiting | Self::Oldest)
    }
}

/// Whose conversations.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Assignee {
    /// Everybody's.
    #[default]
    Any,
    /// Nobody's.
    Nobody,
    /// One member's.
    Member(MemberId),
}

/// Which conversations of a queue, in which order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Which queue.
    pub queue: Queue,
    /// In which order.
    pub sort: Sort,
    /// With one of these channels; empty: any.
    pub channels: BTreeSet<ChannelId>,
    /// Whose.
    pub assignee: Assignee,
    /// What their newest message is.
    pub kind: Option<MessageKind>,
    /// In which this member has a draft.
    pub drafts_of: Option<MemberId>,
}

impl Asked {
    /// All of a queue, in its own order.
    #[must_use]
    pub const fn all(queue: Queue) -> Self {
        Self {
            queue,
            sort: Sort::of(queue),
            channels: BTreeSet::new(),
            assignee: Assignee::Any,
            kind: None,
            drafts_of: None,
        }
    }
}
