//! Delivery: every call of a network that bears a token.
//!
//! A reply that conversation accepted becomes an attempt, which is made at most once: what is
//! about to leave is written down before its first byte, and what was written down without an
//! answer is *unknown*, never sent again by itself. What is done to messages (a like, a repost …)
//! goes the same way, but is made until it is known to be done, and of opposites only the newest.
//! What the accounts themselves wrote (echoes) is matched here and nowhere else. Networks' limits
//! are kept per application and per account. Who wrote what came without its author is read from
//! the networks with what replies leave of those limits, and told to ingest.
//!
//! Deliberately absent: deciding what may be written (conversation, by the manifest), fetching of
//! media, subscriptions, and refreshing of tokens.

mod app;
mod calls;
mod config;
mod consume;
mod conversations;
mod directory;
pub mod domain;
mod http;
mod lookups;
mod metrics;
mod rpc;
mod sabotage;
mod service;
mod store;
mod sweep;
pub mod topology;
mod wire;
mod worker;

pub use config::{Config, Sending};
pub use service::{migrations, start};
