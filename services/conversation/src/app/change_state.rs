//! Pending, Resolve and Reopen by a member's hand; undo is a Reopen.

use kit_store::Transaction;
use kit_values::Fault;

use super::reply::Answered;
use super::table::{self, Deciding};
use crate::domain::decide::Command;
use crate::domain::words::State;
use crate::store;
use crate::wire::{self, StateAsked};

/// Changes the state of a conversation.
///
/// # Errors
/// Rejected when something came that the member has not seen, or the state cannot be left so;
/// `NotFound`.
pub async fn change_state(
    transaction: &Transaction,
    who: &Deciding,
    asked: &StateAsked,
) -> Result<Answered, Fault> {
    let (conversation, to) = (asked.conversation, asked.to.code());
    let meaning = format!("state {} {conversation} {to}", who.member);
    let key = Some((asked.key.as_str(), meaning.as_str()));
    let mut table = match table::lay(transaction, who, asked.conversation, key, &[]).await? {
        Ok(table) => table,
        Err(answer) => return Ok(Answered { answer, now: false }),
    };
    let by = table.by(transaction, who, asked.seen_through).await?;
    let command = match asked.to {
        State::New => Command::Reopen(by),
        State::Pending => Command::SetPending(by),
        State::Resolved => Command::Resolve(by),
    };
    let changed = table.batch.act(&table.identity, &command, None, &who.policy, who.now)?;
    let organization = who.organization;
    let mut undelivered = 0;
    if asked.to == State::Resolved {
        undelivered = store::undelivered(transaction, organization, asked.conversation).await?;
        if changed {
            store::clear_lock(transaction, organization, asked.conversation, who.member).await?;
        }
    }
    if changed {
        table.save(transaction, who).await?;
    }
    let row = table::row(transaction, who, asked.conversation).await?;
    let answer = wire::changed(row, undelivered);
    store::keep_outcome(transaction, organization, &asked.key, &meaning, answer.clone(), who.now)
        .await?;
    Ok(Answered { answer, now: true })
}
