//! One file per use case: load → decide → save, in a transaction that it was given.

mod answers;
mod apply_items;
mod audit;
mod auto_resolve;
mod change_state;
mod follow_up;
mod hold_lock;
mod learn;
mod outcomes;
mod project_owners;
mod read;
mod rejected;
mod reply;
mod table;

pub use answers::{answers_of, answers_to};
pub use apply_items::{Given, apply_items, lock_keys};
pub use audit::{Discrepancy, audit};
pub use auto_resolve::{AUTO_RESOLVE, auto_resolve};
pub use change_state::change_state;
pub use follow_up::Trail;
pub use hold_lock::{acquire_lock, release_lock};
pub use learn::{learn, learn_all};
pub use outcomes::outcomes;
pub use project_owners::{lock_key as owner_lock_key, project_owners};
pub use read::{
    conversations, counts, fold_counts, history, list_conversations, list_messages, messages,
    outbound,
};
pub use reply::{Answered, Outgoing, accept_reply, known_answer, retry_reply, settle_reply};
pub use table::Deciding;
