//! What each network lets an account do with each kind of message: the kinds of answer, limits
//! of their text, windows, what can be done besides answering, and why something cannot be done.
//! One file a network.
//!
//! The same data feeds the checks of conversation, the API, the workspace and the documents.
//! Deliberately absent: what only the network knows at the moment of the call (blocks, privacy
//! of one person), which comes back as an error of the call.

mod actions;
pub(crate) mod table;

use time::OffsetDateTime;

use crate::{MessageKind, Network, facebook, x};

pub use actions::{Action, ActionOption, actions};
pub use table::{Row, table};

/// X's counting in full: versions, ranges for an editor, and the addresses inside a text.
pub mod weighted {
    pub use crate::x::counting::{
        Configuration, Measure, addresses, measure, reply_length, weighted_length as length,
    };
}

/// What the network lets the account's plan do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Tier {
    /// The lowest: X's self-serve plans; everybody on the other networks.
    #[default]
    SelfServe,
    /// X: may answer any post.
    Enterprise,
}

impl Tier {
    /// Every tier, lowest first.
    pub const ALL: [Self; 2] = [Self::SelfServe, Self::Enterprise];

    /// Its word in the directory.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SelfServe => "self_serve",
            Self::Enterprise => "enterprise",
        }
    }

    /// By its word in the directory; anything unknown is the lowest, so that a typing error
    /// never allows what the network refuses.
    #[must_use]
    pub fn named(word: &str) -> Self {
        Self::ALL.into_iter().find(|tier| tier.as_str() == word).unwrap_or_default()
    }
}

/// An account, as far as its abilities depend on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its network.
    pub network: Network,
    /// What its plan allows.
    pub tier: Tier,
    /// OAuth scopes or permissions of its token; empty when they are not known, and then nothing
    /// is refused for want of one.
    pub scopes: Vec<String>,
}

impl Account {
    /// Whether its token carries every one of `scopes`, as far as is known.
    pub(crate) fn lacks<'a>(&self, scopes: &[&'a str]) -> Option<&'a str> {
        let known = !self.scopes.is_empty();
        scopes.iter().copied().find(|wanted| known && !self.scopes.iter().any(|has| has == wanted))
    }
}

/// One message, and the account that would answer it.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts about one message")]
pub struct Asked<'a> {
    /// The account that would answer.
    pub account: &'a Account,
    /// What the message is.
    pub kind: MessageKind,
    /// The customer wrote it. Nothing answers what we wrote ourselves.
    pub inbound: bool,
    /// It was deleted at the network.
    pub deleted: bool,
    /// When it was written.
    pub network_time: OffsetDateTime,
    /// It came to this account (its page, its direct messages, or it names the account).
    pub same_account: bool,
    /// The network told who wrote it.
    pub author_known: bool,
    /// The contact's last private message **to this account**, of any conversation.
    pub last_private_inbound_at: Option<OffsetDateTime>,
    /// This account already sent its private reply to this message, or is about to.
    pub already_private_replied: bool,
    /// The present.
    pub now: OffsetDateTime,
}

/// A way to answer a message with an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerOption {
    /// The kind that the answer has.
    pub kind: MessageKind,
    /// Everybody sees it.
    pub public: bool,
    /// Whether it can be chosen, and if not, why.
    pub available: Result<(), Reason>,
    /// Longest text, in `counting`.
    pub text_limit: u32,
    /// How the network counts.
    pub counting: Counting,
    /// When the right to answer this way ends; `None` when it does not, or is not there.
    pub expires_at: Option<OffsetDateTime>,
}

/// Why a way to answer is not available.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reason {
    /// Stable code, `snake_case`.
    pub code: &'static str,
    /// For people, complete.
    pub sentence: &'static str,
}

/// How a network counts the length of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Counting {
    /// X: twitter-text, configuration version 3.
    XWeighted,
    /// Unicode scalar values.
    Characters,
    /// Bytes of UTF-8.
    Bytes,
}

impl Counting {
    /// Every way, in a stable order.
    pub const ALL: [Self; 3] = [Self::XWeighted, Self::Characters, Self::Bytes];

    /// Its word in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::XWeighted => "x_weighted",
            Self::Characters => "characters",
            Self::Bytes => "bytes",
        }
    }
}

/// The length of `text`.
#[must_use]
pub fn count(counting: Counting, text: &str) -> u32 {
    let length = match counting {
        Counting::XWeighted => return x::counting::weighted_length(text),
        Counting::Characters => text.chars().count(),
        Counting::Bytes => text.len(),
    };
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Longest text of a kind of answer, and how it is counted.
#[must_use]
pub const fn text_limit(network: Network, kind: MessageKind) -> (u32, Counting) {
    match network {
        Network::X => x::manifest::text_limit(kind),
        Network::Facebook => facebook::manifest::text_limit(kind),
    }
}

/// Every way to answer the message that its network knows, best first, unavailable ones with
/// their reason; quoting it is one of them, and comes last. Empty for what we wrote ourselves.
#[must_use]
pub fn answer_options(asked: &Asked<'_>) -> Vec<AnswerOption> {
    if !asked.inbound {
        return Vec::new();
    }
    match asked.account.network {
        Network::X => x::manifest::answer_options(asked),
        Network::Facebook => facebook::manifest::answer_options(asked),
    }
}

/// Builds an option of a network's kind.
pub(crate) fn option(
    asked: &Asked<'_>,
    kind: MessageKind,
    available: Result<(), Reason>,
    expires_at: Option<OffsetDateTime>,
) -> AnswerOption {
    let (text_limit, counting) = text_limit(asked.account.network, kind);
    let expires_at = expires_at.filter(|_| available.is_ok());
    let public = kind != MessageKind::PrivateMessage;
    AnswerOption { kind, public, available, text_limit, counting, expires_at }
}

pub(crate) const DELETED: Reason =
    Reason { code: "message_deleted", sentence: "The message was deleted at the network." };
pub(crate) const AUTHOR_UNKNOWN: Reason = Reason {
    code: "author_unknown",
    sentence: "The network does not say who wrote this, so nobody can be written to.",
};
pub(crate) const OTHER_AUTHOR: Reason =
    Reason { code: "other_account", sentence: "Only the account that wrote this can delete it." };
