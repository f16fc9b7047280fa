//! Reminders: a member wants a conversation among those that wait again at a moment. A timer on a
//! Pending or Resolved conversation, not a state.
//!
//! What the contact or the account writes meanwhile leaves it alone, or else it would matter in
//! which order that arrives; so do replies. Resolving and reopening by hand take it away.
//!
//! Deliberately absent: the timer itself; whoever fires it asks here whether it is time.

use time::{Duration, OffsetDateTime};

use super::chain::IdentityState;
use super::decide::Rejection;
use super::hand::{self, By};
use super::history::Fact;
use super::standing::Reminder;
use super::words::{ConversationId, MemberId, State};

/// How far ahead one may be set.
pub const FARTHEST: Duration = Duration::days(400);

/// Longest note of one, in characters.
pub const LONGEST_NOTE: usize = 500;

/// A reminder that a member sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminding {
    /// Who, about what, having seen how much.
    pub by: By,
    /// When.
    pub due: OffsetDateTime,
    /// What for; may be empty.
    pub note: String,
}

type Facts = Vec<(ConversationId, Fact)>;

/// Sets one, or another in its place; from New it sets Pending.
pub(super) fn set(identity: &IdentityState, reminding: &Reminding) -> Result<Facts, Rejection> {
    let by = reminding.by;
    let conversation = hand::about(identity, by.conversation)?;
    let mut facts = match conversation.state() {
        Some(State::New) => hand::set_pending(identity, by)?,
        Some(State::Pending | State::Resolved) | None => Vec::new(),
    };
    let reminder = Reminder { due: reminding.due, by: by.member, note: reminding.note.clone() };
    if conversation.reminder.as_ref() != Some(&reminder) {
        facts.push((by.conversation, Fact::ReminderSet(reminder)));
    }
    Ok(facts)
}

/// Takes it back, wherever its conversation stands.
pub(super) fn cancel(
    identity: &IdentityState,
    conversation: ConversationId,
    by: MemberId,
) -> Result<Facts, Rejection> {
    let state = identity.get(conversation).ok_or(Rejection::UnknownConversation)?;
    let facts = state.reminder.as_ref().map(|_| (conversation, Fact::ReminderCancelled { by }));
    Ok(facts.into_iter().collect())
}

/// Its moment has come. Where the contact has a newer conversation by now, that one waits.
pub(super) fn fire(
    identity: &IdentityState,
    conversation: ConversationId,
    now: OffsetDateTime,
) -> Result<Facts, Rejection> {
    let state = identity.get(conversation).ok_or(Rejection::UnknownConversation)?;
    let Some(reminder) = &state.reminder else { return Ok(Vec::new()) };
    if reminder.due > now {
        return Err(Rejection::NotDue);
    }
    let mut facts = vec![(conversation, Fact::ReminderFired { due: reminder.due })];
    // What waits anyway need not be told to, unless another reminder, of a later moment, fired
    // before this one: in which order they fire does not matter.
    let newest = identity.newest().filter(|newest| {
        let later = || newest.raised().is_some_and(|raised| raised.since > reminder.due);
        newest.state() != Some(State::New) || later()
    });
    facts.extend(newest.map(|newest| (newest.id, Fact::Reminded { since: reminder.due })));
    Ok(facts)
}
