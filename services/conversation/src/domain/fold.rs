//! The fold of a history: from the state before an entry to the state after it.

use std::collections::BTreeSet;

use time::OffsetDateTime;

use super::history::{Entry, Fact, Joined, Left, ResolveReason};
use super::seen::Unseen;
use super::standing::{Contents, ConversationState, Last, Raised, Replied, Standing, Undo};
use super::words::{Direction, MemberId, MessageId, State};

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
        Fact::Joined(joined) => {
            join(&mut state.contents, joined);
            state.heed_echo();
        }
        Fact::Reopened { .. } => state.standing = Standing::Open,
        Fact::Resolved { reason, seen_through } => {
            match reason {
                ResolveReason::Automatic => {
                    state.seen_through = *seen_through;
                    state.contents.unseen.retain(|message| message.sequence > *seen_through);
                    state.raised = None;
                    state.decided.undo = None;
                }
                ResolveReason::ByHand(by) => {
                    decided(&mut state, *by, entry.at, *seen_through, None);
                    state.reminder = None;
                }
            }
            state.standing = Standing::Resolved { at: entry.at };
            state.last_resolved_at = Some(entry.at);
        }
        Fact::Absorbed { contents, .. } => {
            absorb(&mut state.contents, contents);
            state.heed_echo();
        }
        Fact::BecamePartOf { into } => {
            state.standing = Standing::Absorbed { into: *into };
            state.contents = Contents::default();
            state.raised = None;
            state.reminder = None;
            state.decided.undo = None;
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
        Fact::Left(left) => leave(&mut state, left),
        Fact::Relinked { ordinal, previous, .. } => {
            state.ordinal = *ordinal;
            state.previous = *previous;
        }
        Fact::Replied(_)
        | Fact::Retried { .. }
        | Fact::SetPending { .. }
        | Fact::ReopenedByHand { .. } => by_hand(&mut state, entry),
        Fact::Sent { .. } | Fact::ReplyFailed { .. } | Fact::BecameReply(_) => {
            of_reply(&mut state, &entry.fact);
        }
        Fact::Recorded(_) => {}
        Fact::ReminderSet(reminder) => state.reminder = Some(reminder.clone()),
        Fact::ReminderCancelled { .. } => {
            state.reminder = None;
            state.decided.at = state.decided.at.max(Some(entry.at));
        }
        Fact::ReminderFired { .. } => state.reminder = None,
        Fact::Reminded { since } => {
            state.standing = Standing::Open;
            // Raised already, it is answered by what already would have answered it.
            let at = state.raised().map_or(entry.at, |raised| raised.at);
            state.raised = Some(Raised { since: *since, at });
            state.decided.undo = None;
        }
    }
    state
}

/// What a member decided.
fn by_hand(state: &mut ConversationState, entry: &Entry) {
    match &entry.fact {
        Fact::Replied(replied) => {
            let opened = Raised { since: replied.waiting, at: entry.at };
            let reply = (replied.joined.message, opened);
            decided(state, replied.by, entry.at, replied.seen_through, Some(reply));
            place(&mut state.contents, &replied.joined);
            state.decided.replied =
                Some(Replied { by: replied.by, sequence: replied.joined.sequence });
            state.standing = Standing::Open;
        }
        Fact::Retried { message, by, seen_through, waiting } => {
            let opened = Raised { since: *waiting, at: entry.at };
            decided(state, *by, entry.at, *seen_through, Some((*message, opened)));
            state.standing = Standing::Open;
        }
        Fact::SetPending { by, seen_through } => {
            decided(state, *by, entry.at, *seen_through, None);
        }
        Fact::ReopenedByHand { by, waiting } => {
            let seen_through = state.seen_through;
            decided(state, *by, entry.at, seen_through, None);
            state.standing = Standing::Open;
            state.reminder = None;
            state.raised = Some(Raised { since: *waiting, at: entry.at });
        }
        _ => {}
    }
}

