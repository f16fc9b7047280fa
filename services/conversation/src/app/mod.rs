//! One file per use case: load → decide → save, in a transaction that it was given.

mod access;
mod act_on_message;
mod activity;
mod answers;
mod apply_items;
mod audit;
mod auto_resolve;
mod bulk;
mod change_state;
mod contact;
mod deeds;
mod drafts;
mod follow_up;
mod hold_lock;
mod learn;
mod notes;
mod outcomes;
mod project_owners;
mod read;
mod rejected;
mod remind;
mod reply;
mod search;
mod table;
mod whose;

pub use access::Asking;
pub use act_on_message::act_on_message;
pub use activity::activity;
pub use answers::{answers_of, answers_to};
pub use apply_items::{Given, apply_items, lock_keys};
pub use audit::{Discrepancy, audit};
pub use auto_resolve::{AUTO_RESOLVE, auto_resolve};
pub use bulk::change_states;
pub use change_state::change_state;
pub use contact::{contact, set_attribute, set_known};
pub use deeds::with_deeds;
pub use drafts::{drafts, drop_draft, put_draft};
pub use follow_up::Trail;
pub use hold_lock::{acquire_lock, release_lock};
pub use learn::{learn, learn_all, learn_definitions};
pub use notes::{
    NOTE_PURGE, change_note, list_notes, note_versions, notes, purge_notes, write_note,
};
pub use outcomes::outcomes;
pub use project_owners::{lock_key as owner_lock_key, project_owners};
pub use read::{
    conversations, counts, fold_counts, history, index, list_conversations, list_messages,
    messages, outbound, standings,
};
pub use remind::{REMINDER, fire_reminders, remind};
pub use reply::{Answered, Outgoing, accept_reply, known_answer, retry_reply, settle_reply};
pub use search::search;
pub use table::Deciding;
