//! Conversations: who wrote to an organization, what, and whether somebody is waiting.
//!
//! Contacts by identity, messages in network order, the state machine of `product.md` 3, dense
//! history whose fold is the state (I6), replies accepted before they are sent, the reply lock,
//! lists by keyset with filters, counts, reminders, drafts, search, notes, what is done to
//! messages at their networks, what is known of contacts, gRPC, and facts on stream CONVERSATION.
//! Whoever asks sees and does what their access to the channels allows (`domain::access`).
//!
//! Deliberately absent: who owns what and which work waits (routing; the owner here is a
//! projection), sending and the matching of echoes (delivery), and rights other than access.

mod app;
mod config;
pub mod consume;
mod directory;
pub mod domain;
mod links;
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
