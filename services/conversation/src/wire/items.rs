//! Ingest's events → items.

use kit_values::{EventKind, Kind, OrganizationId};
use prost::Message as _;
use prost_types::Timestamp;
use proto::event::v1::Metadata;
use proto::ingest::v1::item_event::Fact;
use proto::ingest::v1::{Content, ItemEvent, ReactionChanged};
use proto::network::v1 as network;
use time::OffsetDateTime;

use super::moment;
use crate::domain::item::{
    Author, Item, MessageKey, Profile, Receipt, Revision, Spare, What, Writer, Written,
};
use crate::domain::message::{Attachment, Reaction, Version};
use crate::domain::person::{IdentityKey, Person};
use crate::domain::words::{ContactId, ConversationId, MessageId, MessageKind, Network};

/// An item and what travels with its event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// What it says.
    pub item: Item,
    /// When ingest recorded it.
    pub occurred_at: OffsetDateTime,
    /// The request at the head of the chain.
    pub correlation: String,
}

/// Why an event is not an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    /// No release could read it; says which field, never what it held.
    Malformed(&'static str),
    /// A fact of a newer release.
    Unknown,
    /// A fact of a newer release that may be passed over.
    Ignorable,
}

/// Reads an event of stream INGEST. Ids for what it may bring into being are minted here.
///
/// # Errors
/// Why it cannot be applied.
pub fn read_item(payload: &[u8]) -> Result<Envelope, Unread> {
    read_event(&ItemEvent::decode(payload).map_err(|_| Unread::Malformed("encoding"))?)
}

/// Reads an event of stream INGEST as it arrives, and whether it is only noted: what the account
/// itself wrote is delivery's to match, and comes from there.
///
/// # Errors
/// Why it cannot be applied.
pub fn read_arrival(payload: &[u8]) -> Result<(Envelope, bool), Unread> {
    let event = ItemEvent::decode(payload).map_err(|_| Unread::Malformed("encoding"))?;
    let is_only_noted = matches!(event.fact, Some(Fact::OwnMessageObserved(_)));
    Ok((read_event(&event)?, is_only_noted))
}

pub(super) fn read_event(event: &ItemEvent) -> Result<Envelope, Unread> {
    let metadata = event.metadata.as_ref().ok_or(Unread::Malformed("metadata"))?;
    let fact = event.fact.as_ref().ok_or_else(|| unknown(metadata))?;
    let organization: OrganizationId = read_id(&metadata.organization_id, "organization_id")?;
    let source = Source { organization, network: read_network(event.network)? };
    let at = read_moment(metadata.occurred_at.as_ref(), "occurred_at")?;
    Ok(Envelope {
        item: Item {
            event: read_id::<EventKind>(&metadata.event_id, "event_id")?,
            item: read_id(&event.item_id, "item_id")?,
            organization,
            channel: read_id(&event.channel_id, "channel_id")?,
            network: source.network,
            at,
            what: source.what(fact)?,
        },
        occurred_at: at,
        correlation: metadata.correlation_id.clone(),
    })
}

pub(super) fn unknown(metadata: &Metadata) -> Unread {
    if metadata.may_ignore { Unread::Ignorable } else { Unread::Unknown }
}

pub(super) fn read_id<K: Kind>(
    text: &str,
    field: &'static str,
) -> Result<kit_values::Id<K>, Unread> {
    text.parse().map_err(|_| Unread::Malformed(field))
}

pub(super) fn read_moment(
    timestamp: Option<&Timestamp>,
    field: &'static str,
) -> Result<OffsetDateTime, Unread> {
    timestamp.and_then(moment).ok_or(Unread::Malformed(field))
}

pub(super) fn read_network(code: i32) -> Result<Network, Unread> {
    match network::Network::try_from(code) {
        Ok(network::Network::X) => Ok(Network::X),
        Ok(network::Network::Facebook) => Ok(Network::Facebook),
        Ok(network::Network::Unspecified) => Err(Unread::Malformed("network")),
        Err(_) => Err(Unread::Unknown),
    }
}

pub(super) fn read_kind(code: i32) -> Result<MessageKind, Unread> {
    Ok(match network::MessageKind::try_from(code) {
        Ok(network::MessageKind::PrivateMessage) => MessageKind::PrivateMessage,
        Ok(network::MessageKind::Comment) => MessageKind::Comment,
        Ok(network::MessageKind::Reply) => MessageKind::Reply,
        Ok(network::MessageKind::Mention) => MessageKind::Mention,
        Ok(network::MessageKind::Post) => MessageKind::Post,
        Ok(network::MessageKind::Quote) => MessageKind::Quote,
        Ok(network::MessageKind::Unspecified) => return Err(Unread::Malformed("kind")),
        Err(_) => return Err(Unread::Unknown),
    })
}

