//! PostgreSQL: what a batch loads and saves, in a handful of statements whatever its size, and
//! the lists.
//!
//! Deliberately absent: the events' encoding and the bus. Every statement leads with the
//! organization, although row-level security would hide any other's rows anyway.

mod access;
mod actions;
mod answers;
mod audit;
mod contacts;
mod counts;
mod detail;
mod directory;
mod drafts;
mod facts;
mod lists;
mod load;
mod locks;
mod messages;
mod notes;
mod outcomes;
mod quiet;
mod records;
mod replies;
mod save;
mod search;
mod seats;

pub use access::{channel_level, channels_of_conversations, sight};
pub use actions::requests_about;
pub use answers::{Windows, accounts, answered_privately, windows};
pub use audit::{recount, stored_identities, stored_messages};
pub use contacts::{
    attributes_of, author_of, contact_of, conversations_of_contact, definitions, learn_definitions,
    level_at_contact, overview_of_contact, write_attribute,
};
pub use counts::{counts, fold_counts};
pub use directory::{learn_accounts, learn_members};
pub use drafts::{draft, drafts, drop_draft, goes_on, put_draft};
pub use lists::{conversation_rows, index, list, standings};
pub use load::{Stored, find_identities, held_messages, load_identities, load_messages};
pub use locks::{Seat, clear_lock, lock_seat, project_owners, renew_lock, write_lock};
pub use messages::{
    history, history_page, list_messages, message_rows, newest_inbound, newest_private,
};
pub use notes::{note_versions, notes_by_id, notes_of, purge_notes, write_note};
pub use outcomes::outcomes;
pub use quiet::quiet;
pub use replies::{
    Found, find_messages, keep_outcome, kept_outcome, last_inbound, outbound, undelivered,
    unseen_without_echo,
};
pub use save::{Receipted, save};
pub use search::{Hit, search_contacts, search_messages};
pub use seats::{Place, clear_locks, places};
