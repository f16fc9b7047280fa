//! One file per use case: load → decide → save, in a transaction that it was given, or in ones of
//! its own where several follow one another.

mod audit;
mod availability;
mod away_states;
mod by_hand;
mod capacity;
mod explain;
mod hand_back;
mod observe;
mod people;
mod planning;
mod recheck;
mod settle;
mod several;
mod team;

pub use audit::{Kept, audit_page};
pub use availability::{Asked, Chose, SignIn, own_availability, set_availability, sign_in};
pub use away_states::{change_away_state, create_away_state, list_away_states, order_away_states};
pub use by_hand::{ByHand, by_hand};
pub use capacity::{set_member_capacity, set_team_capacity};
pub use explain::explain;
pub use hand_back::hand_back;
pub use observe::{Observed, catch_up, lock_key, observe};
pub use people::{Told, learn};
pub use planning::{Planned, ask_for_plan, is_asked_again, plan_once};
pub use recheck::recheck;
pub use several::{Several, may_use_key, one_of_several};
pub use team::team;

use crate::domain::capacity::Allowance;
use crate::domain::policy::Policy;
use crate::presence::Presences;

/// What decisions need beside a transaction.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// Who is there.
    pub presences: Presences,
    /// What the planner goes by.
    pub policy: Policy,
    /// How much the members of an organization may own that has said nothing else.
    pub capacity: Allowance,
}
