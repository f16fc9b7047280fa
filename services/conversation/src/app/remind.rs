//! Reminders: set, cancelled, and fired by their timers.

use std::collections::BTreeSet;

use kit_store::timer::{self, Timer};
use kit_store::{Transaction, lock_key};
use kit_values::{Fault, OrganizationId, mint_uuid};
use time::OffsetDateTime;

use super::follow_up::{Trails, follow_up};
use super::reply::Answered;
use super::table::{self, Deciding};
use super::whose::lock_whose;
use crate::domain::batch::{Batch, Loaded};
use crate::domain::decide::{Command, Rejection};
use crate::domain::person::IdentityKey;
use crate::domain::policy::Policy;
use crate::domain::remind::Reminding;
use crate::domain::words::ConversationId;
use crate::store;
use crate::wire::{self, ReminderAsked};

/// The kind of the timer; its aggregate is a conversation.
pub const REMINDER: &str = "reminder";

/// Sets a reminder, or cancels it.
///
/// # Errors
/// Rejected when something came that the member has not seen, or the customer has a newer
/// conversation; `NotFound`.
pub async fn remind(
    transaction: &Transaction,
    who: &Deciding,
    asked: &ReminderAsked,
) -> Result<Answered, Fault> {
    let conversation = asked.conversation;
    let wanted = match &asked.wanted {
        Some((due, note)) => {
            format!("{} {:x}", due.unix_timestamp_nanos(), lock_key(&[note.as_str()]))
        }
        None => "none".to_owned(),
    };
    let meaning = format!("reminder {} {conversation} {wanted}", who.member);
    let key = Some((asked.key.as_str(), meaning.as_str()));
    let mut table = match table::lay(transaction, who, conversation, key, &[]).await? {
        Ok(table) => table,
        Err(answer) => return Ok(Answered { answer, now: false }),
    };
    let command = match &asked.wanted {
        Some((due, note)) => {
            let by = table.by(transaction, who, asked.seen_through).await?;
            Command::Remind(Reminding { by, due: *due, note: note.clone() })
        }
        None => Command::CancelReminder { conversation, by: who.member },
    };
    if table.batch.act(&table.identity, &command, None, &who.policy, who.now)? {
        table.save(transaction, who).await?;
    }
    let row = table::row(transaction, who, conversation).await?;
    let answer = wire::reminded(row);
    let organization = who.organization;
    store::keep_outcome(transaction, organization, &asked.key, &meaning, answer.clone(), who.now)
        .await?;
    Ok(Answered { answer, now: true })
}

/// Looks whether the moments of these reminders have come, in the transaction that claimed their
/// timers.
pub async fn fire_reminders(
    transaction: &Transaction,
    due: Vec<Timer>,
    policy: &Policy,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    if due.is_empty() {
        return Ok(());
    }
    let conversations: Vec<(OrganizationId, ConversationId)> = due
        .iter()
        .map(|timer| (timer.organization, ConversationId::from_uuid(timer.aggregate)))
        .collect();
    let whose = lock_whose(transaction, &conversations, &[]).await?;
    let keys: BTreeSet<IdentityKey> = whose.values().cloned().collect();
    let stands: BTreeSet<ConversationId> = whose.keys().copied().collect();
    let identities = store::load_identities(transaction, &keys, &stands).await?;
    let mut batch = Batch::new(Loaded { identities, ..Loaded::default() });
    let mut again = Vec::new();
    for timer in due {
        let conversation = ConversationId::from_uuid(timer.aggregate);
        let Some(identity) = whose.get(&conversation) else { continue };
        let reminder = batch
            .identity(identity)
            .and_then(|record| record.state.get(conversation))
            .and_then(|state| state.reminder.as_ref().map(|reminder| reminder.due));
        let command = Command::FireReminder { conversation };
        let fired = batch.act(identity, &command, None, policy, now);
        // Another moment, or the two clocks differ.
        if let (Err(Rejection::NotDue), Some(due)) = (fired, reminder) {
            again.push(Timer { id: mint_uuid(), due, ..timer });
        }
    }
    timer::arm(transaction, &again).await?;
    let receipted = store::save(transaction, &batch).await?;
    follow_up(transaction, &batch, &receipted, &Trails::default(), now).await
}
