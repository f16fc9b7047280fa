//! Ingest: the only door through which a network's webhooks enter.
//!
//! A webhook is verified over its raw bytes, split into items, and committed, raw request, items
//! and events together, in a micro-batch with whatever else arrived meanwhile; only then is it
//! answered 2xx. Every item has exactly one outcome ([`domain::Outcome`]).
//!
//! Who wrote what came without its author is asked of delivery; the item waits a minute for the
//! answer, and is handed on once more when it comes later.
//!
//! Deliberately absent: conversations and their rules, calls to networks, and the X stream, which
//! comes with outbound work. Items that the account wrote itself are published for conversation.

pub mod app;
mod batcher;
mod config;
mod consume;
mod directory;
pub mod domain;
mod hooks;
mod metrics;
mod registry;
mod room;
mod rpc;
mod sabotage;
mod sealing;
mod service;
pub mod store;
mod sweep;
mod topology;
pub mod wire;

pub use batcher::Batcher;
pub use config::Config;
pub use registry::{Application, Registry, Route, Snapshot};
pub use sealing::{Sealer, Secrets};
pub use service::{migrations, start};
pub use topology::{readers, stream};
