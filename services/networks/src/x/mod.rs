//! X: the Activity API's envelopes by webhook, those of the one before it, and calls of the API's second version.

pub(crate) mod actions;
pub(crate) mod counting;
mod direct;
mod error;
pub(crate) mod inbound;
mod legacy;
pub(crate) mod manifest;
pub(crate) mod outbound;
pub(crate) mod people;
mod post;
pub(crate) mod signature;
