//! PostgreSQL: what a batch loads and saves, in a handful of statements whatever its size, and
//! the lists.
//!
//! Deliberately absent: the events' encoding and the bus. Every statement leads with the
//! organization, although row-level security would hide any other's rows anyway.

mod answers;
mod audit;
mod counts;
mod detail;
mod directory;
mod facts;
mod lists;
mod load;
mod locks;
mod messages;
mod outcomes;
mod replies;
mod save;

pub use answers::{Windows, accounts, answered_privately, windows};
pub use audit::{recount, stored_identities, stored_messages};
pub use counts::{counts, fold_counts};
pub use directory::{learn_accounts, learn_members};
pub use lists::{conversation_rows, list};
pub use load::{find_identities, load_identities, load_messages};
pub use locks::{Seat, clear_lock, lock_seat, project_owners, renew_lock, write_lock};
pub use messages::{history, list_messages, message_rows, newest_inbound, newest_private};
pub use outcomes::outcomes;
pub use replies::{
    find_messages, keep_outcome, kept_outcome, last_inbound, outbound, undelivered,
    unseen_without_echo,
};
pub use save::{Receipted, save};
