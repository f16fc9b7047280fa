//! Organizations, their members and accounts, the applications that carry those, and local
//! sign-in.
//!
//! The only service that opens stored credentials. Facts leave on stream DIRECTORY, never a
//! secret. Deliberately absent: sessions (the gateway's), who may see which conversation, and
//! anything that a customer wrote.

mod app;
mod config;
mod domain;
mod metrics;
mod password;
mod rpc;
mod sealing;
mod service;
mod store;
mod sweep;
mod token;
mod topology;
mod wire;

pub use config::Config;
pub use service::{migrations, start};
