//! Short links: made while a reply is accepted, by us or by the organization's account at Bitly,
//! followed by anybody, counted without a trace of who followed.
//!
//! A reply waits for Bitly within a budget, and not at all while Bitly is in trouble; then the
//! links are ours, with the reason.
//!
//! Deliberately absent: the switch (the composer's), statistics for people, and any attempt to
//! fetch what a link leads to.

mod app;
pub mod bitly;
mod cache;
mod clicks;
mod config;
mod directory;
mod domain;
mod provider;
mod redirect;
mod rpc;
mod service;
mod shortening;
mod store;
mod wire;

pub use config::{Bitly as BitlySettings, Config};
pub use service::{migrations, start};
