//! `decide`: from the state of an identity and a command to facts and effects, as values.
//!
//! Deliberately absent: identifiers of our own making (they travel in the command), storage,
//! and the edits, deletions, reactions and receipts of single messages (see `revise`).

use time::OffsetDateTime;

use super::chain::IdentityState;
use super::hand::{self, By, Echo, Replying};
use super::history::{Entry, Fact, Joined, ResolveReason};
use super::join::{self, Arriving};
use super::policy::Policy;
use super::record::Record;
use super::relink::{self, Leaving};
use super::remind::{self, Reminding};
use super::standing::{ConversationState, Last, Reminder};
use super::words::{
    ChannelId, ConversationId, Direction, MemberId, MessageId, MessageKind, NetworkOrder, NoteId,
    State,
};

/// What is asked of an identity's conversations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// The contact wrote, or our account did from whichever client (an echo).
    Arrive(Box<Arriving>),
    /// A conversation may have been quiet for the auto-resolve time.
    AutoResolve {
        /// Which one.
        conversation: ConversationId,
        /// It has if nothing has happened since then.
        quiet_since: OffsetDateTime,
    },
    /// A member wants it among those that wait again at a moment.
    Remind(Reminding),
    /// A member takes that back.
    CancelReminder {
        /// Of which conversation.
        conversation: ConversationId,
        /// Who.
        by: MemberId,
    },
    /// The moment of a reminder may have come.
    FireReminder {
        /// Of which conversation.
        conversation: ConversationId,
    },
    /// A member replies.
    Reply(Box<Replying>),
    /// A member has a failed reply sent again, as if it were written now.
    Retry {
        /// Who; has seen what the reply's author had seen.
        by: By,
        /// The reply.
        message: MessageId,
    },
    /// A member waits for the contact, or for something else.
    SetPending(By),
    /// A member is done.
    Resolve(By),
    /// A member takes a decision back, or wants more work done.
    Reopen(By),
    /// A reply failed for good.
    Failed {
        /// Where it stands.
        conversation: ConversationId,
        /// The reply.
        message: MessageId,
    },
    /// The network has a reply.
    Sent {
        /// Where it stands.
        conversation: ConversationId,
        /// The reply.
        message: MessageId,
        /// What it is.
        kind: MessageKind,
        /// Its place by the network's word.
        order: NetworkOrder,
        /// The newest of the other messages there.
        last: Option<Last>,
    },
    /// A message that was taken for written elsewhere is the echo of a reply.
    BecameReply(Box<Echo>),
    /// The author of messages has become known: they go to the author's conversations.
    Leave(Box<Leaving>),
    /// A reply goes with them.
    ComeAlong {
        /// Where the message stands that it comes along with.
        conversation: ConversationId,
        /// The reply; its place in the order of arrival is given here.
        joined: Box<Joined>,
    },
    /// A reminder goes with them.
    KeepReminder {
        /// To which conversation.
        conversation: ConversationId,
        /// As the member wanted it.
        reminder: Reminder,
    },
    /// The author of a conversation has become known, who takes it over as it is.
    Relink {
        /// Which one.
        conversation: ConversationId,
        /// The message that told who it was.
        message: MessageId,
        /// Its place among the author's conversations.
        ordinal: i32,
        /// The one of these that it follows.
        previous: Option<ConversationId>,
    },
    /// Something happened that changes no state.
    Record {
        /// In which conversation.
        conversation: ConversationId,
        /// What.
        record: Record,
    },
}

/// Facts to append and what follows from them. No facts: it was already applied.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decision {
    /// In order; several conversations may be concerned.
    pub entries: Vec<Entry>,
    /// What the shell does in the same transaction.
    pub effects: Vec<Effect>,
}

impl Decision {
    /// Whether nothing was new.
    #[must_use]
    pub fn already_applied(&self) -> bool {
        self.entries.is_empty()
    }
}

