//! Tells people what happens to their conversations: "assigned to you", "customer answered".
//!
//! One notification per conversation, replaced and not stacked, withdrawn when it is read,
//! answered, resolved or handed on anywhere. Facts leave on stream NOTIFICATION, ids only; the
//! gateway carries them to the member's browsers.
//!
//! Deliberately absent: preferences, sound, push and mail, and what a notification says in words
//! (the workspace's).

mod app;
mod config;
mod consume;
mod domain;
mod rpc;
mod service;
mod store;
mod topology;
mod wire;

pub use config::Config;
pub use service::{migrations, start};
