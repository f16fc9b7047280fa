//! Short links of our own: made while a reply is accepted, followed by anybody, counted without
//! a trace of who followed.
//!
//! Deliberately absent: other providers, the switch (the composer's), statistics for people, and
//! any attempt to fetch what a link leads to.

mod app;
mod cache;
mod clicks;
mod config;
mod domain;
mod redirect;
mod rpc;
mod service;
mod store;
mod wire;

pub use config::Config;
pub use service::{migrations, start};
