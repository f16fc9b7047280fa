//! What people decide: replies, Pending, Resolve, Reopen, and what becomes of a reply.
//!
//! A decision states what its author's screen held. Whatever is newer and waits refuses it, but
//! for a reply that is sent all the same; and what it had not seen goes on waiting (I11).
//!
//! Deliberately absent: the lock (see `lock`), rights, and whether the network lets anybody
//! answer so (the manifest of `networks`).

use std::collections::BTreeSet;

use time::OffsetDateTime;

use super::chain::IdentityState;
use super::decide::Rejection;
use super::history::{BecameReply, Fact, Joined, Replied, ResolveReason};
use super::seen::Unseen;
use super::standing::{ConversationState, Last};
use super::words::{
    ChannelId, ConversationId, Direction, MemberId, MessageId, MessageKind, NetworkOrder, State,
};

/// Who decides, about what, having seen how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct By {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Who.
    pub member: MemberId,
    /// The greatest arrival sequence that the member's screen held.
    pub seen_through: i64,
    /// Network time of the newest live message of the contact, for a conversation that has to
    /// wait again though everything in it has been seen.
    pub last_inbound: Option<OffsetDateTime>,
}

/// A reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replying {
    /// Who replies.
    pub by: By,
    /// The message's id, minted by the shell.
    pub message: MessageId,
    /// What it is.
    pub kind: MessageKind,
    /// The account that answers.
    pub channel: ChannelId,
    /// Its place until the network gives it one: when it was accepted, then its own id.
    pub order: NetworkOrder,
    /// Reply although something newer arrived.
    pub despite_newer: bool,
}

/// What is known of a message that turns out to be a reply's echo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Echo {
    /// Where the echo stands.
    pub conversation: ConversationId,
    /// Where the reply stands.
    pub into: ConversationId,
    /// What stands beside the echo.
    pub left: BecameReply,
}

type Facts = Vec<(ConversationId, Fact)>;

/// The conversation that a decision is about: only the newest can be open.
pub(super) fn about(
    identity: &IdentityState,
    id: ConversationId,
) -> Result<&ConversationState, Rejection> {
    let conversation = identity.get(id).ok_or(Rejection::UnknownConversation)?;
    match identity.newest() {
        Some(newest) if newest.id == id => Ok(conversation),
        Some(newest) => Err(Rejection::GoesOnElsewhere { newest: newest.id }),
        None => Err(Rejection::UnknownConversation),
    }
}

/// Whether something came after what `by` has seen: the contact's words that wait, or a reply by
/// somebody else.
fn newer(conversation: &ConversationState, by: By) -> bool {
    let waits = |sequence: i64| sequence > by.seen_through;
    conversation.contents.unseen.iter().any(|message| waits(message.sequence))
        || conversation
            .decided
            .replied
            .is_some_and(|reply| reply.by != by.member && waits(reply.sequence))
}

fn unless_newer(conversation: &ConversationState, by: By) -> Result<(), Rejection> {
    if newer(conversation, by) { Err(Rejection::NewerMessage) } else { Ok(()) }
}

/// What was seen cannot be more than there is.
fn seen(conversation: &ConversationState, by: By) -> i64 {
    by.seen_through.clamp(0, conversation.contents.last_sequence)
}

pub(super) fn reply(
    identity: &IdentityState,
    replying: &Replying,
    now: OffsetDateTime,
) -> Result<Facts, Rejection> {
    let by = replying.by;
    let conversation = about(identity, by.conversation)?;
    if !replying.despite_newer {
        unless_newer(conversation, by)?;
    }
    let joined = Joined {
        message: replying.message,
        sequence: conversation.contents.last_sequence + 1,
        order: replying.order.clone(),
        kind: replying.kind,
        direction: Direction::Outbound,
        channel: replying.channel,
        history: false,
    };
    let replied = Replied {
        joined,
        by: by.member,
        seen_through: seen(conversation, by),
        waiting: by.last_inbound.unwrap_or(now),
    };
    Ok(vec![(by.conversation, Fact::Replied(replied))])
}

pub(super) fn retry(
    identity: &IdentityState,
    by: By,
    message: MessageId,
    now: OffsetDateTime,
) -> Result<Facts, Rejection> {
    let conversation = about(identity, by.conversation)?;
    let fact = Fact::Retried {
        message,
        by: by.member,
        seen_through: seen(conversation, by),
        waiting: by.last_inbound.unwrap_or(now),
    };
    Ok(vec![(by.conversation, fact)])
}

