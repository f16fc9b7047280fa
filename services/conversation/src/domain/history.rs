//! The history of a conversation: every input that a decision used. The fold of it gives the
//! state back (I6, see `fold`); the activity that people see is a view of it.

use std::collections::BTreeSet;

use time::OffsetDateTime;

use super::record::Record;
use super::seen::Unseen;
use super::standing::{Contents, Last, Reminder};
use super::words::{
    ChannelId, ConversationId, Direction, MemberId, MessageId, MessageKind, NetworkOrder,
};

/// One entry; dense by `sequence` within its conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Whose history.
    pub conversation: ConversationId,
    /// Its place, from 1.
    pub sequence: i64,
    /// When it was decided, by the clock of the service.
    pub at: OffsetDateTime,
    /// What happened.
    pub fact: Fact,
}

/// What happened to a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// It came to be.
    Opened {
        /// Its place among its identity's conversations, from 1.
        ordinal: i32,
        /// The one that it follows.
        previous: Option<ConversationId>,
        /// It holds only items from before the channel was connected.
        dormant: bool,
    },
    /// A message joined it.
    Joined(Joined),
    /// It was resolved or dormant, and is open again.
    Reopened {
        /// Who caused it.
        by: Direction,
    },
    /// A decision resolved it.
    Resolved {
        /// Why.
        reason: ResolveReason,
        /// The arrival sequence that the decision had seen.
        seen_through: i64,
    },
    /// A later conversation became part of this one: its messages follow ours, in their order.
    Absorbed {
        /// The other one.
        from: ConversationId,
        /// What it held.
        contents: Contents,
    },
    /// It became part of an earlier conversation; nothing follows this entry.
    BecamePartOf {
        /// The earlier one.
        into: ConversationId,
    },
    /// A second copy of one of its messages came through another channel, or said more.
    Merged {
        /// The message.
        message: MessageId,
        /// Through which channel.
        channel: ChannelId,
        /// What the message is by both copies together.
        kind: MessageKind,
    },
    /// A message from before the channel was connected turned out to be live (another of our
    /// channels was connected already): it leaves its place and arrives anew.
    Withdrawn {
        /// The message.
        message: MessageId,
        /// The newest of the others.
        last: Option<Last>,
        /// The channels of the others.
        channels: BTreeSet<ChannelId>,
    },
    /// Messages left it for the conversations of their author, who has become known.
    Left(Box<Left>),
    /// It is its author's, who has become known: it left the conversations of "someone on the
    /// network" as it was.
    Relinked {
        /// The message that told who it was.
        message: MessageId,
        /// Its place among the author's conversations.
        ordinal: i32,
        /// The one of these that it follows.
        previous: Option<ConversationId>,
    },
    /// A member answered.
    Replied(Replied),
    /// A member had a failed reply sent again.
    Retried {
        /// The reply.
        message: MessageId,
        /// Who.
        by: MemberId,
        /// What the reply's author had seen.
        seen_through: i64,
        /// Since when the contact waits, should the reply open it and fail again.
        waiting: OffsetDateTime,
    },
    /// A member waits for the contact, or for something else.
    SetPending {
        /// Who.
        by: MemberId,
        /// The arrival sequence that the member had seen.
        seen_through: i64,
    },
    /// A member took a decision back, or wants more work done.
    ReopenedByHand {
        /// Who.
        by: MemberId,
        /// Since when the contact counts as waiting.
        waiting: OffsetDateTime,
    },
    /// The network has a reply; its place is what the network says.
    Sent {
        /// The reply.
        message: MessageId,
        /// What it is.
        kind: MessageKind,
        /// Its place in the order of the network.
        order: NetworkOrder,
        /// The newest of the other messages.
        last: Option<Last>,
    },
    /// A reply failed for good. Takes back the Pending that it caused, if nobody has decided
    /// since.
    ReplyFailed {
        /// The reply.
        message: MessageId,
    },
    /// A member wants it among those that wait again at a moment.
    ReminderSet(Reminder),
    /// A member took the reminder back.
    ReminderCancelled {
        /// Who.
        by: MemberId,
    },
    /// The reminder's moment has come.
    ReminderFired {
        /// When that was.
        due: OffsetDateTime,
    },
    /// A reminder, its own or that of an earlier conversation, has put it among those that wait.
    Reminded {
        /// Since when it counts as waiting.
        since: OffsetDateTime,
    },
    /// What had been taken for written in the network's own app was a reply from here: the two
    /// are one, and what it was taken to have seen is not seen.
    BecameReply(Box<BecameReply>),
    /// Something that changes no state.
    Recorded(Record),
}

/// A reply that joined its conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replied {
    /// The message.
    pub joined: Joined,
    /// Who wrote it.
    pub by: MemberId,
    /// The arrival sequence that its author had seen.
    pub seen_through: i64,
    /// Since when the contact waits, should the reply open the conversation and fail.
    pub waiting: OffsetDateTime,
}

