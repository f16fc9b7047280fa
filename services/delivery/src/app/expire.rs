//! Leases end: what never left may be made again, what did is unknown.

use std::collections::BTreeMap;

use kit_store::{Scope, Transaction};
use kit_values::Fault;

use super::step::step;
use crate::domain::attempt::Command;
use crate::domain::words::Key;
use crate::store;

/// Attempts in one transaction.
const PAGE: i64 = 100;

/// Ends leases that are over; gives how many, and whether there may be more.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn expire(transaction: &Transaction) -> Result<(usize, bool), Fault> {
    let keys = store::expired(transaction, PAGE).await?;
    if keys.is_empty() {
        return Ok((0, false));
    }
    transaction.rescope(&keys.iter().map(|key| key.organization).collect::<Scope>()).await?;
    let now = store::now(transaction).await?;
    let more = i64::try_from(keys.len()).is_ok_and(|found| found >= PAGE);
    let commands: BTreeMap<Key, Command> =
        keys.into_iter().map(|key| (key, Command::LeaseOver)).collect();
    let outcomes = step(transaction, commands, None, now).await?;
    Ok((outcomes.len(), more))
}
