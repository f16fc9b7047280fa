//! Ingest's events, as a test wants them.

use kit_values::{EventId, Id, OrganizationId, mint_uuid, typed_id};
use prost_types::Timestamp;
use proto::delivery::v1::{DeliveryEvent, NativeReplyObserved, delivery_event};
use proto::event::v1::Metadata;
use proto::ingest::v1 as ingest;
use proto::ingest::v1::ItemEvent;
use proto::ingest::v1::item_event::Fact;
use proto::network::v1 as network;

typed_id! {
    /// A channel.
    pub ChannelId(ChannelKind) = "chan"
}
typed_id! {
    /// An item.
    pub ItemId(ItemKind) = "item"
}

/// Where the seconds of a test begin: an hour that is long past, but not three months.
pub fn start() -> i64 {
    (kit_values::now() - time::Duration::days(20)).unix_timestamp() / 3_600 * 3_600
}

/// The events of one organization with two accounts.
#[derive(Debug, Clone)]
pub struct Feed {
    pub organization: OrganizationId,
    pub channels: [ChannelId; 2],
    pub start: i64,
    pub network: network::Network,
    pub scope: String,
}

pub fn timestamp(seconds: i64) -> Timestamp {
    Timestamp { seconds, nanos: 0 }
}

/// The same own message as delivery tells of it, which could match it to no reply of ours.
pub fn native(event: &ItemEvent) -> DeliveryEvent {
    let own = match event.fact.clone() {
        Some(Fact::OwnMessageObserved(own)) => Some(own),
        _ => None,
    };
    DeliveryEvent {
        metadata: event.metadata.clone(),
        channel_id: event.channel_id.clone(),
        network: event.network,
        fact: Some(delivery_event::Fact::NativeReplyObserved(NativeReplyObserved {
            item_id: event.item_id.clone(),
            message: own,
        })),
    }
}

impl Feed {
    pub fn new() -> Self {
        Self {
            organization: OrganizationId::mint(),
            channels: [Id::mint(), Id::mint()],
            start: start(),
            network: network::Network::X,
            scope: String::new(),
        }
    }

    pub fn on_facebook() -> Self {
        Self { network: network::Network::Facebook, scope: "page-1".to_owned(), ..Self::new() }
    }

    pub fn event(&self, channel: usize, fact: Fact) -> ItemEvent {
        let event = EventId::mint();
        ItemEvent {
            metadata: Some(Metadata {
                event_id: event.to_string(),
                organization_id: self.organization.to_string(),
                aggregate_id: Id::<ItemKind>::from_uuid(mint_uuid()).to_string(),
                occurred_at: Some(timestamp(self.start)),
                correlation_id: "req_1".to_owned(),
                ..Metadata::default()
            }),
            item_id: Id::<ItemKind>::mint().to_string(),
            channel_id: self.channels[channel].to_string(),
            network: self.network.into(),
            fact: Some(fact),
        }
    }

    pub fn identity(&self, person: &str) -> network::Identity {
        network::Identity {
            network: self.network.into(),
            scope: self.scope.clone(),
            network_user_id: person.to_owned(),
        }
    }

    fn content(&self, id: &str, kind: network::MessageKind, second: i64) -> ingest::Content {
        ingest::Content {
            external_id: id.to_owned(),
            scope: self.scope.clone(),
            kind: kind.into(),
            text: format!("text of {id}"),
            attachments: vec![network::Attachment {
                r#type: "image".to_owned(),
                url: "https://pictures.test/1".to_owned(),
                title: String::new(),
            }],
            permalink: format!("https://x.test/{id}"),
            network_time: Some(timestamp(self.start + second)),
            ..ingest::Content::default()
        }
    }

    /// `person` wrote privately.
    pub fn private(&self, person: &str, id: &str, second: i64) -> ItemEvent {
        self.received(0, person, id, network::MessageKind::PrivateMessage, second, false)
    }

