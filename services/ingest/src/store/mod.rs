//! Rows of this service's schema: batches as SQL files, whatever their size one statement each.

mod entry;
mod items;
mod registry;
mod requests;
mod unrouted;

pub use entry::Entry;
pub use items::{ItemRow, KeyRow, Named, WaitingItem, admit, events, name, proceed, waiting};
pub use registry::{Known, Sealed, known, seal, state, upsert_applications, upsert_routes};
pub use requests::{RequestRow, body, insert, lock, outcomes, settle};
pub use unrouted::{Unrouted, keep, routed, take};
