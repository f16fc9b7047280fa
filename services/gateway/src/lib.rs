//! The edge for browsers: sign-in, the REST API with its description, the live feed, and the
//! workspace's files.
//!
//! Keeps nothing but sessions; everything else is asked of the services, on behalf of the
//! signed-in member's organization. Deliberately absent: any decision about a conversation, and
//! trust in what a client says about its address.

mod api;
mod app;
mod config;
mod domain;
mod edge;
mod live;
mod metrics;
mod peers;
mod sabotage;
mod service;
mod state;
mod store;
mod sweep;
mod wire;

pub use api::description;
pub use config::Config;
pub use service::{migrations, start};
