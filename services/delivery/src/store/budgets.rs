//! What the networks still take.

use std::collections::BTreeSet;

use kit_store::{Row as _, Transaction, array, lock_key};
use kit_values::Fault;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::budget::{Budget, Ledger, Name, TOKEN};
use crate::domain::words::ChannelId;

/// The limits of these applications and accounts, which nobody else changes until the
/// transaction ends: whoever changes an account's locks its application.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn ledger(
    transaction: &Transaction,
    applications: &BTreeSet<Uuid>,
    accounts: &BTreeSet<Uuid>,
) -> Result<Ledger, Fault> {
    let keys: Vec<i64> =
        applications.iter().map(|id| lock_key(&["delivery", "budget", &id.to_string()])).collect();
    transaction.lock(&keys).await?;
    let holders = array::uuids(applications.union(accounts).copied());
    let rows = transaction.rows(include_str!("sql/load_budgets.sql"), vec![holders]).await?;
    let kept = rows.iter().map(|row| {
        let name =
            Name { holder: row.get("holder_id")?, call: row.get("call")?, name: row.get("name")? };
        let budget = Budget {
            allowed: row.get("allowed")?,
            remaining: row.get("remaining")?,
            counted: row.get("counted")?,
            resets_at: row.get("resets_at")?,
            reason: row.get("reason")?,
        };
        Ok((name, budget))
    });
    Ok(Ledger::new(kept.collect::<Result<Vec<_>, Fault>>()?))
}

/// Keeps what changed.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn save_ledger(transaction: &Transaction, ledger: &Ledger) -> Result<(), Fault> {
    let changed: Vec<(&Name, &Budget)> = ledger.changes().collect();
    if changed.is_empty() {
        return Ok(());
    }
    let names = || changed.iter().map(|(name, _)| *name);
    let budgets = || changed.iter().map(|(_, budget)| *budget);
    let values = vec![
        array::uuids(names().map(|name| name.holder)),
        array::texts(names().map(|name| name.call.clone())),
        array::texts(names().map(|name| name.name.clone())),
        array::texts(budgets().map(|budget| budget.reason.clone())),
        array::integers(budgets().map(|budget| budget.allowed)),
        array::integers(budgets().map(|budget| budget.remaining)),
        array::booleans(budgets().map(|budget| budget.counted)),
        array::times(budgets().map(|budget| budget.resets_at)),
    ];
    transaction.run(include_str!("sql/save_budgets.sql"), values).await?;
    Ok(())
}

/// These accounts were connected again: their tokens may be tried.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn reopen(transaction: &Transaction, channels: &[ChannelId]) -> Result<(), Fault> {
    let values = vec![array::uuids(channels.iter().map(|id| id.uuid())), TOKEN.into()];
    let sql = "DELETE FROM budget WHERE holder_id = ANY ($1::uuid[]) AND name = $2";
    transaction.run(sql, values).await?;
    Ok(())
}

/// Forgets limits that were given anew before `before`.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn prune_budgets(
    transaction: &Transaction,
    before: OffsetDateTime,
) -> Result<u64, Fault> {
    transaction.run("DELETE FROM budget WHERE resets_at < $1", vec![before.into()]).await
}
