//! The side table: events that refer to something not yet known wait here, under the key of what
//! they wait for, and are taken by the transaction that makes it known.
//!
//! Under row-level security, like every table with an organization.

use kit_values::{EventId, Fault, OrganizationId};
use time::OffsetDateTime;

use crate::{Row as _, Transaction, array};

/// One event and what it waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Whose it is.
    pub organization: OrganizationId,
    /// What it waits for, in the words of the reader: unique within the organization.
    pub key: String,
    /// The event.
    pub event: EventId,
    /// The event's bytes, or what the reader needs of them.
    pub payload: Vec<u8>,
    /// When it happened.
    pub occurred_at: OffsetDateTime,
    /// W3C `traceparent` of the trace that it belongs to.
    pub trace: Option<String>,
}

/// Keeps events; keeping one again under the same key changes nothing.
pub async fn keep(transaction: &Transaction, events: Vec<Waiting>) -> Result<(), Fault> {
    if events.is_empty() {
        return Ok(());
    }
    let organizations = array::uuids(events.iter().map(|event| event.organization.uuid()));
    let ids = array::uuids(events.iter().map(|event| event.event.uuid()));
    let times = array::times(events.iter().map(|event| event.occurred_at));
    let mut keys = Vec::with_capacity(events.len());
    let mut payloads = Vec::with_capacity(events.len());
    let mut traces = Vec::with_capacity(events.len());
    for event in events {
        keys.push(event.key);
        payloads.push(event.payload);
        traces.push(event.trace);
    }
    transaction
        .run(
            include_str!("sql/waiting_keep.sql"),
            vec![
                organizations,
                array::texts(keys),
                ids,
                array::bytes(payloads),
                times,
                array::nullable_texts(traces),
            ],
        )
        .await?;
    Ok(())
}

/// Takes every event that waits for one of `keys`, oldest first; they are gone when the
/// transaction commits.
pub async fn take(
    transaction: &Transaction,
    keys: &[(OrganizationId, String)],
) -> Result<Vec<Waiting>, Fault> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    transaction
        .rows(
            include_str!("sql/waiting_take.sql"),
            vec![
                array::uuids(keys.iter().map(|(organization, _)| organization.uuid())),
                array::texts(keys.iter().map(|(_, key)| key.clone())),
            ],
        )
        .await?
        .iter()
        .map(|row| {
            Ok(Waiting {
                organization: OrganizationId::from_uuid(row.get("organization_id")?),
                key: row.get("key")?,
                event: EventId::from_uuid(row.get("event_id")?),
                payload: row.get("payload")?,
                occurred_at: row.get("occurred_at")?,
                trace: row.get("trace")?,
            })
        })
        .collect()
}
