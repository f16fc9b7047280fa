//! A worker lets go of what it could not begin.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use kit_store::Transaction;
use kit_values::Fault;

use super::begin::Begun;
use super::step::step;
use crate::calls;
use crate::domain::attempt::Command;
use crate::store;

/// Lets go of an attempt of which no byte has left, to be tried again after `pause`.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn release(
    transaction: &Transaction,
    begun: &Begun,
    pause: Duration,
) -> Result<(), Fault> {
    let now = store::now(transaction).await?;
    let command = Command::Unsent { fence: begun.fence, until: now + pause };
    step(transaction, BTreeMap::from([(begun.key, command)]), None, now).await?;
    give_back(transaction, begun).await
}

/// A call that was counted was not made after all.
pub(super) async fn give_back(transaction: &Transaction, begun: &Begun) -> Result<(), Fault> {
    let allowances = calls::allowances(&begun.account, &begun.call);
    if allowances.is_empty() {
        return Ok(());
    }
    let application = BTreeSet::from([begun.account.application.uuid()]);
    let account = BTreeSet::from([begun.account.channel.uuid()]);
    let mut ledger = store::ledger(transaction, &application, &account).await?;
    ledger.give_back(begun.call.counted_as(), &allowances);
    store::save_ledger(transaction, &ledger).await
}
