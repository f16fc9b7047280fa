//! Facebook Pages: Messenger events and feed changes by webhook.

mod feed;
pub(crate) mod inbound;
mod mention;
mod messaging;
pub(crate) mod signature;
