//! The relay's side of the outbox, for its own role: what is pending, at which sequence it was
//! published, and the floor under which every reader has it.
//!
//! A row is pending, or recorded at a sequence of one incarnation of the stream. A recorded row
//! at or under the floor is never published again; one above it is, whenever the stream no
//! longer holds it. Deliberately absent: the broker itself (`kit-bus`).

use std::time::Duration;

use kit_values::{EventId, Fault, OrganizationId};
use time::OffsetDateTime;
use uuid::Uuid;

use super::turns;
use crate::transaction::event_ids;
use crate::{Row as _, Scope, Store, Transaction, array, lock_key};

/// An event to publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// Its id, the `Nats-Msg-Id`.
    pub event: EventId,
    /// Whose it is.
    pub organization: Option<OrganizationId>,
    /// The subject.
    pub subject: String,
    /// Its network, `-` for none.
    pub network: String,
    /// Its lane.
    pub lane: i16,
    /// The encoded event.
    pub payload: Vec<u8>,
    /// When it happened.
    pub occurred_at: OffsetDateTime,
    /// W3C `traceparent`.
    pub trace: Option<String>,
    /// When its row was written, by the database's clock.
    pub created_at: OffsetDateTime,
}

/// Where the outbox stands with its stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The incarnation of the stream that sequences refer to.
    pub incarnation: Uuid,
    /// The highest sequence that every declared reader has confirmed.
    pub floor: i64,
    /// The highest recorded sequence and the event published there.
    pub last: Option<(i64, EventId)>,
}

/// How much waits to be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    /// Pending rows, counted up to 10,000.
    pub pending: i64,
    /// Age of the oldest.
    pub oldest: Option<Duration>,
}

/// Waits until a commit of this process appended something, or `longest` passed: rows of a
/// process that died before publishing are found only by looking.
pub async fn woken(store: &Store, longest: Duration) {
    // A timeout is the other normal outcome.
    let _ = tokio::time::timeout(longest, store.bell().rung()).await;
}

/// Claims pending rows for this transaction, oldest first in each (network, lane) and at most
/// `per_lane` of each, ordered by turns. Rows that another relay holds are passed over. What is
/// not [`published`] in this transaction stays pending.
pub async fn claim(transaction: &Transaction, per_lane: i64) -> Result<Vec<Pending>, Fault> {
    let claimed = transaction
        .rows(include_str!("../sql/outbox_claim.sql"), vec![per_lane.into()])
        .await?
        .iter()
        .map(|row| {
            Ok(Pending {
                event: EventId::from_uuid(row.get("event_id")?),
                organization: row
                    .get::<Option<Uuid>>("organization_id")?
                    .map(OrganizationId::from_uuid),
                subject: row.get("subject")?,
                network: row.get("network")?,
                lane: row.get("lane")?,
                payload: row.get("payload")?,
                occurred_at: row.get("occurred_at")?,
                trace: row.get("trace")?,
                created_at: row.get("created_at")?,
            })
        })
        .collect::<Result<Vec<_>, Fault>>()?;
    Ok(turns::by_turns(claimed, |pending| (pending.network.clone(), pending.lane)))
}

/// Records at which sequence of `incarnation` the stream acknowledged each event, and makes
/// them no longer pending.
pub async fn published(
    transaction: &Transaction,
    incarnation: Uuid,
    acknowledged: &[(EventId, i64)],
) -> Result<(), Fault> {
    if acknowledged.is_empty() {
        return Ok(());
    }
    transaction
        .run(
            include_str!("../sql/outbox_published.sql"),
            vec![
                incarnation.into(),
                event_ids(acknowledged.iter().map(|(event, _)| *event)),
                array::bigints(acknowledged.iter().map(|(_, sequence)| *sequence)),
            ],
        )
        .await?;
    Ok(())
}

/// Where the outbox stands; `None` before the first incarnation ([`open`]).
pub async fn position(transaction: &Transaction) -> Result<Option<Position>, Fault> {
    transaction
        .rows(include_str!("../sql/outbox_position.sql"), Vec::new())
        .await?
        .first()
        .map(|row| {
            let sequence: Option<i64> = row.get("sequence")?;
            let event: Option<Uuid> = row.get("event_id")?;
            Ok(Position {
                incarnation: row.get("incarnation")?,
                floor: row.get("confirmed")?,
                last: sequence.zip(event.map(EventId::from_uuid)),
            })
        })
        .transpose()
}

