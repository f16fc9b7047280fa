//! The decisions: who may be handed what, who owns, who is there.
//!
//! Deliberately absent: anything asynchronous, the wire's types, storage, a clock and ids of
//! our own making; moments and ids come as arguments. Skills, priorities and further teams.

pub mod access;
pub mod agent;
pub mod availability;
pub mod away_states;
pub mod capacity;
pub mod explanation;
pub mod ownership;
pub mod person;
pub mod plan;
pub mod policy;
pub mod presence;
pub mod view;
pub mod words;

#[cfg(test)]
mod examples;
#[cfg(test)]
mod properties;

pub use access::{Access, Doors, Level, ToldChannel};
pub use agent::{Agent, Removal, Requirement};
pub use availability::{Change, Choice, Chosen, Rejection as AvailabilityRejection};
pub use capacity::{Allowance, Limits};
pub use explanation::{Candidate, Candidates, Explanation, Outcome, Reason, Unplaced};
pub use ownership::{
    Assignment, Cause, Command, Decision, OwnerChange, Queued, Queueing, Rejection, Standing,
    decide,
};
pub use person::{Person, Roles};
pub use plan::{Left, Placement, Plan, Queue, Snapshot, Waiting, plan};
pub use policy::Policy;
pub use presence::{Observation, Presence, Source};
