//! Values that every layer may use: typed ids, the clock, faults by class, secrets.
//!
//! Deliberately absent: anything asynchronous, any protocol or database type, and any word of
//! the domain beyond the tenant ([`OrganizationId`]), which the kit itself must know to isolate.

mod clock;
mod fault;
mod id;
mod secret;

pub use clock::{now, truncated};
pub use fault::{Class, Fault};
pub use id::{Id, IdError, Kind, mint_uuid};
pub use secret::Secret;

typed_id! {
    /// The tenant: owns every row below it and never sees another's data.
    pub OrganizationId(OrganizationKind) = "org"
}
typed_id! {
    /// One event on the bus; also its `Nats-Msg-Id` and its reader's inbox key.
    pub EventId(EventKind) = "evt"
}