pub(super) fn set_pending(identity: &IdentityState, by: By) -> Result<Facts, Rejection> {
    let conversation = about(identity, by.conversation)?;
    match conversation.state() {
        Some(State::Pending) => return Ok(Vec::new()),
        Some(State::New) => {}
        Some(State::Resolved) | None => return Err(Rejection::NotOpen),
    }
    unless_newer(conversation, by)?;
    let seen_through = seen(conversation, by);
    Ok(vec![(by.conversation, Fact::SetPending { by: by.member, seen_through })])
}

pub(super) fn resolve(identity: &IdentityState, by: By) -> Result<Facts, Rejection> {
    let conversation = identity.get(by.conversation).ok_or(Rejection::UnknownConversation)?;
    if conversation.state() == Some(State::Resolved) {
        return Ok(Vec::new());
    }
    let conversation = about(identity, by.conversation)?;
    unless_newer(conversation, by)?;
    let seen_through = seen(conversation, by);
    let reason = ResolveReason::ByHand(by.member);
    Ok(vec![(by.conversation, Fact::Resolved { reason, seen_through })])
}

pub(super) fn reopen(
    identity: &IdentityState,
    by: By,
    now: OffsetDateTime,
) -> Result<Facts, Rejection> {
    let conversation = about(identity, by.conversation)?;
    if conversation.state() == Some(State::New) {
        return Ok(Vec::new());
    }
    // As long as it had waited before the decision that is taken back; else since the contact's
    // last word.
    let before = conversation.waited_before();
    let waiting = before.or(by.last_inbound).unwrap_or(now);
    Ok(vec![(by.conversation, Fact::ReopenedByHand { by: by.member, waiting })])
}

pub(super) fn failed(
    identity: &IdentityState,
    conversation: ConversationId,
    message: MessageId,
) -> Result<Facts, Rejection> {
    identity.get(conversation).ok_or(Rejection::UnknownConversation)?;
    Ok(vec![(conversation, Fact::ReplyFailed { message })])
}

pub(super) fn sent(
    identity: &IdentityState,
    conversation: ConversationId,
    message: MessageId,
    kind: MessageKind,
    order: &NetworkOrder,
    last: Option<&Last>,
) -> Result<Facts, Rejection> {
    identity.get(conversation).ok_or(Rejection::UnknownConversation)?;
    let fact = Fact::Sent { message, kind, order: order.clone(), last: last.cloned() };
    Ok(vec![(conversation, fact)])
}

/// A conversation that held nothing but the echo was never one. A resolved one in which only the
/// echo had seen something opens again, and takes over what was opened since; but not when people
/// have decided about that: they have gone on with the contact there.
pub(super) fn became_reply(identity: &IdentityState, echo: &Echo) -> Result<Facts, Rejection> {
    let id = echo.conversation;
    let conversation = identity.get(id).ok_or(Rejection::UnknownConversation)?;
    let mut left = echo.left.clone();
    let became = |left| (id, Fact::BecameReply(Box::new(left)));
    if conversation.contents.message_count == 1 && id != echo.into {
        let mut facts = vec![became(left), (id, Fact::BecamePartOf { into: echo.into })];
        // What somebody wanted to be reminded of is there now.
        let reminder = conversation.reminder.clone();
        facts.extend(reminder.map(|reminder| (echo.into, Fact::ReminderSet(reminder))));
        return Ok(facts);
    }
    let after = uncovered(identity, conversation, left.newest_echo, &mut left.inbound);
    let mut facts = vec![became(left)];
    facts.extend(after);
    Ok(facts)
}

/// What follows when the account's newest own message in a conversation is one at `newest_echo`
/// from now on: a resolved one in which something of `inbound` comes to be unseen by that opens
/// again, unless people have gone on with the contact elsewhere; then it counts as seen.
pub(super) fn uncovered(
    identity: &IdentityState,
    conversation: &ConversationState,
    newest_echo: Option<OffsetDateTime>,
    inbound: &mut BTreeSet<Unseen>,
) -> Facts {
    let id = conversation.id;
    let is_unseen = |message: &Unseen| {
        message.sequence > conversation.seen_through
            && !newest_echo.is_some_and(|echo| message.is_seen_by(echo))
    };
    if conversation.is_open() || !inbound.iter().any(is_unseen) {
        return Vec::new();
    }
    let reopened = (id, Fact::Reopened { by: Direction::Inbound });
    match identity.newest() {
        Some(newest) if newest.id == id => vec![reopened],
        Some(newest) if newest.is_fresh() && newest.previous == Some(id) => {
            let (from, contents) = (newest.id, newest.contents.clone());
            let absorbed = (id, Fact::Absorbed { from, contents });
            vec![(from, Fact::BecamePartOf { into: id }), reopened, absorbed]
        }
        _ => {
            inbound.retain(|message| message.sequence <= conversation.seen_through);
            Vec::new()
        }
    }
}
