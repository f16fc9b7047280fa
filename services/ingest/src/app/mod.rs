//! One file a use case: load, decide, save.

mod answered;
mod commit;
mod draft;
mod effects;
mod get_request;
mod learn;
mod named;
mod parked;
mod proceed;
mod redecide;

pub use answered::answered;
pub use commit::{Arrived, commit, park_whole};
pub use get_request::get_request;
pub use learn::{learn, load, seal};
pub use parked::{list, replay, replay_outdated, show};
pub use proceed::{AUTHOR_TIMER, proceed};
pub use redecide::replay_routed;
