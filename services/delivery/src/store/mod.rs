//! Rows and SQL.

mod accounts;
mod attempts;
mod budgets;
mod echoes;
mod lookups;
mod turns;

use kit_store::{Row as _, Transaction};
use kit_values::Fault;
use time::OffsetDateTime;

pub use accounts::{accounts, learn_applications, learn_channels, wake};
pub use attempts::{
    add, attempts_of, deletions_of, earlier, forget_texts, load, requests, save, siblings,
};
pub use budgets::{ledger, prune_budgets, reopen, save_ledger};
pub use echoes::{Sought, candidates};
pub use lookups::{
    add_lookups, claim_lookups, end_lookup, forget_lookup_turns, forget_lookups, hold_lookups,
    load_lookups, lock_lookup_turn, put_off_lookup, wake_lookups,
};
pub use turns::{ages, claim, expired, heads};

/// The present moment by the database's clock, which every worker shares.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn now(transaction: &Transaction) -> Result<OffsetDateTime, Fault> {
    let rows = transaction.rows("SELECT clock_timestamp() AS now", Vec::new()).await?;
    rows.first().ok_or_else(|| Fault::internal("the database gave no time"))?.get("now")
}

/// A network by its word in a row.
fn network(word: &str) -> Result<networks::Network, Fault> {
    word.parse().map_err(|_| Fault::internal("a stored network cannot be read"))
}
