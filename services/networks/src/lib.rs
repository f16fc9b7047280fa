//! What the social networks send and take, as plain values: signatures and handshakes of
//! callbacks, the items inside their bodies, the requests that answer them and what comes back,
//! and what each account may do. One folder a network, one conformance suite over all.
//!
//! Everything here is a pure function of its arguments. Deliberately absent: anything
//! asynchronous, storage, clocks, routing to channels, and an HTTP client.
//! The playground never uses this crate, so that one misreading cannot agree with itself.

mod facebook;
mod handshake;
mod item;
mod json;
pub mod manifest;
mod network;
pub mod outbound;
mod signature;
mod x;

pub use handshake::{Answer, Credentials, handshake};
pub use item::{
    Attachment, Deletion, Edit, Fact, Item, Key, Message, MessageKind, OwnMessage, Permalink,
    Person, Reaction, Reading, Report, Watermark, limits,
};
pub use network::{Network, UnknownNetwork};
pub use signature::{Refusal, sign, signature_header, verifiable, verify};

/// The version of the reading: raised by the release that reads what its predecessors could not,
/// so that what they parked is tried again.
pub const VERSION: i32 = 1;

/// The items of one webhook body, in the order of the body.
///
/// Never fails: what cannot be read is an item with [`Reading::Unreadable`], and its siblings
/// are read all the same. A body that cannot be read as a whole is one such item.
#[must_use]
pub fn parse(network: Network, body: &[u8]) -> Vec<Item> {
    match network {
        Network::X => x::inbound::parse(body),
        Network::Facebook => facebook::inbound::parse(body),
    }
}
