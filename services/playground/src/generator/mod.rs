//! Customers by themselves: scripted stories for demonstrations, an open-loop crowd for load.
//!
//! Everything here is a function of a seed and of what the world holds: the same seed over the
//! same moments gives the same run. Deliberately absent: a clock, randomness of the system, and
//! any word about how updates travel.

mod arabic;
mod crowd;
mod english;
mod french;
mod script;
mod stories;

pub use crowd::crowd_action;
pub use stories::{Step, Stories};
