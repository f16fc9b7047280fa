//! The events and calls as this service understands them; the only place that knows both the
//! generated types and the domain's.

mod activity;
mod answers;
mod contacts;
mod cursor;
mod deeds;
mod deliveries;
mod directory;
mod items;
mod links;
mod lists;
mod notes;
mod notices;
mod replies;
mod routing;
mod search;

pub use activity::activity;
pub use answers::{counts, history_entry, message, outcome, queue, row};
pub use contacts::{attribute, contact_card, read_attribute, read_known};
pub use cursor::{
    list_cursor, message_cursor, read_list_cursor, read_message_cursor, read_standing_cursor,
    standing_cursor,
};
pub use deeds::{ActionAsked, acted, read_action, read_deletion};
pub use deliveries::read_delivery;
pub use directory::{
    TOLD_BY_DIRECTORY, ToldByDirectory, read_directory, told_account, told_attributes, told_member,
};
pub use items::{Envelope, Unread, read_arrival, read_item};
pub use links::{Shortened, found_links, read_short, shorten};
pub use lists::{
    ReminderAsked, StateResult, StatesAsked, draft, index, read_draft, read_list, read_mode,
    read_no_reminder, read_reminder, read_states, read_written_at, reminded, states_changed,
};
pub use notes::{NoteAsked, note, note_text, note_version, noted, read_note};
pub use notices::{Encoded, Stamp, Told, encode, stands};
pub use replies::{
    Asked, StateAsked, accepted, changed, key, lock, outbound, read_reply, read_state, retried,
    settled,
};
pub use routing::read_owner;

pub use search::{found, read_search};

use kit_values::Fault;
use prost_types::Timestamp;
use time::OffsetDateTime;

/// A moment on the wire.
#[must_use]
pub fn timestamp(moment: OffsetDateTime) -> Timestamp {
    Timestamp {
        seconds: moment.unix_timestamp(),
        nanos: i32::try_from(moment.nanosecond()).unwrap_or(0),
    }
}

/// A moment off the wire, in whole microseconds; none when it is no moment of our calendar.
fn moment(timestamp: &Timestamp) -> Option<OffsetDateTime> {
    let seconds = OffsetDateTime::from_unix_timestamp(timestamp.seconds).ok()?;
    let moment = seconds.checked_add(time::Duration::nanoseconds(i64::from(timestamp.nanos)))?;
    Some(kit_values::truncated(moment))
}

/// An id in a call: not found when it is none of ours, exactly like an unknown one.
///
/// # Errors
/// `NotFound`.
pub fn id<K: kit_values::Kind>(text: &str, what: &str) -> Result<kit_values::Id<K>, Fault> {
    text.parse().map_err(|_| Fault::not_found(what))
}
