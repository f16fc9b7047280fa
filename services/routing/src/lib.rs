//! Who answers: availability, presence, waiting work and ownership.
//!
//! Conversation says how each conversation stands; from that, and from who is available, present
//! and below capacity, a planner hands the oldest one waiting to somebody (`product.md` 4). Who
//! owns what, and why, is kept here and told on stream ROUTING; everybody else has projections.
//!
//! Who may answer on which account is a projection of what directory says; nothing is handed to
//! anybody else, and nobody else takes or gives it away.
//!
//! Deliberately absent: conversations' contents and states (conversation), the reply lock, skills,
//! priorities and further teams.

mod app;
mod config;
pub mod consume;
mod conversation;
mod directory;
pub mod domain;
mod error;
mod metrics;
mod planner;
mod presence;
mod rpc;
mod sabotage;
mod service;
mod store;
mod sweep;
pub mod topology;
mod wire;

pub use config::Config;
pub use service::{migrations, start};
