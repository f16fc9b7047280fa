//! X: the X Activity API by webhook.

mod direct;
pub(crate) mod inbound;
mod post;
pub(crate) mod signature;
