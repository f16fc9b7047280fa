//! gRPC between services: every call has a deadline, a signed caller and a trace, and a fault
//! arrives as it left.
//!
//! Deliberately absent: retries, which only a caller who knows the call can judge.

mod client;
mod server;
mod status;

pub use client::{Channel, Client, Sign, request};
pub use server::{admitted, caller, serve};
pub use status::{fault, status};

/// The deadline of a call that states none.
pub const DEADLINE: std::time::Duration = std::time::Duration::from_secs(10);

/// Metadata that carries the caller's token, as `Bearer …`.
const AUTHORIZATION: &str = "authorization";

/// Metadata that carries the W3C trace context.
const TRACEPARENT: &str = "traceparent";
