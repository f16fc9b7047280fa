//! Re-linking: a message that was kept as "someone on the network"'s goes to the conversations of
//! its author when the author becomes known (`product.md` 3, decision record 0015).
//!
//! What answers the message goes with it. A conversation that holds no other stranger's message
//! goes whole: as it is, with all that was decided about it, if the join rules give its messages a
//! conversation of their own; else its messages arrive anew, and it becomes part of the one that
//! takes them. Where other strangers' messages stay, so does it. What arrives anew counts as
//! unseen: nobody has decided about it there.
//!
//! Deliberately absent: how the author is found out; ingest says the same item again then.

use std::collections::{BTreeMap, BTreeSet};

use time::Duration;

use super::chain::IdentityState;
use super::decide::Rejection;
use super::hand;
use super::history::{Fact, Gone, Joined, Left};
use super::join::{Arriving, Placement, place};
use super::policy::Policy;
use super::seen::Unseen;
use super::standing::{ConversationState, Last, Standing};
use super::words::{ChannelId, ConversationId, Direction, MessageId, MessageKind, NetworkOrder};

/// A message of the conversation in question, as far as the decision looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Held {
    /// Which one.
    pub(super) message: MessageId,
    /// Its place in the order of arrival.
    pub(super) sequence: i64,
    /// Its place in the order of the network.
    pub(super) order: NetworkOrder,
    /// What it is.
    pub(super) kind: MessageKind,
    /// Who wrote it.
    pub(super) direction: Direction,
    /// Through which channels it came.
    pub(super) channels: BTreeSet<ChannelId>,
    /// Every copy was from before its channel was connected.
    pub(super) history: bool,
    /// It was written here.
    pub(super) reply: bool,
    /// The one of these that it answers.
    pub(super) answers: Option<MessageId>,
}

/// What goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Plan {
    /// The conversation as it is, into the author's chain.
    Whole,
    /// These messages, each of which arrives anew.
    Leaving(BTreeSet<MessageId>),
}

/// What leaves a conversation, and what stays in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaving {
    /// Which conversation.
    pub conversation: ConversationId,
    /// What stays.
    pub left: Left,
    /// Where the message stands whose author became known.
    pub into: ConversationId,
}

type Facts = Vec<(ConversationId, Fact)>;

/// What goes with `message`, whose author has the conversations `into`, with the reopen windows of
/// the channels.
pub(super) fn plan(
    from: &ConversationState,
    into: &IdentityState,
    message: MessageId,
    held: &[Held],
    windows: &BTreeMap<ChannelId, Duration>,
    policy: &Policy,
) -> Plan {
    let is_others = |one: &Held| one.direction == Direction::Inbound && one.message != message;
    if held.iter().any(is_others) {
        return Plan::Leaving(with_answers(message, held));
    }
    let opens = |one: &Held| {
        one.arrivals(from.id, windows)
            .all(|arriving| matches!(place(into, &arriving, policy), Placement::Open { .. }))
    };
    let goes_whole = match into.newest() {
        None => true,
        // An identity has one open conversation at most.
        Some(newest) if newest.is_open() => false,
        Some(_) => !untouched(from) || held.iter().all(opens),
    };
    if goes_whole {
        Plan::Whole
    } else {
        Plan::Leaving(held.iter().map(|one| one.message).collect())
    }
}

/// The message and what answers it, directly or through one another.
fn with_answers(message: MessageId, held: &[Held]) -> BTreeSet<MessageId> {
    let mut going = BTreeSet::from([message]);
    loop {
        let before = going.len();
        for one in held.iter().filter(|one| one.direction == Direction::Outbound) {
            if one.answers.is_some_and(|parent| going.contains(&parent)) {
                going.insert(one.message);
            }
        }
        if going.len() == before {
            return going;
        }
    }
}

/// Nobody has decided about it, no timer either: it is what its messages make it.
fn untouched(conversation: &ConversationState) -> bool {
    conversation.is_fresh()
        || conversation.standing == Standing::Dormant
            && conversation.decided.count == 0
            && conversation.reminder.is_none()
}

impl Held {
    /// It arrives at the author's conversations, as each of its copies did.
    pub(super) fn arrivals(
        &self,
        spare: ConversationId,
        windows: &BTreeMap<ChannelId, Duration>,
    ) -> impl Iterator<Item = Arriving> {
        self.channels.iter().map(move |channel| Arriving {
            message: self.message,
            spare,
            order: self.order.clone(),
            kind: self.kind,
            direction: self.direction,
            channel: *channel,
            reopen_window: windows.get(channel).copied(),
            history: self.history,
            known: None,
        })
    }

    fn as_last(&self) -> Last {
        Last {
            order: self.order.clone(),
            message: self.message,
            kind: self.kind,
            direction: self.direction,
        }
    }

    fn is_live(&self, direction: Direction) -> bool {
        self.direction == direction && !self.history
    }
}

/// What stays of a conversation that these messages leave.
pub(super) fn left(from: &ConversationState, going: &BTreeSet<MessageId>, held: &[Held]) -> Left {
    let (gone, stays): (Vec<&Held>, Vec<&Held>) =
        held.iter().partition(|one| going.contains(&one.message));
    let only_history = !stays.is_empty() && stays.iter().all(|one| one.history);
    Left {
        gone: gone
            .iter()
            .map(|one| Gone { sequence: one.sequence, message: one.message })
            .collect(),
        last: stays.iter().max_by_key(|one| &one.order).map(|one| one.as_last()),
        channels: stays.iter().flat_map(|one| one.channels.iter().copied()).collect(),
        newest_echo: stays
            .iter()
            .filter(|one| one.is_live(Direction::Outbound) && !one.reply)
            .map(|one| one.order.time)
            .max(),
        inbound: stays
            .iter()
            .filter(|one| one.is_live(Direction::Inbound))
            .map(|one| Unseen { time: one.order.time, sequence: one.sequence, kind: one.kind })
            .collect(),
        dormant: only_history && untouched(from),
    }
}

/// Messages leave a conversation. One that nothing is left of becomes part of the one that took
/// them; one in which something comes to be unseen again opens again.
pub(super) fn leave(identity: &IdentityState, leaving: &Leaving) -> Result<Facts, Rejection> {
    let id = leaving.conversation;
    let conversation = identity.get(id).ok_or(Rejection::UnknownConversation)?;
    let mut left = leaving.left.clone();
    if left.last.is_none() {
        let into = leaving.into;
        return Ok(vec![(id, Fact::Left(Box::new(left))), (id, Fact::BecamePartOf { into })]);
    }
    let after = if left.dormant {
        Vec::new()
    } else {
        hand::uncovered(identity, conversation, left.newest_echo, &mut left.inbound)
    };
    let mut facts = vec![(id, Fact::Left(Box::new(left)))];
    facts.extend(after);
    Ok(facts)
}

/// A reply comes along with what it answers: it has seen nothing here.
pub(super) fn come_along(
    identity: &IdentityState,
    id: ConversationId,
    one: &Joined,
) -> Result<Facts, Rejection> {
    let conversation = identity.get(id).ok_or(Rejection::UnknownConversation)?;
    let sequence = conversation.contents.last_sequence + 1;
    Ok(vec![(id, Fact::Joined(Joined { sequence, history: true, ..one.clone() }))])
}
