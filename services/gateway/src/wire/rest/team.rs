//! Who works, who owns what and why, and what a member is told.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Owner, Role};

/// Whether somebody may be handed work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AvailabilityChoice {
    /// Yes.
    Available,
    /// No.
    Away,
}

/// A member's own availability.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OwnAvailability {
    /// What they chose.
    pub availability: AvailabilityChoice,
    /// The named reason (`away_…`); `null` for plain Away.
    pub away_state_id: Option<String>,
    /// Since when.
    #[schema(format = DateTime)]
    pub since: Option<String>,
    /// Grows with every change; a reader keeps the greatest.
    pub epoch: i64,
    /// New conversations owned.
    pub load: i32,
    /// How many they are handed.
    pub capacity: i32,
    /// How many they may own at most.
    pub hard_limit: i32,
    /// What the next sign-in starts with, once they said so.
    pub default_availability: Option<AvailabilityChoice>,
    /// They have not chosen yet: the first sign-in asks.
    pub never_chosen: bool,
}

/// What a member chooses.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AvailabilityWanted {
    /// Available or away.
    pub availability: AvailabilityChoice,
    /// The named reason for being away (`away_…`); `null` for none.
    pub away_state_id: Option<String>,
    /// Keep the new conversations owned instead of handing them back at once.
    pub keep_conversations: bool,
}

/// What a member's sign-ins shall start with.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DefaultWanted {
    /// Available or away.
    pub availability: AvailabilityChoice,
}

/// A member's availability after they chose.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChosenAvailability {
    /// As it is now.
    #[serde(flatten)]
    pub availability: OwnAvailability,
    /// How many conversations went back to the queue.
    pub handed_back: i32,
}

/// A named reason for being away.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AwayState {
    /// `away_…`
    pub id: String,
    /// As the organization named it.
    pub name: String,
    /// Its place in the list.
    pub position: i32,
}

/// The organization's reasons for being away.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AwayStates {
    /// Those that may be chosen, in their order.
    pub away_states: Vec<AwayState>,
}

/// A reason for being away, as supervisors see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ManagedAwayState {
    /// `away_…`
    pub id: String,
    /// As the organization named it.
    pub name: String,
    /// It may be chosen.
    pub enabled: bool,
    /// To be sent back with a change.
    pub rev: i64,
}

/// The organization's reasons for being away, complete.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ManagedAwayStates {
    /// In their order.
    pub away_states: Vec<ManagedAwayState>,
    /// To be sent back with another order.
    pub rev: i64,
}

/// One more reason for being away.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AwayStateWanted {
    /// 1 to 60 characters; not one that there is, also of those that may not be chosen.
    pub name: String,
}

/// What becomes of a reason for being away; what is left out stays.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AwayStateChange {
    /// 1 to 60 characters.
    #[serde(default)]
    pub name: Option<String>,
    /// It may be chosen. Whoever is in it stays in it.
    #[serde(default)]
    pub enabled: Option<bool>,
    /// As it was seen; 409 `stale` when it is another by now.
    pub rev: i64,
}

/// Another order.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AwayStateOrder {
    /// All of them, once each.
    pub away_state_ids: Vec<String>,
    /// The list's, as it was seen.
    pub rev: i64,
}

/// What a member's connections say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// There.
    Present,
    /// Not there.
    Absent,
    /// Nobody knows at the moment.
    Unknown,
}

/// A colleague.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TeamMember {
    /// `mem_…`
    pub member_id: String,
    /// What others see.
    pub name: String,
    /// What they may do.
    pub roles: Vec<Role>,
    /// What they chose.
    pub availability: AvailabilityChoice,
    /// The named reason (`away_…`).
    pub away_state_id: Option<String>,
    /// Since when.
    #[schema(format = DateTime)]
    pub since: Option<String>,
    /// What their connections say.
    pub presence: Presence,
    /// New conversations owned.
    pub load: i32,
    /// How many they are handed.
    pub capacity: i32,
    /// How many they may own at most.
    pub hard_limit: i32,
    /// Their capacity where it is not the team's.
    pub own_capacity: Option<i32>,
}

/// Everybody who may be assigned to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Team {
    /// In no order.
    pub members: Vec<TeamMember>,
    /// How much those may own who have no capacity of their own.
    pub capacity: TeamCapacity,
}

/// How much the members of a team may own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TeamCapacity {
    /// New conversations owned at which nothing more is handed, 0 to 1000.
    pub capacity: i32,
    /// New conversations owned at which nothing more may become theirs, not less than the
    /// capacity; `null`: twice the capacity of each.
    pub hard_limit: Option<i32>,
}

/// How much one member may own.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CapacityWanted {
    /// New conversations owned at which nothing more is handed, 0 to 1000; `null`: the team's.
    pub capacity: Option<i32>,
}

/// Whom a conversation is assigned to.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssigneeWanted {
    /// `mem_…`
    pub member_id: String,
}

/// Who owns a conversation now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Ownership {
    /// `null`: nobody.
    pub owner: Option<Owner>,
    /// Grows with every change; a reader keeps the greatest.
    pub owner_epoch: i64,
}

/// One candidate of a decision and what became of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Candidate {
    /// `mem_…`
    pub member_id: String,
    /// What others see.
    pub name: String,
    /// What removed them, for programs; `null` for one that could be chosen.
    pub removed_by: Option<String>,
    /// New conversations owned at that moment.
    pub load: i32,
    /// How many they were handed at most.
    pub capacity: i32,
    /// When they were last handed something.
    #[schema(format = DateTime)]
    pub last_assigned_at: Option<String>,
}

/// Why a conversation was, or was not yet, handed to somebody.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Explanation {
    /// `dec_…`; empty for one that is made now, about a conversation that waits.
    pub decision_id: String,
    /// When.
    #[schema(format = DateTime)]
    pub at: Option<String>,
    /// What became of it, for programs.
    pub outcome: String,
    /// Why, for programs.
    pub reason: Option<String>,
    /// Who owns it since (`mem_…`).
    pub member_id: Option<String>,
    /// What others see of them.
    pub name: Option<String>,
    /// Who decided by hand (`mem_…`); `null` for the planner.
    pub by_member_id: Option<String>,
    /// What others see of them.
    pub by_name: Option<String>,
    /// Since when the contact waited.
    #[schema(format = DateTime)]
    pub waiting_since: Option<String>,
    /// Its place in the queue, from 1, while it waits.
    pub position: Option<i32>,
    /// Which rules were applied.
    pub policy_version: i64,
    /// Who could have been chosen, and who not.
    pub candidates: Vec<Candidate>,
}

/// Why a conversation is where it is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Explanations {
    /// At most 20, the newest decision first.
    pub explanations: Vec<Explanation>,
}
