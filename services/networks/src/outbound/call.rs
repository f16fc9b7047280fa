//! What is asked of a network, and the request that asks it.

use std::fmt;

use kit_values::Secret;
use serde_json::Value;
use time::OffsetDateTime;

use crate::manifest::Action;
use crate::{MessageKind, Network};

/// The account that calls, with what its token opens.
#[derive(Debug, Clone)]
pub struct Account {
    /// Its network.
    pub network: Network,
    /// Where calls go, without a trailing slash; empty for the network's own.
    pub api_base: String,
    /// The version in the path of Graph calls, `v26.0`; empty for the one this release was
    /// written for. X has its version in its paths.
    pub api_version: String,
    /// Its id at the network.
    pub account_id: String,
    /// Without `@`; makes permalinks. May be empty.
    pub handle: String,
    /// The token of the user or page.
    pub token: Secret,
    /// Meta: the application's secret, which proves the caller; empty to send no proof.
    pub application_secret: Secret,
}

/// One reply, as conversation accepted it.
#[derive(Clone)]
pub struct Reply {
    /// How it answers: a private kind, or any public one.
    pub kind: MessageKind,
    /// The final text.
    pub text: String,
    /// The contact's id at the network, in the scope of the account that answers.
    pub recipient: String,
    /// The message that it answers; `None` for a private message in an open dialogue.
    pub in_reply_to: Option<Target>,
    /// Comes back in echoes where the network can carry it; no secret.
    pub metadata: String,
    /// A person wrote it. Automatic ones have shorter windows.
    pub by_person: bool,
    /// The contact's last private message to this account.
    pub last_private_inbound_at: Option<OffsetDateTime>,
}

/// A message at a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its id there.
    pub external_id: String,
    /// What it is.
    pub kind: MessageKind,
}

/// Under which of Messenger's rules a message is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    /// Within 24 hours of the customer's last message.
    Response,
    /// Within 7 days, written by a person.
    HumanAgent,
}

/// One call of a network.
#[derive(Clone, PartialEq, Eq)]
pub enum Call {
    /// A public answer under a message.
    PublicReply {
        /// The message's id.
        to: String,
        /// What it says.
        text: String,
    },
    /// A message to a person.
    PrivateMessage {
        /// The person's id.
        recipient: String,
        /// What it says.
        text: String,
        /// Comes back in the echo, where the network can carry it.
        metadata: String,
        /// Facebook only.
        tag: Tag,
    },
    /// Facebook: the one private message that may answer a comment or a visitor's post.
    PrivateReply {
        /// What it answers.
        to: Target,
        /// What it says.
        text: String,
        /// Comes back in the echo.
        metadata: String,
    },
    /// X: a post of the account's own, with somebody's below it.
    Quote {
        /// The id of what is quoted.
        of: String,
        /// What it says.
        text: String,
    },
    /// Something that is done to a message, or to who wrote it.
    Act {
        /// What; neither a quote nor a deletion.
        action: Action,
        /// The message; of an action on its author, the author's id instead of the message's.
        to: Target,
    },
    /// The end of a public message of the account's own.
    DeletePublic {
        /// Its id.
        id: String,
    },
    /// The end of a private message, on the account's side.
    DeletePrivate {
        /// Its id.
        id: String,
    },
    /// Who a person is, by their id. Changes nothing.
    ReadPerson {
        /// The person's id.
        id: String,
    },
    /// Who wrote a public message. Changes nothing.
    ReadAuthor {
        /// The message.
        of: Target,
    },
}

impl Call {
    /// Whether it may be made again after a lost answer without doing anything twice.
    #[must_use]
    pub const fn is_idempotent(&self) -> bool {
        match self {
            Self::Act { .. }
            | Self::DeletePublic { .. }
            | Self::DeletePrivate { .. }
            | Self::ReadPerson { .. }
            | Self::ReadAuthor { .. } => true,
            Self::PublicReply { .. }
            | Self::PrivateMessage { .. }
            | Self::PrivateReply { .. }
            | Self::Quote { .. } => false,
        }
    }

    /// The word under which it is counted in budgets: calls with the same word share theirs.
    #[must_use]
    pub const fn counted_as(&self) -> &'static str {
        match self {
            // X: both are posts.
            Self::Quote { .. } => "public_reply",
            call => call.as_str(),
        }
    }

    /// Its word in metrics.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::PublicReply { .. } => "public_reply",
            Self::PrivateMessage { .. } => "private_message",
            Self::PrivateReply { .. } => "private_reply",
            Self::Quote { .. } => "quote",
            Self::Act { action, .. } => action.as_str(),
            Self::DeletePublic { .. } => "delete_public",
            Self::DeletePrivate { .. } => "delete_private",
            Self::ReadPerson { .. } => "read_person",
            Self::ReadAuthor { .. } => "read_author",
        }
    }
}

/// Shows no text.
impl fmt::Debug for Call {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Shows no text.
impl fmt::Debug for Reply {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Reply")
            .field("kind", &self.kind)
            .field("in_reply_to", &self.in_reply_to)
            .finish_non_exhaustive()
    }
}

/// An HTTP request. Printing it shows neither credentials nor text.
#[derive(Clone)]
pub struct Request {
    /// GET, POST, DELETE …
    pub method: &'static str,
    /// Without a query, so it may be logged.
    pub url: String,
    /// May hold proofs of a secret: never logged.
    pub query: Vec<(&'static str, Secret)>,
    /// The value of the header `authorization`.
    pub authorization: Secret,
    /// JSON, to be sent with `content-type: application/json`.
    pub body: Option<Value>,
}

impl Request {
    /// The whole address, query included. Never logged; mind that an HTTP client's errors may
    /// carry it.
    #[must_use]
    pub fn address(&self) -> String {
        let mut address = self.url.clone();
        for (place, (name, value)) in self.query.iter().enumerate() {
            address.push(if place == 0 { '?' } else { '&' });
            address.push_str(name);
            address.push('=');
            address.push_str(&encoded(value.expose()));
        }
        address
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.method, self.url)
    }
}

/// One segment of a path or one value of a query: ids come from networks and are opaque.
pub(crate) fn encoded(segment: &str) -> String {
    let mut encoded = String::with_capacity(segment.len());
    for byte in segment.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~' | b'.') {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push_str(&hex::encode_upper([byte]));
        }
    }
    encoded
}
