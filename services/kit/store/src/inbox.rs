//! Where events enter: each is applied once by each reader, in the transaction that applies it.
//!
//! Rows live longer than the producers' outboxes, so that an event published again is still
//! known. Outside row-level security: a reader's batch must be able to tell what it has seen
//! before it trusts any word of it.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use kit_values::{EventId, Fault};

use crate::transaction::event_ids;
use crate::{Row as _, Scope, Store, Transaction};

/// How long an event stays known; far longer than any stream or outbox keeps it.
pub const KEPT_FOR: Duration = Duration::from_hours(60 * 24);

/// Admits `events` for `reader`: those in the answer are new and must be applied in this
/// transaction, the others have been. A transaction that admits the same event at the same time
/// waits for this one's end.
pub async fn admit(
    transaction: &Transaction,
    reader: &str,
    events: &[EventId],
) -> Result<HashSet<EventId>, Fault> {
    if events.is_empty() {
        return Ok(HashSet::new());
    }
    transaction
        .rows(
            include_str!("sql/inbox_admit.sql"),
            vec![reader.into(), event_ids(events.iter().copied())],
        )
        .await?
        .iter()
        .map(|row| Ok(EventId::from_uuid(row.get("event_id")?)))
        .collect()
}

/// Counts a failed attempt of `reader` at each of `events` and gives each one's attempts so far.
/// To be called in a transaction of its own: the failed one is rolled back.
pub async fn failed(
    transaction: &Transaction,
    reader: &str,
    events: &[EventId],
) -> Result<HashMap<EventId, i32>, Fault> {
    transaction
        .rows(
            include_str!("sql/inbox_failed.sql"),
            vec![reader.into(), event_ids(events.iter().copied())],
        )
        .await?
        .iter()
        .map(|row| Ok((EventId::from_uuid(row.get("event_id")?), row.get("attempts")?)))
        .collect()
}

/// Forgets the failed attempts of `reader` at `events`: they were applied or parked.
pub async fn settled(
    transaction: &Transaction,
    reader: &str,
    events: &[EventId],
) -> Result<(), Fault> {
    transaction
        .run(
            include_str!("sql/inbox_settled.sql"),
            vec![reader.into(), event_ids(events.iter().copied())],
        )
        .await?;
    Ok(())
}

/// Forgets events admitted longer ago than `age` ([`KEPT_FOR`]), at most `limit` of them; gives
/// how many, so that the caller goes on until it gets less than `limit`.
pub async fn prune(store: &Store, age: Duration, limit: i64) -> Result<u64, Fault> {
    store
        .transaction(&Scope::Unscoped, async |transaction| {
            transaction
                .run(
                    include_str!("sql/inbox_prune.sql"),
                    vec![age.as_secs_f64().into(), limit.into()],
                )
                .await
        })
        .await
}
