//! The side table: events that refer to something not yet known wait here.
//!
//! A service that knows what an event waits for keeps it under that key ([`keep`]), and the
//! transaction that makes it known takes it ([`take`]). A reader whose service answers `NotFound`
//! knows no key: it puts the event aside ([`put_aside`]) and offers it again at growing intervals
//! ([`claim`]) until it is [`settled`].
//!
//! Under row-level security, like every table with an organization; the readers' turns, ids and
//! moments only, are outside, because a reader looks for what is due in every organization.

use std::time::Duration;

use kit_values::{EventId, Fault, OrganizationId};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{Row as _, Scope, Transaction, array};

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

/// One event that a reader put aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutAside {
    /// Whose it is; `None` for an event of the whole installation.
    pub organization: Option<OrganizationId>,
    /// The event.
    pub event: EventId,
    /// The subject that it came under.
    pub subject: String,
    /// The event message.
    pub payload: Vec<u8>,
    /// W3C `traceparent` of the trace that it belongs to.
    pub trace: Option<String>,
}

/// The organization under which an event waits, to be among those that the transaction declares:
/// the event's own, or the nil id for an event of the whole installation, since the table is
/// isolated whoever the event belongs to.
#[must_use]
pub fn holder(organization: Option<OrganizationId>) -> OrganizationId {
    organization.unwrap_or_else(|| OrganizationId::from_uuid(Uuid::nil()))
}

/// Puts an event aside for `reader`, to be offered again after a second. One that waits already
/// keeps its turn and its age. The transaction declares [`holder`].
pub async fn put_aside(
    transaction: &Transaction,
    reader: &str,
    event: &PutAside,
) -> Result<(), Fault> {
    transaction
        .run(
            include_str!("sql/waiting_put_aside.sql"),
            vec![
                reader.into(),
                holder(event.organization).uuid().into(),
                event.event.uuid().into(),
                event.payload.clone().into(),
                event.trace.clone().into(),
                event.subject.clone().into(),
            ],
        )
        .await?;
    Ok(())
}

/// How long until the first of what `reader` put aside is due, by the database's clock; zero when
/// it is, `None` when nothing waits.
pub async fn next_due(transaction: &Transaction, reader: &str) -> Result<Option<Duration>, Fault> {
    transaction
        .rows(include_str!("sql/waiting_next.sql"), vec![reader.into()])
        .await?
        .first()
        .map(|row| Ok(seconds(row.get("due_in")?)))
        .transpose()
}

/// Takes the turn of at most `limit` events that are due, and gives each with how long it has
/// waited. The next turn of each, twice as far away up to a minute, stands when the transaction
/// commits. Leaves the transaction scoped to whose events they are.
pub async fn claim(
    transaction: &Transaction,
    reader: &str,
    limit: i64,
) -> Result<Vec<(PutAside, Duration)>, Fault> {
    let claimed = transaction
        .rows(include_str!("sql/waiting_claim.sql"), vec![reader.into(), limit.into()])
        .await?;
    if claimed.is_empty() {
        return Ok(Vec::new());
    }
    let holders: Vec<Uuid> =
        claimed.iter().map(|row| row.get("organization_id")).collect::<Result<_, _>>()?;
    let events: Vec<Uuid> =
        claimed.iter().map(|row| row.get("event_id")).collect::<Result<_, _>>()?;
    let scope: Scope = holders.iter().copied().map(OrganizationId::from_uuid).collect();
    transaction.rescope(&scope).await?;
    transaction
        .rows(
            include_str!("sql/waiting_offered.sql"),
            vec![reader.into(), array::uuids(holders), array::uuids(events)],
        )
        .await?
        .iter()
        .map(|row| {
            let holder: Uuid = row.get("organization_id")?;
            let event = PutAside {
                organization: (!holder.is_nil()).then(|| OrganizationId::from_uuid(holder)),
                event: EventId::from_uuid(row.get("event_id")?),
                subject: row.get::<Option<String>>("subject")?.unwrap_or_default(),
                payload: row.get("payload")?,
                trace: row.get("trace")?,
            };
            Ok((event, seconds(row.get("waited")?)))
        })
        .collect()
}

/// Forgets what `reader` put aside of `events`, in the transaction that applied, parked or
/// answered them; it declares each one's [`holder`].
pub async fn settled(
    transaction: &Transaction,
    reader: &str,
    events: &[(Option<OrganizationId>, EventId)],
) -> Result<(), Fault> {
    transaction
        .run(
            include_str!("sql/waiting_settled.sql"),
            vec![
                reader.into(),
                array::uuids(events.iter().map(|(organization, _)| holder(*organization).uuid())),
                array::uuids(events.iter().map(|(_, event)| event.uuid())),
            ],
        )
        .await?;
    Ok(())
}

/// A number of seconds from the database; below zero is none.
fn seconds(number: f64) -> Duration {
    Duration::try_from_secs_f64(number.max(0.0)).unwrap_or_default()
}
