//! Items as events on stream INGEST.

use kit_values::{EventId, OrganizationId};
use networks::{Fact, Message, MessageKind, Network, OwnMessage, Person, Report};
use prost::Message as _;
use proto::event::v1::Metadata;
use proto::ingest::v1 as pb;
use proto::network::v1 as network_pb;
use time::OffsetDateTime;

use super::timestamp;
use crate::domain::{ChannelId, ItemId, RequestId, is_history};

/// The producer's name in subjects.
pub const PRODUCER: &str = "ingest";

/// Everything that an event says beside the item itself.
#[derive(Debug, Clone, Copy)]
pub struct Envelope<'a> {
    /// The event's id.
    pub event: EventId,
    /// Whose.
    pub organization: OrganizationId,
    /// The account.
    pub channel: ChannelId,
    /// The item.
    pub item: ItemId,
    /// The request that brought it.
    pub request: RequestId,
    /// The network.
    pub network: Network,
    /// When the request came: the time of what the network gives no time for.
    pub received_at: OffsetDateTime,
    /// When the channel was connected.
    pub connected_at: OffsetDateTime,
    /// Where permalinks lead; empty for the network's own site.
    pub permalink_base: &'a str,
}

/// The fact's word, for the subject.
#[must_use]
pub const fn fact_name(fact: &Fact) -> &'static str {
    match fact {
        Fact::Received { .. } => "message_received",
        Fact::Own(_) => "own_message_observed",
        Fact::Edited(_) => "message_edited",
        Fact::Deleted(_) => "message_deleted",
        Fact::Reacted(_) => "reaction_changed",
        Fact::Delivered(_) => "messages_delivered",
        Fact::Read(_) => "messages_read",
    }
}

/// The encoded event.
#[must_use]
pub fn encode(envelope: &Envelope<'_>, external_id: &str, report: &Report) -> Vec<u8> {
    let metadata = Metadata {
        event_id: envelope.event.to_string(),
        organization_id: envelope.organization.to_string(),
        aggregate_id: envelope.item.to_string(),
        aggregate_version: 0,
        occurred_at: Some(timestamp(envelope.received_at)),
        causation_id: envelope.request.to_string(),
        correlation_id: envelope.request.to_string(),
        may_ignore: false,
    };
    let event = pb::ItemEvent {
        metadata: Some(metadata),
        item_id: envelope.item.to_string(),
        channel_id: envelope.channel.to_string(),
        network: network(envelope.network).into(),
        fact: Some(fact(envelope, external_id, report)),
    };
    event.encode_to_vec()
}

/// The network as the wire names it.
#[must_use]
pub const fn network(network: Network) -> network_pb::Network {
    match network {
        Network::X => network_pb::Network::X,
        Network::Facebook => network_pb::Network::Facebook,
    }
}

fn fact(envelope: &Envelope<'_>, external_id: &str, report: &Report) -> pb::item_event::Fact {
    use pb::item_event::Fact as Wire;

    let scope = report.scope.clone();
    let external_id = external_id.to_owned();
    let at =
        |moment: Option<OffsetDateTime>| Some(timestamp(moment.unwrap_or(envelope.received_at)));
    let history = |message: &Message| {
        message.network_time.is_some_and(|time| is_history(time, envelope.connected_at))
    };
    let known = |person: &Person| identity(envelope.network, &scope, person);
    match &report.fact {
        Fact::Received { message, author } => Wire::MessageReceived(pb::MessageReceived {
            content: Some(content(envelope, external_id, &scope, message)),
            author: author.as_ref().map(|author| network_pb::Author {
                identity: Some(known(author)),
                display_name: author.name.clone(),
                handle: author.handle.clone(),
                avatar_url: author.avatar_url.clone(),
            }),
            history: history(message),
        }),
        Fact::Own(OwnMessage { message, counterpart, sender_metadata }) => {
            Wire::OwnMessageObserved(pb::OwnMessageObserved {
                content: Some(content(envelope, external_id, &scope, message)),
                counterpart: counterpart.as_ref().map(known),
                sender_metadata: sender_metadata.clone(),
                history: history(message),
            })
        }
        Fact::Edited(edit) => Wire::MessageEdited(pb::MessageEdited {
            external_id,
            text: edit.text.clone(),
            network_time: at(edit.network_time),
            version: edit.version,
            scope,
        }),
        Fact::Deleted(deletion) => Wire::MessageDeleted(pb::MessageDeleted {
            external_id,
            network_time: at(deletion.network_time),
            scope,
        }),
        Fact::Reacted(reaction) => Wire::ReactionChanged(pb::ReactionChanged {
            external_id,
            actor: Some(known(&reaction.actor)),
            reaction: reaction.reaction.clone(),
            emoji: reaction.emoji.clone(),
            network_time: at(reaction.network_time),
            scope,
        }),
        Fact::Delivered(watermark) => Wire::MessagesDelivered(pb::MessagesDelivered {
            counterpart: Some(known(&watermark.counterpart)),
            up_to: Some(timestamp(watermark.up_to)),
        }),
        Fact::Read(watermark) => Wire::MessagesRead(pb::MessagesRead {
            counterpart: Some(known(&watermark.counterpart)),
            up_to: Some(timestamp(watermark.up_to)),
        }),
    }
}

