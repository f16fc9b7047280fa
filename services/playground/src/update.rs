//! One thing that a network tells one application about one account.

use serde_json::Value;
use time::OffsetDateTime;

use crate::world::Network;

/// An update before it is put into a request. X and TikTok send each alone; Meta puts up to 1,000
/// into one.
#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    /// The happening that it tells of.
    pub number: u64,
    /// Which of that happening's updates, from 0.
    pub index: u32,
    /// The network that tells.
    pub network: Network,
    /// The registration told.
    pub application: String,
    /// The account that it is about.
    pub account: String,
    /// The kind of event: X's event type; `feed.<item>.<verb>`, `mention.post.add` or the name of
    /// the messaging event on Facebook; `comments`, `mentions` or that name on Instagram; TikTok's
    /// event.
    pub event: String,
    /// The network's id of what it is about; empty for receipts.
    pub external_id: String,
    /// The network's id of the author.
    pub author: String,
    /// The words, if any.
    pub text: Option<String>,
    /// The network's moment.
    pub at: OffsetDateTime,
    /// Its place in a request.
    pub content: Content,
}

/// Where an update goes in a request, and what stands there.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// The whole body of a request of X or TikTok.
    Envelope(Value),
    /// One of `entry[].changes[]`.
    Change(Value),
    /// One of `entry[].messaging[]`.
    Messaging(Value),
}

/// What the network's words need besides the world.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings<'a> {
    /// Address under which people open the installation, without a slash at the end.
    pub public_url: &'a str,
}
