//! Facebook Pages: Messenger events and feed changes by webhook, and calls of the Graph API.

pub(crate) mod actions;
mod error;
mod feed;
pub(crate) mod inbound;
pub(crate) mod manifest;
mod mention;
mod messaging;
pub(crate) mod outbound;
pub(crate) mod people;
pub(crate) mod signature;