/// What follows from a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// The message stands here now; an insertion, or a new place for a withdrawn one.
    PlaceMessage {
        /// Which one.
        message: MessageId,
        /// Where.
        conversation: ConversationId,
        /// Its place in the order of arrival.
        sequence: i64,
    },
    /// Every message of `from` moves to `into`, its sequence grown by `offset`.
    MoveMessages {
        /// From the signpost.
        from: ConversationId,
        /// To the conversation that goes on.
        into: ConversationId,
        /// The last sequence there before.
        offset: i64,
    },
    /// Look at `due` whether the moment of its reminder has come.
    ArmReminder {
        /// Of which conversation.
        conversation: ConversationId,
        /// When.
        due: OffsetDateTime,
    },
    /// A message goes: it is another one.
    RemoveMessage {
        /// Which one.
        message: MessageId,
        /// The one that it is.
        is: MessageId,
    },
    /// Tell the other services.
    Announce(Announcement),
}

/// What other services learn: ids only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Announcement {
    /// About which conversation.
    pub conversation: ConversationId,
    /// What happened.
    pub news: News,
}

/// What happened, for other services.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// It came to be.
    Opened {
        /// In which state.
        state: State,
        /// The one that it follows.
        previous: Option<ConversationId>,
    },
    /// A message was stored in it, or arrived in it from elsewhere.
    Stored {
        /// Which one.
        message: MessageId,
        /// Its place in the order of arrival.
        sequence: i64,
        /// Who wrote it.
        direction: Direction,
    },
    /// One of its messages changed.
    Revised {
        /// Which one.
        message: MessageId,
    },
    /// Its state changed.
    StateChanged {
        /// From this.
        from: State,
        /// To this.
        to: State,
        /// Why, in a stable word.
        reason: &'static str,
    },
    /// Its reminder is another, or it has none any more.
    ReminderChanged {
        /// When it is due.
        due: Option<OffsetDateTime>,
    },
    /// It became part of another.
    Absorbed {
        /// The other one.
        into: ConversationId,
    },
    /// A reply waits to be sent.
    ReplyQueued {
        /// Which one.
        message: MessageId,
        /// Which attempt.
        attempt: i32,
        /// Through which account.
        channel: ChannelId,
    },
    /// A person said how an unknown send ended.
    SettledByPerson {
        /// Which reply.
        message: MessageId,
        /// Which attempt.
        attempt: i32,
        /// The network has it.
        sent: bool,
    },
    /// What was done, or is being done, to a message is shown differently.
    ActionChanged {
        /// Which message.
        message: MessageId,
        /// All messages of its author show it.
        of_author: bool,
    },
    /// A note was written, changed, deleted or restored.
    NoteChanged {
        /// Which.
        note: NoteId,
        /// Its rev from now on.
        rev: i64,
        /// The message that it is tied to.
        message: Option<MessageId>,
    },
}

/// Why a command changes nothing though it was understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rejection {
    /// The identity has no such conversation.
    UnknownConversation,
    /// The contact is waiting: nothing resolves by itself.
    ContactIsWaiting,
    /// Something came that the member has not seen.
    NewerMessage,
    /// It is resolved, and so cannot wait.
    NotOpen,
    /// The contact's newest conversation is another one.
    GoesOnElsewhere {
        /// Which.
        newest: ConversationId,
    },
    /// Something happened since, or is to happen; or its moment has not come.
    NotDue,
}

