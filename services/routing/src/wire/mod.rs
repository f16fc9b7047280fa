//! Events and calls ↔ the domain's words; nothing else knows both.

pub mod answers;
pub mod channels;
pub mod events;
pub mod people;
pub mod standings;

use kit_values::{Fault, Id, Kind};
use prost_types::Timestamp;
use time::OffsetDateTime;

/// Why an event says nothing to this service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    /// No release could read it; says which field, never what it held.
    Malformed(&'static str),
    /// A fact of a newer release.
    Unknown,
    /// It concerns others.
    Others,
}

/// A moment as it travels.
#[must_use]
pub fn timestamp(moment: OffsetDateTime) -> Timestamp {
    Timestamp {
        seconds: moment.unix_timestamp(),
        nanos: i32::try_from(moment.nanosecond()).unwrap_or(0),
    }
}

/// The moment that travelled, if it is one.
#[must_use]
pub fn moment(timestamp: &Timestamp) -> Option<OffsetDateTime> {
    let nanoseconds = i128::from(timestamp.seconds) * 1_000_000_000 + i128::from(timestamp.nanos);
    OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).ok().map(kit_values::truncated)
}

/// An id of a call; what is none is as unknown as one of another organization.
///
/// # Errors
/// `NotFound`.
pub fn id<K: Kind>(text: &str, what: &str) -> Result<Id<K>, Fault> {
    text.parse().map_err(|_| Fault::not_found(what))
}

fn read_id<K: Kind>(text: &str, field: &'static str) -> Result<Id<K>, Unread> {
    text.parse().map_err(|_| Unread::Malformed(field))
}

fn optional_id<K: Kind>(text: &str, field: &'static str) -> Result<Option<Id<K>>, Unread> {
    if text.is_empty() { Ok(None) } else { read_id(text, field).map(Some) }
}
