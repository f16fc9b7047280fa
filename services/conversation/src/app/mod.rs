//! One file per use case: load → decide → save, in a transaction that it was given.

mod apply_items;
mod audit;
mod auto_resolve;
mod follow_up;
mod outcomes;
mod read;

pub use apply_items::{Given, apply_items, lock_keys};
pub use audit::{Discrepancy, audit};
pub use auto_resolve::{AUTO_RESOLVE, auto_resolve};
pub use outcomes::outcomes;
pub use read::{
    conversations, counts, fold_counts, history, list_conversations, list_messages, messages,
};
