//! Conversations: who wrote to an organization, what, and whether somebody is waiting.
//!
//! Contacts by identity, messages in network order, the state machine of `product.md` 3 as far as
//! what comes in and the auto-resolve timer move it, dense history whose fold is the state (I6),
//! lists by keyset, counts, gRPC, and facts on stream CONVERSATION.
//!
//! Deliberately absent: owners and waiting work (routing), sending and the matching of echoes
//! (delivery), replies, notes, locks, reminders and search.

mod app;
mod config;
pub mod consume;
pub mod domain;
mod metrics;
mod rpc;
mod sabotage;
mod service;
mod store;
mod sweep;
pub mod topology;
mod wire;

pub use app::{Discrepancy, audit};
pub use config::Config;
pub use service::{migrations, start};
