//! Between our values and the messages on the wire; the only place that knows both.

pub mod authors;
pub mod calls;
pub mod directory;
pub mod events;

use prost_types::Timestamp;
use time::OffsetDateTime;

pub(crate) fn timestamp(moment: OffsetDateTime) -> Timestamp {
    Timestamp {
        seconds: moment.unix_timestamp(),
        nanos: i32::try_from(moment.nanosecond()).unwrap_or(0),
    }
}

pub(crate) fn moment(timestamp: &Timestamp) -> Option<OffsetDateTime> {
    let nanos = u32::try_from(timestamp.nanos).ok()?;
    OffsetDateTime::from_unix_timestamp(timestamp.seconds)
        .ok()?
        .replace_nanosecond(nanos)
        .ok()
        .map(kit_values::truncated)
}
