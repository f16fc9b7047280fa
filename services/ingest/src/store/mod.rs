//! Rows of this service's schema: batches as SQL files, whatever their size one statement each.

mod entry;
mod items;
mod nameless;
mod registry;
mod requests;
mod unrouted;

pub use entry::Entry;
pub use items::{ItemRow, KeyRow, Named, WaitingItem, admit, events, name, proceed, waiting};
pub use nameless::{
    Author, Later, Nameless, PersonKey, ask_persons, keep_nameless, named_later, nameless,
    record_authors, record_refusals, spare_persons,
};
pub use registry::{Known, Sealed, known, seal, state, upsert_applications, upsert_routes};
pub use requests::{RequestRow, body, insert, lock, outcomes, settle};
pub use unrouted::{Unrouted, keep, routed, take};