/// What is left when a message turns out to be the echo of a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BecameReply {
    /// The message that goes.
    pub message: MessageId,
    /// The reply that it is.
    pub reply: MessageId,
    /// The newest of the others.
    pub last: Option<Last>,
    /// The channels of the others.
    pub channels: BTreeSet<ChannelId>,
    /// Network time of the newest of the others that the account wrote elsewhere.
    pub newest_echo: Option<OffsetDateTime>,
    /// Live inbound messages that nobody here had seen before the last decision, and later ones.
    pub inbound: BTreeSet<Unseen>,
}

/// A message that left its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gone {
    /// Its place in the order of arrival, before.
    pub sequence: i64,
    /// Which one.
    pub message: MessageId,
}

/// What is left when messages have gone to the conversations of their author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Those that went: the one whose author became known, and what answers it.
    pub gone: BTreeSet<Gone>,
    /// The newest of the others.
    pub last: Option<Last>,
    /// The channels of the others.
    pub channels: BTreeSet<ChannelId>,
    /// Network time of the newest of the others that the account wrote elsewhere.
    pub newest_echo: Option<OffsetDateTime>,
    /// The others that are inbound and live.
    pub inbound: BTreeSet<Unseen>,
    /// The others are all from before the channel was connected, and nobody has decided.
    pub dormant: bool,
}

/// A message that joined a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// Which one.
    pub message: MessageId,
    /// Its place in the order of arrival; dense unless one was withdrawn.
    pub sequence: i64,
    /// Its place in the order of the network.
    pub order: NetworkOrder,
    /// What it is.
    pub kind: MessageKind,
    /// Who wrote it.
    pub direction: Direction,
    /// Through which channel it came.
    pub channel: ChannelId,
    /// From before the channel was connected: changes no state.
    pub history: bool,
}

/// Why a conversation was resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResolveReason {
    /// Nothing happened for the auto-resolve time, and the contact was not waiting.
    Automatic,
    /// A member decided.
    ByHand(MemberId),
}

impl ResolveReason {
    /// Its stable word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Automatic => "automatic",
            Self::ByHand(_) => "by_hand",
        }
    }
}

impl Fact {
    /// Its stable word, as the history call shows it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Opened { .. } => "opened",
            Self::Joined(_) => "message",
            Self::Reopened { .. } => "reopened",
            Self::Resolved { .. } => "resolved",
            Self::Absorbed { .. } => "absorbed",
            Self::BecamePartOf { .. } => "became_part_of",
            Self::Merged { .. } => "merged",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Left(_) => "left",
            Self::Relinked { .. } => "relinked",
            Self::Replied(_) => "replied",
            Self::Retried { .. } => "retried",
            Self::SetPending { .. } => "set_pending",
            Self::ReopenedByHand { .. } => "reopened_by_hand",
            Self::Sent { .. } => "reply_sent",
            Self::ReplyFailed { .. } => "reply_failed",
            Self::BecameReply(_) => "became_reply",
            Self::Recorded(record) => record.name(),
            Self::ReminderSet(_) => "reminder_set",
            Self::ReminderCancelled { .. } => "reminder_cancelled",
            Self::ReminderFired { .. } => "reminder_fired",
            Self::Reminded { .. } => "reminded",
        }
    }

    /// The message that it is about, if it is about one.
    #[must_use]
    pub const fn message(&self) -> Option<MessageId> {
        match self {
            Self::Joined(joined) => Some(joined.message),
            Self::Merged { message, .. }
            | Self::Withdrawn { message, .. }
            | Self::Relinked { message, .. }
            | Self::Retried { message, .. }
            | Self::Sent { message, .. }
            | Self::ReplyFailed { message } => Some(*message),
            Self::Replied(replied) => Some(replied.joined.message),
            Self::BecameReply(became) => Some(became.reply),
            Self::Recorded(record) => record.message(),
            _ => None,
        }
    }

    /// Who decided; nobody for the network and for timers.
    #[must_use]
    pub const fn by(&self) -> Option<MemberId> {
        match self {
            Self::Replied(replied) => Some(replied.by),
            Self::Recorded(record) => record.by(),
            Self::ReminderSet(reminder) => Some(reminder.by),
            Self::ReminderCancelled { by }
            | Self::Retried { by, .. }
            | Self::SetPending { by, .. }
            | Self::ReopenedByHand { by, .. }
            | Self::Resolved { reason: ResolveReason::ByHand(by), .. } => Some(*by),
            _ => None,
        }
    }

    /// Why, in a stable word; empty where the fact says it all.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Reopened { by: Direction::Inbound } => "inbound",
            Self::Reopened { by: Direction::Outbound } => "echo",
            Self::Resolved { reason, .. } => reason.name(),
            Self::Joined(Joined { history: true, .. }) => "history",
            _ => "",
        }
    }
}
