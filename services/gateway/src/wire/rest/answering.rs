//! Answering: what may be sent, what became of it, who holds the lock.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Message, MessageKind, Row, State};

/// A member by id and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Owner {
    /// `mem_…`
    pub member_id: String,
    /// What others see; empty when it cannot be had at the moment.
    pub name: String,
}

/// Who may answer a conversation now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Lock {
    /// `mem_…`
    pub member_id: String,
    /// What others see.
    pub name: String,
    /// Grows with every new holder; a reply with an older one is refused.
    pub fence: i64,
    /// When it ends unless it is renewed; renewals are not told.
    #[schema(format = DateTime)]
    pub expires_at: Option<String>,
}

/// How a text's length is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Counting {
    /// X: code points weigh 1 or 2, an address 23.
    XWeighted,
    /// Unicode scalar values.
    Characters,
    /// Bytes of UTF-8.
    Bytes,
}

/// A kind of message and an account to answer one message with, or why that is not possible.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AnswerOption {
    /// What it would be.
    pub kind: MessageKind,
    /// The account that would answer (`chan_…`).
    pub channel_id: String,
    /// The message that it answers (`msg_…`); `null` in an open private dialogue.
    pub in_reply_to: Option<String>,
    /// Whether everybody can read it.
    pub public: bool,
    /// Whether it is possible now.
    pub available: bool,
    /// What prevents it, for programs.
    pub reason_code: Option<String>,
    /// What prevents it, for people.
    pub reason: Option<String>,
    /// Longest text, in `counting`.
    pub text_limit: i32,
    /// How its length is counted.
    pub counting: Counting,
    /// When the right to answer this way ends.
    #[schema(format = DateTime)]
    pub expires_at: Option<String>,
}

/// How a reply stands at its network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReplyState {
    /// Waits for its turn.
    Queued,
    /// Is on its way.
    Sending,
    /// The network has it.
    Sent,
    /// The network does not have it.
    Failed,
    /// Nobody knows; it is never sent again by itself.
    Unknown,
}

/// What is known of a reply besides its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Reply {
    /// How it stands.
    pub state: ReplyState,
    /// Who wrote it (`mem_…`); `null` for one written in the network's own app.
    pub member_id: Option<String>,
    /// What others see of who wrote it.
    pub name: Option<String>,
    /// The account that answers (`chan_…`).
    pub channel_id: String,
    /// 1 for the first send.
    pub attempt: i32,
    /// Why it failed, for programs.
    pub failure_code: Option<String>,
    /// Why it failed, for people.
    pub failure: Option<String>,
    /// Whether sending it again may succeed.
    pub retryable: bool,
    /// Until when it waits.
    #[schema(format = DateTime)]
    pub waits_until: Option<String>,
    /// What it waits for, for programs.
    pub wait_reason: Option<String>,
}

/// A conversation that was asked for alone.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OpenRow {
    /// As lists show it.
    #[serde(flatten)]
    pub row: Row,
    /// Ways to answer its newest inbound message, best first.
    pub answers: Vec<AnswerOption>,
}

/// A reply to be sent.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplyWanted {
    /// 1 to 128 characters, chosen by the client; the same key gives the first outcome.
    #[schema(min_length = 1, max_length = 128)]
    pub key: String,
    /// What it shall be.
    pub kind: MessageKind,
    /// The account that answers (`chan_…`).
    pub channel_id: String,
    /// The message that it answers (`msg_…`); `null` in an open private dialogue.
    pub in_reply_to: Option<String>,
    /// Plain text.
    pub text: String,
    /// The greatest `sequence` that the author's screen held.
    pub seen_through: i64,
    /// Of the lock that the author holds; 0 when there never was one.
    pub fence: i64,
    /// Whether addresses in the text are shortened.
    pub shorten_links: bool,
    /// Send although something newer arrived.
    pub despite_newer: bool,
    /// Addresses that stay long although links are shortened, by their place in the text, from 0.
    #[serde(default)]
    pub keep_long_ordinals: Vec<i32>,
}

/// A reply that was accepted, to be sent.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AcceptedReply {
    /// Its conversation now.
    pub row: Row,
    /// It.
    pub message: Message,
    /// Addresses that could not be shortened, each with the reason; the long one is sent.
    pub link_notices: Vec<String>,
}

/// A failed reply that shall be sent again.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetryWanted {
    /// 1 to 128 characters, chosen by the client; the same key gives the first outcome.
    #[schema(min_length = 1, max_length = 128)]
    pub key: String,
}

/// How an unknown reply ended, as a person has seen it at the network.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Settlement {
    /// Whether the network has it.
    pub sent: bool,
}

/// A message as it is now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChangedMessage {
    /// It.
    pub message: Message,
}

/// Where a conversation shall be.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StateWanted {
    /// 1 to 128 characters, chosen by the client; the same key gives the first outcome.
    #[schema(min_length = 1, max_length = 128)]
    pub key: String,
    /// Where.
    pub to: State,
    /// The greatest `sequence` that the member's screen held.
    pub seen_through: i64,
}

/// A conversation whose state was changed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChangedState {
    /// As it is now.
    pub row: Row,
    /// Replies that the network has not accepted yet.
    pub undelivered_replies: i32,
}

/// Asks for the reply lock.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LockWanted {
    /// Displace whoever holds it; needs the right to.
    pub take_over: bool,
}

/// Who holds the lock.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LockAnswer {
    /// The lock; `null` when nobody holds it.
    pub lock: Option<Lock>,
    /// Whether it is this tab's.
    pub granted: bool,
}

/// Gives the reply lock back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LockReleased {
    /// As it was granted.
    pub fence: i64,
}
