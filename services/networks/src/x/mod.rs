//! X: the Activity API's envelopes by webhook, and calls of the API's second version.

pub(crate) mod actions;
pub(crate) mod counting;
mod direct;
mod error;
pub(crate) mod inbound;
pub(crate) mod manifest;
pub(crate) mod outbound;
pub(crate) mod people;
mod post;
pub(crate) mod signature;
