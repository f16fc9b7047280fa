//! What could not be read or applied: kept with its reason, and replayable.
//!
//! Outside row-level security: an event whose organization cannot be trusted has none. Only
//! operators' calls list it.

use kit_values::{EventId, Fault, OrganizationId};
use sea_orm::QueryResult;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::transaction::event_ids;
use crate::{Row as _, Transaction, array};

/// Something to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parking {
    /// Its id; also the order of listing, newest last.
    pub id: Uuid,
    /// Who parks it: a durable reader's name, or the entrance (`hooks/x`).
    pub source: String,
    /// The event, when it has an id: the same event is parked once by each source.
    pub event: Option<EventId>,
    /// Whose it is, when that can be trusted.
    pub organization: Option<OrganizationId>,
    /// The subject that it came under, or the path.
    pub subject: String,
    /// Stable `snake_case` code: `undecodable`, `organization_mismatch`, `failed`, …
    pub reason: String,
    /// A sentence for the operator, without any customer's words.
    pub detail: String,
    /// The bytes as they came.
    pub payload: Vec<u8>,
    /// W3C `traceparent`.
    pub trace: Option<String>,
    /// Whether replaying can make sense.
    pub replayable: bool,
    /// For what this release does not know: the reader's version, so that a newer one replays it
    /// by itself ([`unknown_before`]).
    pub unknown_to: Option<i32>,
}

/// Something kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parked {
    /// What was parked.
    pub what: Parking,
    /// When, by the database's clock.
    pub parked_at: OffsetDateTime,
    /// When it was replayed, if it was.
    pub replayed_at: Option<OffsetDateTime>,
}

/// Which ones to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only those of this source.
    pub source: Option<String>,
    /// Only those of this organization.
    pub organization: Option<OrganizationId>,
    /// Those replayed as well.
    pub replayed: bool,
    /// Only those with a greater id: the last one of the previous page.
    pub after: Option<Uuid>,
    /// At most so many; 100 when zero.
    pub limit: i64,
}

/// Parks; the same event of the same source again changes nothing.
pub async fn park(transaction: &Transaction, items: Vec<Parking>) -> Result<(), Fault> {
    if items.is_empty() {
        return Ok(());
    }
    let column = |text: fn(&Parking) -> String| array::texts(items.iter().map(text));
    let values = vec![
        array::uuids(items.iter().map(|item| item.id)),
        column(|item| item.source.clone()),
        array::nullable_uuids(items.iter().map(|item| item.event.map(EventId::uuid))),
        array::nullable_uuids(items.iter().map(|item| item.organization.map(OrganizationId::uuid))),
        column(|item| item.subject.clone()),
        column(|item| item.reason.clone()),
        column(|item| item.detail.clone()),
        array::bytes(items.iter().map(|item| item.payload.clone())),
        array::nullable_texts(items.iter().map(|item| item.trace.clone())),
        array::booleans(items.iter().map(|item| item.replayable)),
        array::nullable_integers(items.iter().map(|item| item.unknown_to)),
    ];
    transaction.run(include_str!("sql/parked_park.sql"), values).await?;
    Ok(())
}

/// Lists, oldest first.
pub async fn list(transaction: &Transaction, filter: &Filter) -> Result<Vec<Parked>, Fault> {
    let limit = if filter.limit == 0 { 100 } else { filter.limit };
    transaction
        .rows(
            include_str!("sql/parked_list.sql"),
            vec![
                filter.source.clone().into(),
                filter.organization.map(OrganizationId::uuid).into(),
                filter.replayed.into(),
                filter.after.into(),
                limit.into(),
            ],
        )
        .await?
        .iter()
        .map(read)
        .collect()
}

/// One of them.
pub async fn show(transaction: &Transaction, id: Uuid) -> Result<Option<Parked>, Fault> {
    transaction
        .rows(include_str!("sql/parked_show.sql"), vec![id.into()])
        .await?
        .first()
        .map(read)
        .transpose()
}

/// Marks as replayed, in the transaction that applied them; gives how many were not before.
pub async fn mark_replayed(transaction: &Transaction, ids: &[Uuid]) -> Result<u64, Fault> {
    transaction
        .run(include_str!("sql/parked_replayed.sql"), vec![array::uuids(ids.iter().copied())])
        .await
}

/// Marks as replayed what `source` had parked of `events`, which have been applied since.
pub async fn mark_applied(
    transaction: &Transaction,
    source: &str,
    events: &[EventId],
) -> Result<u64, Fault> {
    transaction
        .run(
            include_str!("sql/parked_applied.sql"),
            vec![source.into(), event_ids(events.iter().copied())],
        )
        .await
}

/// What `source` parked as unknown to a version before `version`, oldest first, behind `after`:
/// a reader that starts at `version` replays these by itself.
pub async fn unknown_before(
    transaction: &Transaction,
    source: &str,
    version: i32,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Parked>, Fault> {
    transaction
        .rows(
            include_str!("sql/parked_unknown.sql"),
            vec![source.into(), version.into(), after.into(), limit.into()],
        )
        .await?
        .iter()
        .map(read)
        .collect()
}

fn read(row: &QueryResult) -> Result<Parked, Fault> {
    Ok(Parked {
        what: Parking {
            id: row.get("id")?,
            source: row.get("source")?,
            event: row.get::<Option<Uuid>>("event_id")?.map(EventId::from_uuid),
            organization: row
                .get::<Option<Uuid>>("organization_id")?
                .map(OrganizationId::from_uuid),
            subject: row.get("subject")?,
            reason: row.get("reason")?,
            detail: row.get("detail")?,
            payload: row.get("payload")?,
            trace: row.get("trace")?,
            replayable: row.get("replayable")?,
            unknown_to: row.get("unknown_to")?,
        },
        parked_at: row.get("parked_at")?,
        replayed_at: row.get("replayed_at")?,
    })
}
