//! One item of a webhook as this service understands it: the input of a batch.

use std::collections::BTreeSet;

use kit_values::{EventId, OrganizationId};
use time::OffsetDateTime;
use uuid::Uuid;

use super::action::Said;
use super::message::{Attachment, Reaction, Version};
use super::person::{IdentityKey, Person};
use super::reply::{Failure, News, Progress};
use super::words::{
    ActionId, ChannelId, ContactId, ConversationId, Direction, ItemId, MessageId, MessageKind,
    Network,
};

/// What makes a message unique, however many channels it comes through.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageKey {
    /// Whose.
    pub organization: OrganizationId,
    /// On which network.
    pub network: Network,
    /// The page or account that the id belongs to; empty where ids are global.
    pub scope: String,
    /// The network's id, opaque.
    pub external_id: String,
}

/// One item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The event that carried it here.
    pub event: EventId,
    /// Ingest's id of it.
    pub item: ItemId,
    /// Whose.
    pub organization: OrganizationId,
    /// Through which channel.
    pub channel: ChannelId,
    /// On which network.
    pub network: Network,
    /// When whoever says so recorded it.
    pub at: OffsetDateTime,
    /// What it says.
    pub what: What,
}

/// What an item says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Somebody wrote.
    Written(Box<Written>),
    /// Something changed about a message.
    Revised {
        /// Which message.
        target: MessageKey,
        /// What changed.
        revision: Revision,
    },
    /// What we wrote to a contact arrived, or was read.
    Received(Receipt),
    /// What became of one of our own replies.
    Answered {
        /// Which one.
        reply: MessageId,
        /// What is said of it.
        news: News,
    },
    /// One of our own messages was to be deleted at the network, and was or was not.
    Erased {
        /// Which one.
        message: MessageId,
        /// Why it is not gone.
        failure: Option<Failure>,
    },
    /// What became of something that was to be done to a message at its network.
    Acted {
        /// The message at hand.
        message: MessageId,
        /// Which request.
        action: ActionId,
        /// What is said of it.
        said: Said,
    },
}

/// A change of one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Revision {
    /// The author changed the text.
    Edited(Version),
    /// The author deleted it.
    Deleted,
    /// Somebody reacted, or took the reaction back.
    Reacted {
        /// Who, as the network names them.
        actor: String,
        /// How; an empty reaction takes it back.
        reaction: Reaction,
    },
}

/// A watermark over the private messages that one channel sent to one contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The contact.
    pub identity: IdentityKey,
    /// Up to which network time.
    pub up_to: OffsetDateTime,
    /// Read, and so delivered too.
    pub read: bool,
}

/// A message as a webhook gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// What makes it unique.
    pub key: MessageKey,
    /// Who wrote it, to whom.
    pub writer: Writer,
    /// What it is.
    pub kind: MessageKind,
    /// Its text.
    pub text: String,
    /// What is attached.
    pub attachments: Vec<Attachment>,
    /// Where the network shows it; empty for private ones.
    pub permalink: String,
    /// When the network says that it was written.
    pub time: OffsetDateTime,
    /// The message that it answers.
    pub in_reply_to: Option<String>,
    /// The post, video or thread that it stands under.
    pub thread: Option<String>,
    /// From before the channel was connected.
    pub history: bool,
    /// Ids for what it may bring into being.
    pub spare: Spare,
}

/// Who wrote a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Writer {
    /// A contact; without an author, someone on the network.
    Contact(Option<Author>),
    /// Our account, to this contact if the network says to whom.
    Own(Option<IdentityKey>),
}

/// A contact as a webhook names them. Names are empty when the network withholds them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// Who.
    pub identity: IdentityKey,
    /// What they are called.
    pub profile: Profile,
}

/// What a contact is called.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Profile {
    /// The name shown.
    pub display_name: String,
    /// Without the leading "@".
    pub handle: String,
    /// A picture's address, given by a stranger.
    pub avatar_url: String,
}

impl Profile {
    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.display_name.is_empty() && self.handle.is_empty() && self.avatar_url.is_empty()
    }
}

/// Ids minted by the shell, used only if something comes into being.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spare {
    /// For the message.
    pub message: MessageId,
    /// For a conversation.
    pub conversation: ConversationId,
    /// For a contact.
    pub contact: ContactId,
    /// For an identity.
    pub identity: Uuid,
}

/// The scope of messages that the network has not given an id yet; no network's scope is like it.
const UNSENT: &str = "?unsent";

