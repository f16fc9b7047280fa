//! PostgreSQL: what a batch loads and saves, in a handful of statements whatever its size, and
//! the lists.
//!
//! Deliberately absent: the events' encoding and the bus. Every statement leads with the
//! organization, although row-level security would hide any other's rows anyway.

mod audit;
mod counts;
mod detail;
mod lists;
mod load;
mod messages;
mod outcomes;
mod save;

pub use audit::{recount, stored_identities, stored_messages};
pub use counts::{counts, fold_counts};
pub use lists::{conversation_rows, list};
pub use load::{find_identities, load_identities, load_messages};
pub use messages::{history, list_messages, message_rows};
pub use outcomes::outcomes;
pub use save::{Receipted, save};