    pub fn received(
        &self,
        channel: usize,
        person: &str,
        id: &str,
        kind: network::MessageKind,
        second: i64,
        history: bool,
    ) -> ItemEvent {
        let author = network::Author {
            identity: Some(self.identity(person)),
            display_name: format!("{person} at {second}"),
            handle: person.to_owned(),
            avatar_url: String::new(),
        };
        self.event(
            channel,
            Fact::MessageReceived(ingest::MessageReceived {
                content: Some(self.content(id, kind, second)),
                author: Some(author),
                history,
            }),
        )
    }

    /// Somebody whom the network does not name answered a comment.
    pub fn anonymous(&self, comment: &str, id: &str, second: i64) -> ItemEvent {
        let content = ingest::Content {
            thread_external_id: "post".to_owned(),
            in_reply_to_external_id: comment.to_owned(),
            ..self.content(id, network::MessageKind::Comment, second)
        };
        let received = ingest::MessageReceived { content: Some(content), ..Default::default() };
        self.event(0, Fact::MessageReceived(received))
    }

    /// The same item again, now with its author.
    pub fn named(&self, event: &ItemEvent, person: &str) -> ItemEvent {
        let mut event = event.clone();
        let metadata = event.metadata.as_mut().expect("metadata");
        metadata.event_id = EventId::mint().to_string();
        if let Some(Fact::MessageReceived(received)) = &mut event.fact {
            received.author = Some(network::Author {
                identity: Some(self.identity(person)),
                display_name: format!("{person} by name"),
                handle: person.to_owned(),
                avatar_url: String::new(),
            });
        }
        event
    }

    /// Our account wrote privately to `person`.
    pub fn own(&self, person: &str, id: &str, second: i64) -> ItemEvent {
        let kind = network::MessageKind::PrivateMessage;
        let own = ingest::OwnMessageObserved {
            content: Some(self.content(id, kind, second)),
            counterpart: Some(self.identity(person)),
            ..Default::default()
        };
        self.event(0, Fact::OwnMessageObserved(own))
    }

    /// Our account answered a message in public; the network does not say whom.
    pub fn own_answer(&self, to: &str, id: &str, second: i64) -> ItemEvent {
        let content = ingest::Content {
            in_reply_to_external_id: to.to_owned(),
            ..self.content(id, network::MessageKind::Reply, second)
        };
        let own = ingest::OwnMessageObserved { content: Some(content), ..Default::default() };
        self.event(0, Fact::OwnMessageObserved(own))
    }

    pub fn edited(&self, id: &str, version: i64, second: i64) -> ItemEvent {
        self.event(
            0,
            Fact::MessageEdited(ingest::MessageEdited {
                external_id: id.to_owned(),
                scope: self.scope.clone(),
                text: format!("version {version} of {id}"),
                network_time: Some(timestamp(self.start + second)),
                version,
            }),
        )
    }

    pub fn deleted(&self, id: &str, second: i64) -> ItemEvent {
        self.event(
            0,
            Fact::MessageDeleted(ingest::MessageDeleted {
                external_id: id.to_owned(),
                scope: self.scope.clone(),
                network_time: Some(timestamp(self.start + second)),
            }),
        )
    }

    pub fn reacted(&self, person: &str, id: &str, reaction: &str, second: i64) -> ItemEvent {
        self.event(
            0,
            Fact::ReactionChanged(ingest::ReactionChanged {
                external_id: id.to_owned(),
                scope: self.scope.clone(),
                actor: Some(self.identity(person)),
                reaction: reaction.to_owned(),
                emoji: String::new(),
                network_time: Some(timestamp(self.start + second)),
            }),
        )
    }

    pub fn delivered(&self, person: &str, second: i64) -> ItemEvent {
        self.event(
            0,
            Fact::MessagesDelivered(ingest::MessagesDelivered {
                counterpart: Some(self.identity(person)),
                up_to: Some(timestamp(self.start + second)),
            }),
        )
    }

    pub fn read(&self, person: &str, second: i64) -> ItemEvent {
        self.event(
            0,
            Fact::MessagesRead(ingest::MessagesRead {
                counterpart: Some(self.identity(person)),
                up_to: Some(timestamp(self.start + second)),
            }),
        )
    }
}
