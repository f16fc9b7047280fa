//! Looking after the tables.

use std::time::Duration;

use kit_store::Transaction;
use kit_store::timer::Timer;
use kit_values::Fault;
use networks::Network;

use crate::domain::words::MessageId;
use crate::store;

/// The kind of the timer that forgets a text.
pub const FORGET_TIMER: &str = "forget-text";

/// How long a text is kept to recognise a late echo by: as long as the bus keeps one.
pub const RECOGNISED: Duration = Duration::from_hours(24);

/// How long a limit is kept after it was given anew.
const BUDGETS: Duration = Duration::from_hours(24);

/// For how long the oldest attempt of each network has waited for a worker.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn ages(transaction: &Transaction) -> Result<Vec<(Network, Duration)>, Fault> {
    store::ages(transaction).await
}

/// Forgets limits of long ago.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn forget_budgets(transaction: &Transaction) -> Result<(), Fault> {
    let now = store::now(transaction).await?;
    store::prune_budgets(transaction, now - BUDGETS).await?;
    Ok(())
}

/// Forgets texts of messages whose end is not known.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn forget_texts(transaction: &Transaction, due: Vec<Timer>) -> Result<(), Fault> {
    let messages: Vec<_> = due
        .into_iter()
        .filter(|timer| timer.kind == FORGET_TIMER)
        .map(|timer| (timer.organization, MessageId::from_uuid(timer.aggregate)))
        .collect();
    let now = store::now(transaction).await?;
    store::forget_texts(transaction, &messages, now - RECOGNISED).await?;
    Ok(())
}
