//! One item of a webhook body, in our words.

use time::OffsetDateTime;

use crate::Network;

/// Bounds on what one item may carry. They lie far above what the networks allow their users
/// and keep any item well below what a table's index and the bus can hold.
pub mod limits {
    /// Longest id, in bytes.
    pub const ID: usize = 512;
    /// Longest text, in characters. X allows 25,000, the others less.
    pub const TEXT: usize = 100_000;
    /// Most attachments of one message.
    pub const ATTACHMENTS: usize = 40;
    /// Longest address that is kept, in bytes.
    pub const ADDRESS: usize = 4_096;
    /// Longest name, title or word of a network, in characters.
    pub const WORD: usize = 1_000;
}

/// One update inside a webhook body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The account at the network that the update is for (X `filter.user_id`, Meta `entry.id`);
    /// empty when the body does not say.
    pub account: String,
    /// The network's own word: `post.mention.create`, `feed.comment.add` …
    pub kind: String,
    /// The network's id of what the update is about; empty when it has none or is unreadable.
    pub external_id: String,
    /// What could be read of it.
    pub reading: Reading,
}

/// What could be read of an update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// It says something about a message.
    Report(Box<Report>),
    /// A kind that makes no message; the stable code says which sort of kind.
    Ignored(&'static str),
    /// It cannot be read: a stable code, and where the reading stopped, without any content.
    Unreadable {
        /// Stable code, `snake_case`.
        reason: &'static str,
        /// Where and what, without any content of the body.
        detail: String,
    },
}

/// A readable statement about one message, or about the messages up to a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The page or account that user and message ids belong to; empty where ids are global.
    pub scope: String,
    /// Tells apart what may be said of one external id: `message`, `edited`, `deleted`,
    /// `reaction:<actor>`, `delivered`, `read`.
    pub aspect: String,
    /// Tells apart several statements of one aspect; empty where there can be only one.
    pub version: String,
    /// The statement.
    pub fact: Fact,
}

/// What the update says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// Somebody wrote to the account, or about it.
    Received {
        /// The message.
        message: Message,
        /// Who wrote it; absent when the network does not say.
        author: Option<Person>,
    },
    /// The account itself wrote, from whichever client.
    Own(OwnMessage),
    /// The author changed the text.
    Edited(Edit),
    /// The message is gone.
    Deleted(Deletion),
    /// Somebody reacted, or took the reaction back.
    Reacted(Reaction),
    /// Everything written to somebody up to a moment has arrived.
    Delivered(Watermark),
    /// Everything written to somebody up to a moment has been read.
    Read(Watermark),
}

/// What a message is at its network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageKind {
    /// Direct message, Messenger.
    PrivateMessage,
    /// Under a post of ours or that names us.
    Comment,
    /// A post that answers one of ours.
    Reply,
    /// A post that names the account.
    Mention,
    /// A visitor's post on our page.
    Post,
    /// A post that quotes one.
    Quote,
}

/// Text and place of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// What it is.
    pub kind: MessageKind,
    /// NUL is replaced by U+FFFD.
    pub text: String,
    /// In the network's order.
    pub attachments: Vec<Attachment>,
    /// Where people see it; `None` for private messages.
    pub permalink: Option<Permalink>,
    /// When it was written, by the network's clock; `None` when the network does not say.
    pub network_time: Option<OffsetDateTime>,
    /// The message that it answers, stands under or quotes; empty if none.
    pub in_reply_to: String,
    /// The post or thread that it stands in; empty if none.
    pub thread: String,
}

/// What the account wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnMessage {
    /// The message.
    pub message: Message,
    /// Whom it was written to, where the network says so.
    pub counterpart: Option<Person>,
    /// The metadata that the sender gave, handed back; empty if none.
    pub sender_metadata: String,
}

/// A new text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The text from now on.
    pub text: String,
    /// When, by the network's clock.
    pub network_time: Option<OffsetDateTime>,
    /// Larger is newer.
    pub version: i64,
}

/// The end of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deletion {
    /// When, by the network's clock.
    pub network_time: Option<OffsetDateTime>,
}

/// A reaction, or its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reaction {
    /// Who.
    pub actor: Person,
    /// The network's word; empty when taken back.
    pub reaction: String,
    /// Empty when taken back.
    pub emoji: String,
    /// When, by the network's clock.
    pub network_time: Option<OffsetDateTime>,
}

/// Up to when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watermark {
    /// Who received or read.
    pub counterpart: Person,
    /// Everything written to them up to this moment.
    pub up_to: OffsetDateTime,
}

/// A person as a webhook names them: everything but the id may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Person {
    /// Opaque; exceeds 2^53 and may be negative.
    pub id: String,
    /// The name that people see.
    pub name: String,
    /// Without the leading `@`.
    pub handle: String,
    /// Given by a stranger: never fetched directly.
    pub avatar_url: String,
}

/// Something beside the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The network's own word: image, video, audio, file, sticker …
    pub kind: String,
    /// Given by a stranger: never fetched directly. Empty when the network gives none.
    pub url: String,
    /// Empty when the network gives none.
    pub title: String,
}

/// Where people see a public message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permalink {
    /// The address that the network gave; empty if it gave none.
    pub given: String,
    /// The path at the network's site, with its leading slash.
    pub path: String,
}

impl Permalink {
    /// The address under `base` (without a trailing slash; empty for the network's own site).
    ///
    /// An address that the network gave is used as it is, unless the base is another place.
    #[must_use]
    pub fn at(&self, network: Network, base: &str) -> String {
        let elsewhere = !base.is_empty() && !self.given.starts_with(base);
        if self.given.is_empty() || elsewhere {
            let site = if base.is_empty() { network.site() } else { base };
            format!("{site}{}", self.path)
        } else {
            self.given.clone()
        }
    }
}

/// What makes two items of one account the same statement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The network's id of what the update is about.
    pub external_id: String,
    /// Which statement about it.
    pub aspect: String,
    /// Which version of the statement.
    pub version: String,
}

impl Person {
    /// Whether anybody would know them by what is known here: more than an id.
    #[must_use]
    pub fn is_named(&self) -> bool {
        !self.name.is_empty() || !self.handle.is_empty()
    }
}

impl Item {
    /// The same message with its author, who became known by another way than the update; `None`
    /// for what is no message of somebody's. What turns out to be the account's own is that.
    #[must_use]
    pub fn written_by(&self, author: Person) -> Option<Self> {
        let Reading::Report(report) = &self.reading else { return None };
        let Fact::Received { message, .. } = &report.fact else { return None };
        let message = message.clone();
        let fact = if author.id == self.account {
            let sender_metadata = String::new();
            Fact::Own(OwnMessage { message, counterpart: None, sender_metadata })
        } else {
            Fact::Received { message, author: Some(author) }
        };
        let report = Report { fact, ..Report::clone(report) };
        Some(Self { reading: Reading::Report(Box::new(report)), ..self.clone() })
    }
    /// The key, for an item that reports something.
    #[must_use]
    pub fn key(&self) -> Option<Key> {
        match &self.reading {
            Reading::Report(report) => Some(Key {
                external_id: self.external_id.clone(),
                aspect: report.aspect.clone(),
                version: report.version.clone(),
            }),
            Reading::Ignored(_) | Reading::Unreadable { .. } => None,
        }
    }
}