fn identity(of: Network, scope: &str, person: &Person) -> network_pb::Identity {
    network_pb::Identity {
        network: network(of).into(),
        scope: scope.to_owned(),
        network_user_id: person.id.clone(),
    }
}

fn content(
    envelope: &Envelope<'_>,
    external_id: String,
    scope: &str,
    message: &Message,
) -> pb::Content {
    let attachments = message.attachments.iter().map(|attachment| network_pb::Attachment {
        r#type: attachment.kind.clone(),
        url: attachment.url.clone(),
        title: attachment.title.clone(),
    });
    let permalink = message.permalink.as_ref();
    pb::Content {
        external_id,
        scope: scope.to_owned(),
        kind: kind(message.kind).into(),
        text: message.text.clone(),
        attachments: attachments.collect(),
        permalink: permalink
            .map(|link| link.at(envelope.network, envelope.permalink_base))
            .unwrap_or_default(),
        network_time: Some(timestamp(message.network_time.unwrap_or(envelope.received_at))),
        in_reply_to_external_id: message.in_reply_to.clone(),
        thread_external_id: message.thread.clone(),
    }
}

/// A kind as the wire names it.
pub(super) const fn kind(kind: MessageKind) -> network_pb::MessageKind {
    match kind {
        MessageKind::PrivateMessage => network_pb::MessageKind::PrivateMessage,
        MessageKind::Comment => network_pb::MessageKind::Comment,
        MessageKind::Reply => network_pb::MessageKind::Reply,
        MessageKind::Mention => network_pb::MessageKind::Mention,
        MessageKind::Post => network_pb::MessageKind::Post,
        MessageKind::Quote => network_pb::MessageKind::Quote,
    }
}

#[cfg(test)]
mod tests {
    use networks::{Attachment, Permalink, limits};

    use super::*;

    /// The largest message that the broker takes by default.
    const BROKER_LIMIT: usize = 1 << 20;

    fn envelope(now: OffsetDateTime) -> Envelope<'static> {
        Envelope {
            event: EventId::mint(),
            organization: OrganizationId::mint(),
            channel: ChannelId::mint(),
            item: ItemId::mint(),
            request: RequestId::mint(),
            network: Network::Facebook,
            received_at: now,
            connected_at: now,
            permalink_base: "",
        }
    }

    #[test]
    fn the_largest_item_fits_into_one_event() {
        let long = |limit: usize| "\u{1F615}".repeat(limit);
        let id = || "9".repeat(limits::ID);
        let address = || format!("https://{}", "a".repeat(limits::ADDRESS - 8));
        let attachment =
            Attachment { kind: long(limits::WORD), url: address(), title: long(limits::WORD) };
        let message = Message {
            kind: MessageKind::Comment,
            text: long(limits::TEXT),
            attachments: vec![attachment; limits::ATTACHMENTS],
            permalink: Some(Permalink { given: address(), path: id() }),
            network_time: None,
            in_reply_to: id(),
            thread: id(),
        };
        let author = Person {
            id: id(),
            name: long(limits::WORD),
            handle: long(limits::WORD),
            avatar_url: address(),
        };
        let fact = Fact::Received { message, author: Some(author) };
        let report = Report { scope: id(), aspect: String::new(), version: String::new(), fact };
        let encoded = encode(&envelope(kit_values::now()), &id(), &report);
        assert!(encoded.len() < BROKER_LIMIT - 65_536, "{} bytes", encoded.len());
    }

    #[test]
    fn a_message_without_a_time_has_the_time_of_its_arrival_and_is_no_history() {
        let now = kit_values::now();
        let message = Message {
            kind: MessageKind::PrivateMessage,
            text: "hello".to_owned(),
            attachments: Vec::new(),
            permalink: None,
            network_time: None,
            in_reply_to: String::new(),
            thread: String::new(),
        };
        let fact = Fact::Received { message, author: None };
        let report =
            Report { scope: String::new(), aspect: String::new(), version: String::new(), fact };
        let encoded = encode(&envelope(now), "m1", &report);
        let event = pb::ItemEvent::decode(encoded.as_slice()).expect("decodes");
        let Some(pb::item_event::Fact::MessageReceived(received)) = event.fact else {
            panic!("another fact")
        };
        assert!(!received.history && received.author.is_none());
        let content = received.content.expect("has content");
        assert_eq!(content.network_time, Some(timestamp(now)));
    }
}
