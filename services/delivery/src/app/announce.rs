//! A worker is about to let the first byte leave.

use std::collections::BTreeMap;

use kit_store::Transaction;
use kit_values::Fault;

use super::step::step;
use crate::domain::attempt::Command;
use crate::domain::words::Key;
use crate::store;

/// Writes down that the first byte is about to leave; false when whoever has this fence may not
/// let it.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn announce(
    transaction: &Transaction,
    key: Key,
    fence: i64,
    trace: Option<&str>,
) -> Result<bool, Fault> {
    let now = store::now(transaction).await?;
    let commands = BTreeMap::from([(key, Command::FirstByte { fence })]);
    let outcomes = step(transaction, commands, trace, now).await?;
    Ok(outcomes.get(&key).is_some_and(Result::is_ok))
}