/// What became of a reply.
fn of_reply(state: &mut ConversationState, fact: &Fact) {
    match fact {
        Fact::Sent { message, kind, order, last } => {
            let sent = Last {
                order: order.clone(),
                message: *message,
                kind: *kind,
                direction: Direction::Outbound,
            };
            let newer = last.clone().filter(|other| other.order > sent.order);
            state.contents.last = newer.or(Some(sent));
        }
        Fact::ReplyFailed { message } => take_back(state, *message),
        Fact::BecameReply(became) => {
            state.contents.message_count -= 1;
            state.contents.last.clone_from(&became.last);
            state.contents.channels.clone_from(&became.channels);
            state.contents.newest_echo = became.newest_echo;
            see_anew(state, &became.inbound);
        }
        _ => {}
    }
}

/// What of these live inbound messages is unseen, and what the last decision made seen, when the
/// account's newest own message is another one.
fn see_anew(state: &mut ConversationState, inbound: &BTreeSet<Unseen>) {
    let seen_through = state.seen_through;
    let later = |message: &&Unseen| message.sequence > seen_through;
    state.contents.unseen = inbound.iter().filter(later).copied().collect();
    if let Some(undo) = &mut state.decided.undo {
        let range = undo.seen_before..seen_through;
        undo.seen = inbound
            .iter()
            .filter(|message| range.contains(&(message.sequence - 1)))
            .copied()
            .collect();
    }
    state.heed_echo();
}

/// Messages left it. What replies among them decided is taken back: nobody has answered those who
/// stay.
fn leave(state: &mut ConversationState, left: &Left) {
    for gone in &left.gone {
        take_back(state, gone.message);
    }
    state.contents.message_count -= i64::try_from(left.gone.len()).unwrap_or(i64::MAX);
    state.contents.last.clone_from(&left.last);
    state.contents.channels.clone_from(&left.channels);
    state.contents.newest_echo = left.newest_echo;
    let gone = |replied: &mut Replied| left.gone.iter().any(|it| it.sequence == replied.sequence);
    state.decided.replied.take_if(gone);
    if left.dormant {
        state.standing = Standing::Dormant;
    }
    see_anew(state, &left.inbound);
}

/// A person decided at a moment, having seen everything up to `seen_through`; `reply` when the
/// decision was a reply, with what its failure raises should the conversation not have been open.
///
/// A reply while others are all that made it Pending adds to what they decided: as long as one of
/// them may reach the contact it stays Pending, and when all have failed nothing was answered.
fn decided(
    state: &mut ConversationState,
    by: MemberId,
    at: OffsetDateTime,
    seen_through: i64,
    reply: Option<(MessageId, Raised)>,
) {
    let was_pending = state.state() == Some(State::Pending);
    let seen_before = state.seen_through;
    let seen_through = seen_before.max(seen_through.min(state.contents.last_sequence));
    let raised = if state.is_open() { state.raised } else { reply.map(|(_, opened)| opened) };
    let (seen, unseen) =
        state.contents.unseen.iter().partition(|message| message.sequence <= seen_through);
    state.seen_through = seen_through;
    state.contents.unseen = unseen;
    state.raised = None;
    state.decided.count += 1;
    state.decided.by = Some(by);
    state.decided.at = state.decided.at.max(Some(at));
    state.decided.by_reply = reply.is_some();
    let reply = reply.map(|(message, _)| message);
    match &mut state.decided.undo {
        Some(undo) if reply.is_some() && was_pending && !undo.replies.is_empty() => {
            undo.replies.extend(reply);
        }
        undo => {
            let replies = reply.into_iter().collect();
            *undo = Some(Undo { replies, seen_before, seen, raised });
        }
    }
    state.heed_echo();
}

/// Takes back what replies decided when the last of them has failed, unless somebody has decided
/// since.
fn take_back(state: &mut ConversationState, message: MessageId) {
    let all_failed = |undo: &mut Undo| undo.replies.remove(&message) && undo.replies.is_empty();
    let Some(undo) = state.decided.undo.take_if(all_failed) else { return };
    state.seen_through = undo.seen_before;
    state.contents.unseen.extend(undo.seen);
    state.raised = undo.raised;
    state.heed_echo();
}

fn join(contents: &mut Contents, joined: &Joined) {
    place(contents, joined);
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
}

/// A message stands in the conversation from now on.
fn place(contents: &mut Contents, joined: &Joined) {
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
    if other
        .last
        .as_ref()
        .is_some_and(|theirs| contents.last.as_ref().is_none_or(|ours| ours.order < theirs.order))
    {
        contents.last.clone_from(&other.last);
    }
    contents.channels.extend(other.channels.iter().copied());
}
