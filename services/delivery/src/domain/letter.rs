//! What an attempt is to bring to its network, and the account that brings it.

use networks::{MessageKind, Network};
use time::OffsetDateTime;

use super::attempt::Attempt;
use super::words::{ApplicationId, ChannelId, ConversationId, RequestId};

/// What is to be sent, or deleted.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// Which conversation it belongs to.
    pub conversation: ConversationId,
    /// In whose name.
    pub channel: ChannelId,
    /// At which network.
    pub network: Network,
    /// How it answers; for a deletion, what is deleted.
    pub kind: MessageKind,
    /// What it says; empty once nothing has to be recognised by it any more.
    pub text: String,
    /// The contact's id at the network.
    pub recipient: String,
    /// The id of what it answers, or of what is to be deleted or acted on; empty in an open
    /// dialogue.
    pub to_external_id: String,
    /// What that is.
    pub to_kind: MessageKind,
    /// What is asked for by this, unless it is sent or deleted.
    pub request: Option<Request>,
    /// The contact's last private message to the account.
    pub last_private_inbound_at: Option<OffsetDateTime>,
    /// W3C `traceparent` of what queued it.
    pub trace: Option<String>,
}

/// A request to do something to a message or to its author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Which.
    pub id: RequestId,
    /// Grows with every request about the same thing: the greatest stands.
    pub turn: i64,
    /// The same for every request about one thing: an account, what is changed (a like, a
    /// repost …), and of what or whom.
    pub thing: String,
}

/// Shows no text.
impl std::fmt::Debug for Letter {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Letter")
            .field("channel", &self.channel)
            .field("kind", &word(self.kind))
            .finish_non_exhaustive()
    }
}

/// An attempt with what it brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where it stands.
    pub attempt: Attempt,
    /// What it brings.
    pub letter: Letter,
}

/// An account that makes calls, as directory tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Which.
    pub channel: ChannelId,
    /// Through which registration.
    pub application: ApplicationId,
    /// At which network.
    pub network: Network,
    /// Its id there.
    pub account_id: String,
    /// Without `@`.
    pub handle: String,
    /// Where its calls go; empty for the network itself.
    pub api_base: String,
    /// It is only played.
    pub simulated: bool,
    /// Grows with every change of it, its token included.
    pub version: i64,
    /// Grows with every change of its application, its secrets included.
    pub application_version: i64,
    /// Where its permalinks lead; empty for the network's own site.
    pub permalink_base: String,
}

const KINDS: [(MessageKind, &str); 6] = [
    (MessageKind::PrivateMessage, "private_message"),
    (MessageKind::Comment, "comment"),
    (MessageKind::Reply, "reply"),
    (MessageKind::Mention, "mention"),
    (MessageKind::Post, "post"),
    (MessageKind::Quote, "quote"),
];

/// A kind's word in tables.
#[must_use]
pub fn word(kind: MessageKind) -> &'static str {
    KINDS.iter().find(|(known, _)| *known == kind).map_or("reply", |(_, word)| word)
}

/// A kind by its word.
#[must_use]
pub fn kind(word: &str) -> Option<MessageKind> {
    KINDS.iter().find(|(_, known)| *known == word).map(|(kind, _)| *kind)
}
