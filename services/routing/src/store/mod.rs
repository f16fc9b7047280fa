//! PostgreSQL: who owns what, who may be handed what, what waits, and why.
//!
//! Rows are locked in one order everywhere, conversations first, then members, each by id; so no
//! two transactions wait for each other in a circle; and whoever holds one is ended by the server
//! after less than a second of standing still. Every statement leads with the organization,
//! although row-level security would hide any other's rows anyway. Deliberately absent: presence,
//! the events' encoding and the bus.

mod access;
mod away_states;
mod candidates;
mod capacity;
mod conversations;
mod explanations;
mod members;
mod outcomes;
mod planning;
mod save;
mod sweep;

pub use access::{
    Whose, access_changed, access_settled, doors, doors_of, learn_channels, owners_without_access,
};
pub use away_states::{add_away_state, away_state, away_states, save_away_states};
pub use capacity::{limit_member, lock_limits, save_team, team};
pub use conversations::{
    Kept, load_conversations, lock_waiting, look_at_conversations, one_conversation, owned_new,
    position,
};
pub use explanations::{explanations, forget_explanations};
pub use members::{
    Moments, Staff, ensure_members, handed_back, learn_people, load_members, lock_free_members,
    members_of, one_member, save_choice,
};
pub use outcomes::{is_taken, keep_outcome, kept_outcome};
pub use planning::{Turn, begin_planning, mark, marked, queues, roster};
pub use save::{Change, save};
pub use sweep::{Burdened, burdened, learn_organizations, organizations, waiting};

use kit_store::Transaction;
use kit_values::Fault;

/// Makes a transaction that will be tried again anyway give up on a locked row after a moment
/// (Conflict), so that what comes after it is not kept waiting.
pub async fn wait_briefly(transaction: &Transaction) -> Result<(), Fault> {
    transaction.run(include_str!("sql/wait_briefly.sql"), Vec::new()).await?;
    Ok(())
}

/// The database holds a code that this release does not know.
fn unknown_code(column: &'static str) -> Fault {
    Fault::internal(format!("the column {column} holds an unknown code"))
}
