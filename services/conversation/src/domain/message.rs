//! One message as a value, and what edits, deletions and reactions make of it: the same
//! whatever their order.
//!
//! Deliberately absent: delivered and read, which are watermarks (see `receipts`).

use std::collections::{BTreeMap, BTreeSet};

use time::OffsetDateTime;

use super::item::{MessageKey, Revision, Written};
use super::person::IdentityKey;
use super::reply::Reply;
use super::words::{
    ChannelId, ConversationId, Direction, ItemId, MessageId, MessageKind, NetworkOrder,
};

/// Something attached, as the network gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The network's own word.
    pub kind: String,
    /// Given by a stranger: never fetched but through the guarded egress.
    pub url: String,
    /// Its title; may be empty.
    pub title: String,
}

/// One version of a text. The greatest one is shown: by the network's number, then by time;
/// the text itself settles a tie, so that any order ends the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// The network's count or id of the version; 0 for the original.
    pub number: i64,
    /// When.
    pub time: OffsetDateTime,
    /// The text.
    pub text: String,
}

/// What one person's reaction is by now. The greatest one stands: by time, then by its words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reaction {
    /// When.
    pub time: OffsetDateTime,
    /// The network's word for it; empty when it was taken back.
    pub reaction: String,
    /// As a character; may be empty.
    pub emoji: String,
}

/// One stored message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Our id.
    pub id: MessageId,
    /// What makes it unique.
    pub key: MessageKey,
    /// Whose conversations it belongs to.
    pub identity: IdentityKey,
    /// Where it stands.
    pub conversation: ConversationId,
    /// Its place in the order of arrival there.
    pub sequence: i64,
    /// Grows by one with every batch that changes it; 0 before it is first stored.
    pub rev: i64,
    /// Ingest's item that it came from first; none for a reply written here.
    pub item: Option<ItemId>,
    /// Who wrote it.
    pub direction: Direction,
    /// What it is.
    pub kind: MessageKind,
    /// Through which channels it came.
    pub channels: BTreeSet<ChannelId>,
    /// Every copy was from before its channel was connected.
    pub history: bool,
    /// When the network says that it was written.
    pub time: OffsetDateTime,
    /// The newest version of its text; empty once deleted.
    pub version: Version,
    /// The text was changed.
    pub edited: bool,
    /// Only a tombstone is left.
    pub deleted: bool,
    /// What is attached; empty once deleted.
    pub attachments: Vec<Attachment>,
    /// Where the network shows it.
    pub permalink: String,
    /// The message that it answers.
    pub in_reply_to: Option<String>,
    /// What it stands under.
    pub thread: Option<String>,
    /// By actor; taken-back ones stay, so that an older reaction that comes late finds them.
    pub reactions: BTreeMap<String, Reaction>,
    /// Set on replies written here.
    pub reply: Option<Reply>,
}

/// What a revision did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Revised {
    /// Nothing new.
    AlreadyApplied,
    /// The message shows something new; this earlier version, if any, is kept beside it.
    Changed(Option<Version>),
    /// What is shown stays; this earlier version came late and is kept beside it.
    KeptBeside(Version),
    /// Text, attachments and every earlier version are gone.
    Emptied,
}

impl Message {
    /// The message that `written` makes, standing nowhere yet.
    #[must_use]
    pub fn unplaced(
        written: &Written,
        identity: IdentityKey,
        channel: ChannelId,
        item: ItemId,
    ) -> Self {
        Self {
            id: written.spare.message,
            key: written.key.clone(),
            identity,
            conversation: written.spare.conversation,
            sequence: 0,
            rev: 0,
            item: Some(item),
            direction: written.direction(),
            kind: written.kind,
            channels: BTreeSet::from([channel]),
            history: written.history,
            time: written.time,
            version: Version { number: 0, time: written.time, text: written.text.clone() },
            edited: false,
            deleted: false,
            attachments: written.attachments.clone(),
            permalink: written.permalink.clone(),
            in_reply_to: written.in_reply_to.clone(),
            thread: written.thread.clone(),
            reactions: BTreeMap::new(),
            reply: None,
        }
    }

    /// Takes over what happened to `echo`, which is this very message.
    pub fn absorb(&mut self, echo: Self) {
        self.reactions.extend(echo.reactions);
        self.channels.extend(echo.channels);
        if echo.deleted {
            self.delete();
        } else if echo.edited && !self.deleted {
            self.edited = true;
            self.version = echo.version;
        }
        if self.permalink.is_empty() {
            self.permalink = echo.permalink;
        }
        if self.attachments.is_empty() && !self.deleted {
            self.attachments = echo.attachments;
        }
    }

    /// Its place in the order of the network.
    #[must_use]
    pub fn order(&self) -> NetworkOrder {
        NetworkOrder { time: self.time, external_id: self.key.external_id.clone() }
    }

    /// Applies one revision. Any order and repetition of the same ones ends the same.
    pub fn revise(&mut self, revision: &Revision) -> Revised {
        match revision {
            Revision::Edited(version) => self.edit(version),
            Revision::Deleted => self.delete(),
            Revision::Reacted { actor, reaction } => self.react(actor, reaction),
        }
    }

    fn edit(&mut self, version: &Version) -> Revised {
        if self.deleted || *version == self.version {
            return Revised::AlreadyApplied;
        }
        self.edited = true;
        if *version < self.version {
            return Revised::KeptBeside(version.clone());
        }
        let earlier = std::mem::replace(&mut self.version, version.clone());
        Revised::Changed(Some(earlier))
    }

    fn delete(&mut self) -> Revised {
        if self.deleted {
            return Revised::AlreadyApplied;
        }
        self.deleted = true;
        // A tombstone says no more than that something was here.
        self.edited = false;
        self.version = Version { number: 0, time: self.time, text: String::new() };
        self.attachments.clear();
        Revised::Emptied
    }

    fn react(&mut self, actor: &str, reaction: &Reaction) -> Revised {
        if self.reactions.get(actor).is_some_and(|known| known >= reaction) {
            return Revised::AlreadyApplied;
        }
        self.reactions.insert(actor.to_owned(), reaction.clone());
        Revised::Changed(None)
    }
}
