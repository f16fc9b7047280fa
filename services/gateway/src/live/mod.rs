//! The live feed: streams in, sockets out.
//!
//! [`follow`] reads the streams into the [`hub`], whose feeds decide who is told what; the
//! [`pump`] looks it up and hands it to the [`socket`]s; the [`drain`] ends them when the process
//! stops. Deliberately absent: any wait for a slow
//! browser, which is cut and comes back with its cursor.

pub mod drain;
pub mod follow;
pub mod hub;
pub mod outbox;
pub mod pump;
pub mod socket;
