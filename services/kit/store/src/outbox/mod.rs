//! Where events leave: a row written in the transaction that decided the event, published later
//! by the relay ([`relay`]), and kept until every declared reader has stored its own.
//!
//! The service's role may only insert here; the relay's role reads and deletes.

pub mod relay;
mod turns;

use kit_values::{EventId, Fault, OrganizationId};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::lock::{FNV_START, fnv1a};
use crate::{Transaction, array};

/// How many lanes share a network.
pub const LANES: i16 = 16;

/// The word for "no network" in subjects and in the outbox.
pub(crate) const NO_NETWORK: &str = "-";

/// An event on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its id; also its `Nats-Msg-Id`.
    pub event: EventId,
    /// Whose it is; none for facts about the installation.
    pub organization: Option<OrganizationId>,
    /// The subject that it is published under.
    pub subject: String,
    /// The network whose turn it takes, if it belongs to one.
    pub network: Option<&'static str>,
    /// Its lane ([`lane`]), 0 to 15.
    pub lane: i16,
    /// The encoded event.
    pub payload: Vec<u8>,
    /// When it happened.
    pub occurred_at: OffsetDateTime,
    /// W3C `traceparent` of the trace that it belongs to.
    pub trace: Option<String>,
}

/// The lane of a channel: its hash modulo 16, the same in every process and release.
#[must_use]
pub fn lane(channel: Uuid) -> i16 {
    let hash = fnv1a(FNV_START, channel.as_bytes());
    // FNV mixes upwards: its high bits depend on every byte, its low ones mostly on the last.
    i16::try_from((hash >> 40) % u64::from(LANES.unsigned_abs())).unwrap_or(0)
}

/// Appends events in one statement; the relay is woken when the transaction commits.
///
/// # Errors
///
/// Conflict when an event with one of these ids has been appended before.
pub async fn append(transaction: &Transaction, messages: Vec<Message>) -> Result<(), Fault> {
    if messages.is_empty() {
        return Ok(());
    }
    let mut columns = Columns::default();
    for message in messages {
        columns.events.push(message.event.uuid());
        columns.organizations.push(message.organization.map(OrganizationId::uuid));
        columns.subjects.push(message.subject);
        columns.networks.push(message.network.unwrap_or(NO_NETWORK).to_owned());
        columns.lanes.push(message.lane);
        columns.payloads.push(message.payload);
        columns.times.push(message.occurred_at);
        columns.traces.push(message.trace);
    }
    transaction
        .run(
            include_str!("../sql/outbox_append.sql"),
            vec![
                array::uuids(columns.events),
                array::nullable_uuids(columns.organizations),
                array::texts(columns.subjects),
                array::texts(columns.networks),
                array::smallints(columns.lanes),
                array::bytes(columns.payloads),
                array::times(columns.times),
                array::nullable_texts(columns.traces),
            ],
        )
        .await?;
    transaction.has_appended();
    Ok(())
}

/// The messages by column, as `unnest` takes them.
#[derive(Default)]
struct Columns {
    events: Vec<Uuid>,
    organizations: Vec<Option<Uuid>>,
    subjects: Vec<String>,
    networks: Vec<String>,
    lanes: Vec<i16>,
    payloads: Vec<Vec<u8>>,
    times: Vec<OffsetDateTime>,
    traces: Vec<Option<String>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_spread_over_all_lanes() {
        let mut counts = [0_u32; 16];
        for number in 0..1_600_u128 {
            let channel = Uuid::from_u128(0x0192_f0c1_a2b3_7c4d_8000_0000_0000_0000 + number);
            let lane = usize::try_from(lane(channel)).expect("not negative");
            counts[lane] += 1;
        }
        assert!(counts.iter().all(|count| (50..=200).contains(count)), "{counts:?}");
    }
}
