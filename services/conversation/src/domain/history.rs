//! The history of a conversation: every input that a decision used, and the fold that gives
//! the state back (I6). The activity that people see is a view of it.

use std::collections::BTreeSet;

use time::OffsetDateTime;

use super::seen::{Unseen, retain_unseen};
use super::standing::{Contents, ConversationState, Last, Standing};
use super::words::{ChannelId, ConversationId, Direction, MessageId, MessageKind, NetworkOrder};

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
}

impl ResolveReason {
    /// Its stable word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Automatic => "automatic",
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
        }
    }

    /// The message that it is about, if it is about one.
    #[must_use]
    pub const fn message(&self) -> Option<MessageId> {
        match self {
            Self::Joined(joined) => Some(joined.message),
            Self::Merged { message, .. } | Self::Withdrawn { message, .. } => Some(*message),
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

/// The state after one more entry. Total: an entry is a fact and is never refused.
#[must_use]
pub fn evolve(mut state: ConversationState, entry: &Entry) -> ConversationState {
    state.history_sequence = entry.sequence;
    match &entry.fact {
        Fact::Opened { ordinal, previous, dormant } => {
            state.ordinal = *ordinal;
            state.previous = *previous;
            state.opened_at = Some(entry.at);
            state.standing = if *dormant { Standing::Dormant } else { Standing::Open };
        }
        Fact::Joined(joined) => join(&mut state.contents, joined),
        Fact::Reopened { .. } => state.standing = Standing::Open,
        Fact::Resolved { seen_through, .. } => {
            state.standing = Standing::Resolved { at: entry.at };
            state.last_resolved_at = Some(entry.at);
            state.seen_through = *seen_through;
            state.contents.unseen.retain(|message| message.sequence > *seen_through);
        }
        Fact::Absorbed { contents, .. } => absorb(&mut state.contents, contents),
        Fact::BecamePartOf { into } => {
            state.standing = Standing::Absorbed { into: *into };
            state.contents = Contents::default();
        }
        Fact::Merged { message, channel, kind } => {
            state.contents.channels.insert(*channel);
            if let Some(last) = &mut state.contents.last
                && last.message == *message
            {
                last.kind = *kind;
            }
        }
        Fact::Withdrawn { last, channels, .. } => {
            state.contents.message_count -= 1;
            state.contents.last.clone_from(last);
            state.contents.channels.clone_from(channels);
        }
    }
    state
}

fn join(contents: &mut Contents, joined: &Joined) {
    contents.message_count += 1;
    contents.last_sequence = joined.sequence;
    contents.channels.insert(joined.channel);
    let last = Last {
        order: joined.order.clone(),
        message: joined.message,
        kind: joined.kind,
        direction: joined.direction,
    };
    if contents.last.as_ref().is_none_or(|known| known.order < last.order) {
        contents.last = Some(last);
    }
    if joined.history {
        return;
    }
    match joined.direction {
        Direction::Outbound => {
            contents.newest_echo = contents.newest_echo.max(Some(joined.order.time));
        }
        Direction::Inbound => {
            contents.unseen.insert(Unseen {
                time: joined.order.time,
                sequence: joined.sequence,
                kind: joined.kind,
            });
        }
    }
    retain_unseen(&mut contents.unseen, contents.newest_echo);
}

fn absorb(contents: &mut Contents, other: &Contents) {
    let offset = contents.last_sequence;
    contents.message_count += other.message_count;
    contents.last_sequence += other.last_sequence;
    contents.newest_echo = contents.newest_echo.max(other.newest_echo);
    contents.unseen.extend(
        other
            .unseen
            .iter()
            .map(|message| Unseen { sequence: message.sequence + offset, ..*message }),
    );
    retain_unseen(&mut contents.unseen, contents.newest_echo);
    if other
        .last
        .as_ref()
        .is_some_and(|theirs| contents.last.as_ref().is_none_or(|ours| ours.order < theirs.order))
    {
        contents.last.clone_from(&other.last);
    }
    contents.channels.extend(other.channels.iter().copied());
}