/// PostgreSQL's text holds no NUL; ingest's raw request keeps it.
pub(super) fn clean(text: &str) -> String {
    text.replace('\0', "\u{FFFD}")
}

fn present(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| clean(text))
}

/// What every part of an event's content belongs to.
struct Source {
    organization: OrganizationId,
    network: Network,
}

impl Source {
    fn what(&self, fact: &Fact) -> Result<What, Unread> {
        Ok(match fact {
            Fact::MessageReceived(received) => {
                let author = received.author.as_ref().and_then(|author| self.author(author));
                let writer = Writer::Contact(author);
                self.written(received.content.as_ref(), writer, received.history)?
            }
            Fact::OwnMessageObserved(own) => {
                let counterpart = own.counterpart.as_ref().and_then(|it| self.identity(it));
                self.written(own.content.as_ref(), Writer::Own(counterpart), own.history)?
            }
            Fact::MessageEdited(edited) => What::Revised {
                target: self.key(&edited.scope, &edited.external_id)?,
                revision: Revision::Edited(Version {
                    number: edited.version,
                    time: read_moment(edited.network_time.as_ref(), "network_time")?,
                    text: clean(&edited.text),
                }),
            },
            Fact::MessageDeleted(deleted) => What::Revised {
                target: self.key(&deleted.scope, &deleted.external_id)?,
                revision: Revision::Deleted,
            },
            Fact::ReactionChanged(changed) => self.reacted(changed)?,
            Fact::MessagesDelivered(receipt) => {
                self.received(receipt.counterpart.as_ref(), receipt.up_to.as_ref(), false)?
            }
            Fact::MessagesRead(receipt) => {
                self.received(receipt.counterpart.as_ref(), receipt.up_to.as_ref(), true)?
            }
        })
    }

    fn written(
        &self,
        content: Option<&Content>,
        writer: Writer,
        history: bool,
    ) -> Result<What, Unread> {
        let content = content.ok_or(Unread::Malformed("content"))?;
        let message = MessageId::mint();
        let mut key = self.key(&content.scope, &content.external_id)?;
        if crate::sabotage::ignores_unique_key() {
            key.scope = message.to_string();
        }
        Ok(What::Written(Box::new(Written {
            key,
            writer,
            kind: read_kind(content.kind)?,
            text: clean(&content.text),
            attachments: content.attachments.iter().map(attachment).collect(),
            permalink: clean(&content.permalink),
            time: read_moment(content.network_time.as_ref(), "network_time")?,
            in_reply_to: present(&content.in_reply_to_external_id),
            thread: present(&content.thread_external_id),
            history,
            spare: Spare {
                message,
                conversation: ConversationId::mint(),
                contact: ContactId::mint(),
                identity: kit_values::mint_uuid(),
            },
        })))
    }

    fn reacted(&self, changed: &ReactionChanged) -> Result<What, Unread> {
        let actor = changed.actor.as_ref().map(|actor| clean(&actor.network_user_id));
        Ok(What::Revised {
            target: self.key(&changed.scope, &changed.external_id)?,
            revision: Revision::Reacted {
                actor: actor.unwrap_or_default(),
                reaction: Reaction {
                    time: read_moment(changed.network_time.as_ref(), "network_time")?,
                    reaction: clean(&changed.reaction),
                    emoji: clean(&changed.emoji),
                },
            },
        })
    }

    fn received(
        &self,
        counterpart: Option<&network::Identity>,
        up_to: Option<&Timestamp>,
        read: bool,
    ) -> Result<What, Unread> {
        let identity = counterpart.and_then(|identity| self.identity(identity));
        Ok(What::Received(Receipt {
            identity: identity.ok_or(Unread::Malformed("counterpart"))?,
            up_to: read_moment(up_to, "up_to")?,
            read,
        }))
    }

    fn key(&self, scope: &str, external_id: &str) -> Result<MessageKey, Unread> {
        Ok(MessageKey {
            organization: self.organization,
            network: self.network,
            scope: clean(scope),
            external_id: present(external_id).ok_or(Unread::Malformed("external_id"))?,
        })
    }

    /// An identity without an id says nothing.
    fn identity(&self, identity: &network::Identity) -> Option<IdentityKey> {
        Some(IdentityKey {
            organization: self.organization,
            network: self.network,
            scope: clean(&identity.scope),
            person: Person::Known(present(&identity.network_user_id)?),
        })
    }

    fn author(&self, author: &network::Author) -> Option<Author> {
        Some(Author {
            identity: self.identity(author.identity.as_ref()?)?,
            profile: Profile {
                display_name: clean(&author.display_name),
                handle: clean(&author.handle),
                avatar_url: clean(&author.avatar_url),
            },
        })
    }
}

fn attachment(attachment: &network::Attachment) -> Attachment {
    Attachment {
        kind: clean(&attachment.r#type),
        url: clean(&attachment.url),
        title: clean(&attachment.title),
    }
}