/// Decides. Pure: the same arguments give the same decision.
///
/// # Errors
/// A [`Rejection`] says which rule stood against it; nothing changes then.
pub fn decide(
    identity: &IdentityState,
    command: &Command,
    policy: &Policy,
    now: OffsetDateTime,
) -> Result<Decision, Rejection> {
    let (facts, reason) = match command {
        Command::Arrive(arriving) => {
            let reason = match arriving.direction {
                Direction::Inbound => "inbound",
                Direction::Outbound => "echo",
            };
            (join::arrive(identity, arriving, policy), reason)
        }
        Command::AutoResolve { conversation, quiet_since } => {
            let facts = auto_resolve(identity, *conversation, *quiet_since)?;
            (facts, ResolveReason::Automatic.name())
        }
        Command::Remind(reminding) => (remind::set(identity, reminding)?, "set_pending"),
        Command::CancelReminder { conversation, by } => {
            (remind::cancel(identity, *conversation, *by)?, "reminder")
        }
        Command::FireReminder { conversation } => {
            (remind::fire(identity, *conversation, now)?, "reminder")
        }
        Command::Reply(replying) => (hand::reply(identity, replying, now)?, "replied"),
        Command::Retry { by, message } => (hand::retry(identity, *by, *message, now)?, "replied"),
        Command::SetPending(by) => (hand::set_pending(identity, *by)?, "set_pending"),
        Command::Resolve(by) => (hand::resolve(identity, *by)?, "by_hand"),
        Command::Reopen(by) => (hand::reopen(identity, *by, now)?, "reopened_by_hand"),
        Command::Failed { conversation, message } => {
            (hand::failed(identity, *conversation, *message)?, "reply_failed")
        }
        Command::Sent { conversation, message, kind, order, last } => {
            let last = last.as_ref();
            (hand::sent(identity, *conversation, *message, *kind, order, last)?, "reply_sent")
        }
        Command::BecameReply(echo) => (hand::became_reply(identity, echo)?, "echo"),
        Command::Leave(leaving) => (relink::leave(identity, leaving)?, "author_known"),
        Command::ComeAlong { conversation, joined } => {
            (relink::come_along(identity, *conversation, joined)?, "author_known")
        }
        Command::KeepReminder { conversation, reminder } => {
            identity.get(*conversation).ok_or(Rejection::UnknownConversation)?;
            (vec![(*conversation, Fact::ReminderSet(reminder.clone()))], "author_known")
        }
        Command::Relink { conversation, message, ordinal, previous } => {
            identity.get(*conversation).ok_or(Rejection::UnknownConversation)?;
            let (message, ordinal, previous) = (*message, *ordinal, *previous);
            (vec![(*conversation, Fact::Relinked { message, ordinal, previous })], "author_known")
        }
        Command::Record { conversation, record } => {
            identity.get(*conversation).ok_or(Rejection::UnknownConversation)?;
            (vec![(*conversation, Fact::Recorded(record.clone()))], "recorded")
        }
    };
    Ok(settle(identity, facts, reason, now))
}

fn auto_resolve(
    identity: &IdentityState,
    id: ConversationId,
    quiet_since: OffsetDateTime,
) -> Result<Vec<(ConversationId, Fact)>, Rejection> {
    let conversation = identity.get(id).ok_or(Rejection::UnknownConversation)?;
    if !conversation.is_open() {
        return Ok(Vec::new());
    }
    if conversation.state() != Some(State::Pending) {
        return Err(Rejection::ContactIsWaiting);
    }
    // Somebody wants to come back to it.
    let planned = conversation.reminder.is_some();
    if planned || conversation.quiet_since().is_some_and(|newest| newest > quiet_since) {
        return Err(Rejection::NotDue);
    }
    let seen_through = conversation.contents.last_sequence;
    Ok(vec![(id, Fact::Resolved { reason: ResolveReason::Automatic, seen_through })])
}

/// Numbers the facts, folds them, and reads the effects off the difference.
fn settle(
    before: &IdentityState,
    facts: Vec<(ConversationId, Fact)>,
    reason: &'static str,
    now: OffsetDateTime,
) -> Decision {
    let mut after = before.clone();
    let mut decision = Decision::default();
    let mut touched: Vec<ConversationId> = Vec::new();
    for (conversation, fact) in facts {
        let sequence = after.get(conversation).map_or(0, |state| state.history_sequence) + 1;
        let held = after.get(conversation).map_or(0, |state| state.contents.last_sequence);
        effect_of(conversation, &fact, held, &mut decision.effects);
        let entry = Entry { conversation, sequence, at: now, fact };
        after.apply(&entry);
        decision.entries.push(entry);
        if !touched.contains(&conversation) {
            touched.push(conversation);
        }
    }
    for id in touched {
        if let Some(state) = after.get(id) {
            compare(before.get(id), state, reason, &mut decision.effects);
        }
    }
    decision
}