/// Makes `incarnation` the current one, with nothing confirmed, and everything recorded above
/// the former one's floor pending again; gives how many rows that were. Opening the current one
/// changes nothing.
pub async fn open(transaction: &Transaction, incarnation: Uuid) -> Result<u64, Fault> {
    transaction.lock(&[lock_key(&["outbox-incarnation"])]).await?;
    let again =
        transaction.run(include_str!("../sql/outbox_leave.sql"), vec![incarnation.into()]).await?;
    transaction.run(include_str!("../sql/outbox_retire.sql"), vec![incarnation.into()]).await?;
    transaction.run(include_str!("../sql/outbox_open.sql"), vec![incarnation.into()]).await?;
    Ok(again)
}

/// Raises the floor of `incarnation` to `sequence`; it never falls. Gives whether it rose.
pub async fn confirm(
    transaction: &Transaction,
    incarnation: Uuid,
    sequence: i64,
) -> Result<bool, Fault> {
    let risen = transaction
        .run(include_str!("../sql/outbox_confirm.sql"), vec![incarnation.into(), sequence.into()])
        .await?;
    Ok(risen > 0)
}

/// The lowest recorded sequences above both the floor and `after`, with their events, at most
/// `limit`: what a relay compares with the stream.
pub async fn recorded(
    transaction: &Transaction,
    after: i64,
    limit: i64,
) -> Result<Vec<(i64, EventId)>, Fault> {
    transaction
        .rows(include_str!("../sql/outbox_recorded.sql"), vec![after.into(), limit.into()])
        .await?
        .iter()
        .map(|row| Ok((row.get("sequence")?, EventId::from_uuid(row.get("event_id")?))))
        .collect()
}

/// Makes everything recorded above the floor pending again.
pub async fn repend_all(transaction: &Transaction) -> Result<u64, Fault> {
    repend_outside(transaction, i64::MAX, i64::MAX).await
}

/// Makes pending again what is recorded above the floor and that a stream holding the sequences
/// `first..=last` no longer has: aged out, purged or shortened.
pub async fn repend_outside(
    transaction: &Transaction,
    first: i64,
    last: i64,
) -> Result<u64, Fault> {
    transaction
        .run(include_str!("../sql/outbox_repend_outside.sql"), vec![first.into(), last.into()])
        .await
}

/// Makes these recorded sequences of the current incarnation pending again, where they are above
/// the floor.
pub async fn repend(transaction: &Transaction, sequences: &[i64]) -> Result<u64, Fault> {
    transaction
        .run(
            include_str!("../sql/outbox_repend.sql"),
            vec![array::bigints(sequences.iter().copied())],
        )
        .await
}

/// Deletes at most `limit` rows at or under the floor that are older than `age`; gives how many,
/// so that the caller goes on until it gets none. The highest recorded one stays: the next
/// connection compares it with the stream.
pub async fn prune(store: &Store, age: Duration, limit: i64) -> Result<u64, Fault> {
    store
        .transaction(&Scope::Unscoped, async |transaction| {
            transaction.run(include_str!("../sql/outbox_forget.sql"), Vec::new()).await?;
            transaction
                .run(
                    include_str!("../sql/outbox_prune.sql"),
                    vec![age.as_secs_f64().into(), limit.into()],
                )
                .await
        })
        .await
}

/// How much waits to be published: the scale signal of a producer.
pub async fn backlog(transaction: &Transaction) -> Result<Backlog, Fault> {
    let rows = transaction.rows(include_str!("../sql/outbox_backlog.sql"), Vec::new()).await?;
    let Some(row) = rows.first() else {
        return Ok(Backlog { pending: 0, oldest: None });
    };
    let oldest: Option<f64> = row.get("oldest")?;
    Ok(Backlog {
        pending: row.get("pending")?,
        oldest: oldest.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()),
    })
}