impl MessageKey {
    /// Where one of our own replies is kept until the network gives it an id.
    #[must_use]
    pub fn unsent(organization: OrganizationId, network: Network, message: MessageId) -> Self {
        Self {
            organization,
            network,
            scope: UNSENT.to_owned(),
            external_id: message.uuid().simple().to_string(),
        }
    }

    /// Whether the network has given it no id yet.
    #[must_use]
    pub fn is_unsent(&self) -> bool {
        is_unsent(&self.scope)
    }
}

/// Whether a scope is that of messages without an id of the network.
#[must_use]
pub fn is_unsent(scope: &str) -> bool {
    scope == UNSENT
}

impl Written {
    /// Who wrote it, as a direction.
    #[must_use]
    pub const fn direction(&self) -> Direction {
        match self.writer {
            Writer::Contact(_) => Direction::Inbound,
            Writer::Own(_) => Direction::Outbound,
        }
    }

    /// The contact identity that the item itself names. Without one, the message that it
    /// answers tells.
    #[must_use]
    pub fn named_identity(&self) -> Option<IdentityKey> {
        match &self.writer {
            Writer::Contact(Some(author)) => Some(author.identity.clone()),
            Writer::Contact(None) => Some(self.someone()),
            Writer::Own(counterpart) => counterpart.clone(),
        }
    }

    /// Whose it is as long as nobody says who wrote it: those who answer one comment are taken for
    /// one, those who stand side by side under a post are not.
    #[must_use]
    pub fn someone(&self) -> IdentityKey {
        let answered = self.in_reply_to.as_ref().filter(|_| self.in_reply_to != self.thread);
        let place = answered.unwrap_or(&self.key.external_id).clone();
        IdentityKey {
            organization: self.key.organization,
            network: self.key.network,
            scope: self.key.scope.clone(),
            person: Person::Someone(place),
        }
    }

    /// The message that it answers.
    #[must_use]
    pub fn parent(&self) -> Option<MessageKey> {
        self.in_reply_to
            .as_ref()
            .map(|external_id| MessageKey { external_id: external_id.clone(), ..self.key.clone() })
    }
}

impl Item {
    /// The message that it brings or changes.
    #[must_use]
    pub fn message(&self) -> Option<&MessageKey> {
        match &self.what {
            What::Written(written) => Some(&written.key),
            What::Revised { target, .. } => Some(target),
            What::Received(_)
            | What::Answered { .. }
            | What::Erased { .. }
            | What::Acted { .. } => None,
        }
    }

    /// The message that it is about, by our own id.
    #[must_use]
    pub const fn own(&self) -> Option<MessageId> {
        match &self.what {
            What::Answered { reply: message, .. }
            | What::Erased { message, .. }
            | What::Acted { message, .. } => Some(*message),
            _ => None,
        }
    }

    /// The message of which it must be known what was asked to be done to it.
    #[must_use]
    pub const fn acted(&self) -> Option<MessageId> {
        match &self.what {
            What::Erased { message, .. } | What::Acted { message, .. } => Some(*message),
            _ => None,
        }
    }

    /// The place at the network that one of our own replies has by what it says.
    #[must_use]
    pub fn placed(&self) -> Option<MessageKey> {
        let What::Answered { news: News { progress: Progress::Sent(Some(place)), .. }, .. } =
            &self.what
        else {
            return None;
        };
        Some(MessageKey {
            organization: self.organization,
            network: self.network,
            scope: place.scope.clone(),
            external_id: place.external_id.clone(),
        })
    }

    /// Every message that must be looked up before it can be applied.
    #[must_use]
    pub fn messages(&self) -> BTreeSet<MessageKey> {
        let mut keys: BTreeSet<MessageKey> = self.message().cloned().into_iter().collect();
        keys.extend(self.placed());
        if let What::Written(written) = &self.what
            && written.named_identity().is_none()
        {
            keys.extend(written.parent());
        }
        keys
    }

    /// Whose its message may have been until now: somebody's whom the network did not name.
    #[must_use]
    pub fn stranger(&self) -> Option<IdentityKey> {
        match &self.what {
            What::Written(written) if matches!(written.writer, Writer::Contact(Some(_))) => {
                Some(written.someone())
            }
            _ => None,
        }
    }

    /// The identity that it names.
    #[must_use]
    pub fn identity(&self) -> Option<IdentityKey> {
        match &self.what {
            What::Written(written) => written.named_identity(),
            What::Revised { .. }
            | What::Answered { .. }
            | What::Erased { .. }
            | What::Acted { .. } => None,
            What::Received(receipt) => Some(receipt.identity.clone()),
        }
    }
}
