//! Which conversation a message joins. Order-free: between two decisions, the same messages
//! give the same conversations whatever the order of their arrival (decision record 0003).
//!
//! Deliberately absent: owner, score and routing, which answer to the resulting events.

use time::{Duration, OffsetDateTime};

use super::chain::IdentityState;
use super::history::{Fact, Joined};
use super::policy::Policy;
use super::standing::{ConversationState, Last, Standing};
use super::words::{ChannelId, ConversationId, Direction, MessageId, MessageKind, NetworkOrder};
use std::collections::BTreeSet;

/// A message that arrives, as far as the decision looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arriving {
    /// Its id: minted by the shell, or the known one when `known` is set.
    pub message: MessageId,
    /// The id of the conversation that it opens, should it open one; minted by the shell.
    pub spare: ConversationId,
    /// Its place in the order of the network.
    pub order: NetworkOrder,
    /// What it is.
    pub kind: MessageKind,
    /// Who wrote it.
    pub direction: Direction,
    /// Through which channel it came.
    pub channel: ChannelId,
    /// How long that channel opens resolved conversations again; zero: never; none: as the
    /// installation says.
    pub reopen_window: Option<Duration>,
    /// From before the channel was connected.
    pub history: bool,
    /// What is stored already under the same network id.
    pub known: Option<Known>,
}

/// A message that is stored already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Where it stands.
    pub conversation: ConversationId,
    /// What it is, by the copies so far.
    pub kind: MessageKind,
    /// The channels of the copies so far.
    pub channels: BTreeSet<ChannelId>,
    /// Every copy so far was from before its channel was connected.
    pub history: bool,
    /// The newest of the other messages where it stands; looked at only when it leaves.
    pub others_last: Option<Last>,
    /// The channels of the other messages where it stands; looked at only when it leaves.
    pub others_channels: BTreeSet<ChannelId>,
}

/// Where a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Placement {
    /// Into this one, whose standing stays.
    Join(ConversationId),
    /// Into this one, which opens again.
    Reopen(ConversationId),
    /// Into this one, which opens again and takes over the one that had been opened since.
    ReopenAbsorbing { into: ConversationId, from: ConversationId },
    /// Into a new one.
    Open { previous: Option<ConversationId>, dormant: bool },
}

/// The join rules of `product.md` 3, as settled by decision record 0003.
pub(super) fn place(identity: &IdentityState, arriving: &Arriving, policy: &Policy) -> Placement {
    if arriving.history {
        return identity
            .first()
            .map_or(Placement::Open { previous: None, dormant: true }, |first| {
                Placement::Join(first.id)
            });
    }
    let Some(newest) = identity.newest() else {
        return Placement::Open { previous: None, dormant: false };
    };
    if newest.standing == Standing::Dormant {
        return Placement::Reopen(newest.id);
    }
    let Some((resolved, at)) = identity.last_resolved().and_then(resolution) else {
        return Placement::Join(newest.id);
    };
    let time = arriving.order.time;
    if arriving.direction == Direction::Outbound && time <= at {
        return Placement::Join(resolved.id);
    }
    let window = arriving.reopen_window.unwrap_or(policy.reopen_window);
    let qualifies = window.is_positive() && time <= at + window;
    match (newest.is_open(), qualifies) {
        (true, true) => Placement::ReopenAbsorbing { into: resolved.id, from: newest.id },
        (true, false) => Placement::Join(newest.id),
        (false, true) => Placement::Reopen(resolved.id),
        (false, false) => Placement::Open { previous: Some(resolved.id), dormant: false },
    }
}

fn resolution(resolved: &ConversationState) -> Option<(&ConversationState, OffsetDateTime)> {
    match resolved.standing {
        Standing::Resolved { at } => Some((resolved, at)),
        _ => None,
    }
}

/// The facts of a message's arrival, each with the conversation that it is about. Empty when
/// nothing is new about it.
pub(super) fn arrive(
    identity: &IdentityState,
    arriving: &Arriving,
    policy: &Policy,
) -> Vec<(ConversationId, Fact)> {
    let mut facts = Vec::new();
    if let Some(known) = &arriving.known {
        if !known.history || arriving.history {
            return another_copy(identity, arriving, known, policy);
        }
        facts.push((
            known.conversation,
            Fact::Withdrawn {
                message: arriving.message,
                last: known.others_last.clone(),
                channels: known.others_channels.clone(),
            },
        ));
    }
    let by = arriving.direction;
    let target = match place(identity, arriving, policy) {
        Placement::Join(id) => id,
        Placement::Reopen(id) => {
            facts.push((id, Fact::Reopened { by }));
            id
        }
        Placement::ReopenAbsorbing { into, from } => {
            facts.extend(reopen_absorbing(identity, into, from, by));
            into
        }
        Placement::Open { previous, dormant } => {
            let ordinal = identity.next_ordinal();
            facts.push((arriving.spare, Fact::Opened { ordinal, previous, dormant }));
            arriving.spare
        }
    };
    // After the facts before it: the sequence follows what an absorption brings along.
    let before = identity.get(target).map_or(0, |state| state.contents.last_sequence);
    let brought: i64 = facts
        .iter()
        .map(|(_, fact)| match fact {
            Fact::Absorbed { contents, .. } => contents.last_sequence,
            _ => 0,
        })
        .sum();
    facts.push((
        target,
        Fact::Joined(Joined {
            message: arriving.message,
            sequence: before + brought + 1,
            order: arriving.order.clone(),
            kind: arriving
                .known
                .as_ref()
                .map_or(arriving.kind, |known| known.kind.max(arriving.kind)),
            direction: arriving.direction,
            channel: arriving.channel,
            history: arriving.history,
        }),
    ));
    // The copies so far came through channels of their own.
    if let Some(known) = &arriving.known {
        for channel in known.channels.iter().filter(|channel| **channel != arriving.channel) {
            facts.push((target, merged(arriving, known, *channel)));
        }
    }
    facts
}

/// A further copy adds what it knows. Should the message have opened a conversation, or joined one
/// that others opened, and qualify by the window of this copy's channel, it turns out to be a late
/// qualifier: which of its copies came first does not matter.
fn another_copy(
    identity: &IdentityState,
    arriving: &Arriving,
    known: &Known,
    policy: &Policy,
) -> Vec<(ConversationId, Fact)> {
    let mut facts = Vec::new();
    let mut stands = known.conversation;
    if !arriving.history
        && let Placement::ReopenAbsorbing { into, from } = place(identity, arriving, policy)
        && from == known.conversation
    {
        facts.extend(reopen_absorbing(identity, into, from, arriving.direction));
        stands = into;
    }
    if !known.channels.contains(&arriving.channel) || arriving.kind > known.kind {
        facts.push((stands, merged(arriving, known, arriving.channel)));
    }
    facts
}

/// `into` is open again and takes over `from`.
fn reopen_absorbing(
    identity: &IdentityState,
    into: ConversationId,
    from: ConversationId,
    by: Direction,
) -> [(ConversationId, Fact); 3] {
    let contents = identity.get(from).map(|other| other.contents.clone()).unwrap_or_default();
    [
        (from, Fact::BecamePartOf { into }),
        (into, Fact::Reopened { by }),
        (into, Fact::Absorbed { from, contents }),
    ]
}

fn merged(arriving: &Arriving, known: &Known, channel: ChannelId) -> Fact {
    Fact::Merged { message: arriving.message, channel, kind: known.kind.max(arriving.kind) }
}
