//! What every process of Guichet shares around its services: lifecycle, named tasks, health,
//! configuration, identities, gRPC and HTTP edges, the guarded way out, telemetry.
//!
//! Deliberately absent: the database (`kit-store`), the bus (`kit-bus`), and any word of the
//! domain.

pub mod class;
pub mod config;
pub mod egress;
mod health;
pub mod http;
pub mod identity;
mod listener;
pub mod operations;
pub mod rpc;
mod runtime;
pub mod servers;
mod tasks;
pub mod telemetry;

pub use config::{Listener, Peer, RedisSettings};
pub use health::{Health, HealthFlag};
pub use identity::{Caller, Identity};
pub use runtime::{Ending, Runtime, Signals, cryptography};
pub use tasks::Tasks;