fn effect_of(conversation: ConversationId, fact: &Fact, held: i64, effects: &mut Vec<Effect>) {
    let mut announce = |news| effects.push(Effect::Announce(Announcement { conversation, news }));
    match fact {
        Fact::Joined(joined) => {
            announce(News::Stored {
                message: joined.message,
                sequence: joined.sequence,
                direction: joined.direction,
            });
            effects.push(Effect::PlaceMessage {
                message: joined.message,
                conversation,
                sequence: joined.sequence,
            });
        }
        Fact::Merged { message, .. } | Fact::Relinked { message, .. } => {
            announce(News::Revised { message: *message });
        }
        // Whoever shows them asks for them, and learns that they stand elsewhere.
        Fact::Left(left) => {
            for gone in &left.gone {
                announce(News::Revised { message: gone.message });
            }
        }
        Fact::BecamePartOf { into } => announce(News::Absorbed { into: *into }),
        Fact::Absorbed { from, .. } => {
            effects.push(Effect::MoveMessages { from: *from, into: conversation, offset: held });
        }
        Fact::Replied(replied) => {
            let joined = &replied.joined;
            announce(News::Stored {
                message: joined.message,
                sequence: joined.sequence,
                direction: joined.direction,
            });
            effects.push(Effect::PlaceMessage {
                message: joined.message,
                conversation,
                sequence: joined.sequence,
            });
        }
        Fact::BecameReply(became) => {
            // Whoever shows it asks for it, and learns that it is no more.
            announce(News::Revised { message: became.message });
            effects.push(Effect::RemoveMessage { message: became.message, is: became.reply });
        }
        Fact::Opened { .. }
        | Fact::Reopened { .. }
        | Fact::Resolved { .. }
        | Fact::Withdrawn { .. }
        | Fact::Retried { .. }
        | Fact::SetPending { .. }
        | Fact::ReopenedByHand { .. }
        | Fact::Sent { .. }
        | Fact::ReplyFailed { .. }
        | Fact::ReminderSet(_)
        | Fact::ReminderCancelled { .. }
        | Fact::ReminderFired { .. }
        | Fact::Reminded { .. }
        | Fact::Recorded(_) => {}
    }
}

fn compare(
    before: Option<&ConversationState>,
    after: &ConversationState,
    reason: &'static str,
    effects: &mut Vec<Effect>,
) {
    let conversation = after.id;
    let Some(to) = after.state() else { return };
    let from = before.and_then(ConversationState::state);
    match from {
        None => effects.push(Effect::Announce(Announcement {
            conversation,
            news: News::Opened { state: to, previous: after.previous },
        })),
        Some(from) if from != to => effects.push(Effect::Announce(Announcement {
            conversation,
            news: News::StateChanged { from, to, reason },
        })),
        Some(_) => {}
    }
    let due = after.reminder.as_ref().map(|reminder| reminder.due);
    let reminded = before.and_then(|before| before.reminder.as_ref()) != after.reminder.as_ref();
    // A reminder of an earlier moment than the one that raised it: whoever orders what waits must
    // hear of that.
    let raised = before.and_then(|before| before.raised);
    let earlier = raised
        .zip(after.raised)
        .is_some_and(|(before, after)| before.at == after.at && before.since != after.since);
    if reminded || earlier {
        let news = News::ReminderChanged { due };
        effects.push(Effect::Announce(Announcement { conversation, news }));
        effects.extend(due.map(|due| Effect::ArmReminder { conversation, due }));
    }
}
