//! An item with everything that its outcome may need, ids included, so that deciding it again
//! after a rolled-back transaction gives the same.

use std::sync::Arc;

use kit_store::outbox::{Message, lane};
use kit_values::EventId;
use networks::{Fact, Item, Person, Report};
use time::OffsetDateTime;

use crate::domain::{ItemId, ParkedId, Reading, RequestId, needs_key};
use crate::registry::{Application, Route};
use crate::store::{ItemRow, KeyRow, Nameless};
use crate::wire::authors::{self, Question};
use crate::wire::events::{self, Envelope};

/// Where an item came from.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    pub(super) request: RequestId,
    pub(super) application: Arc<Application>,
    pub(super) received_at: OffsetDateTime,
    /// W3C `traceparent`.
    pub(super) trace: Option<String>,
}

/// One item to decide.
#[derive(Debug)]
pub(super) struct Draft<'a> {
    pub(super) origin: &'a Origin,
    pub(super) position: i32,
    pub(super) item: &'a Item,
    pub(super) id: ItemId,
    pub(super) event: EventId,
    /// Of the question who wrote it.
    pub(super) question: EventId,
    pub(super) parked: ParkedId,
    pub(super) route: Option<Route>,
}

impl<'a> Draft<'a> {
    /// Mints what the item may need.
    pub(super) fn new(
        origin: &'a Origin,
        position: usize,
        item: &'a Item,
        id: ItemId,
        route: Option<Route>,
    ) -> Self {
        Self {
            origin,
            position: i32::try_from(position).unwrap_or(i32::MAX),
            item,
            id,
            event: EventId::mint(),
            question: EventId::mint(),
            parked: ParkedId::mint(),
            route,
        }
    }

    pub(super) fn reading(&self) -> Reading {
        match &self.item.reading {
            networks::Reading::Ignored(reason) => Reading::Ignored(reason),
            networks::Reading::Unreadable { reason, .. } => Reading::Unreadable(reason),
            networks::Reading::Report(report) => match &report.fact {
                Fact::Received { author, .. } => Reading::Message { has_author: author.is_some() },
                _ => Reading::Statement,
            },
        }
    }

    /// Who wrote it, where the network says so.
    pub(super) fn author(&self) -> Option<&'a Person> {
        match &self.report()?.fact {
            Fact::Received { author, .. } => author.as_ref(),
            _ => None,
        }
    }

    pub(super) fn report(&self) -> Option<&'a Report> {
        match &self.item.reading {
            networks::Reading::Report(report) => Some(report),
            networks::Reading::Ignored(_) | networks::Reading::Unreadable { .. } => None,
        }
    }

    pub(super) fn key(&self) -> Option<KeyRow> {
        let (route, key) = (self.route?, self.item.key()?);
        // Sabotage for the checker of lost and doubled messages: every item has a key of its own.
        let version =
            if crate::sabotage::ignores_unique_key() { self.id.to_string() } else { key.version };
        Some(KeyRow {
            organization: route.organization,
            channel: route.channel,
            external_id: key.external_id,
            aspect: key.aspect,
            version,
        })
    }

    /// The row to admit, where the outcome depends on the key.
    pub(super) fn row(&self) -> Option<ItemRow> {
        if !needs_key(self.reading(), self.route.is_some()) {
            return None;
        }
        let waits = self.reading() == Reading::Message { has_author: false };
        Some(ItemRow {
            key: self.key()?,
            id: self.id,
            request: self.origin.request,
            position: self.position,
            event: (!waits).then_some(self.event),
            received_at: self.origin.received_at,
        })
    }

    /// The event that carries it on.
    pub(super) fn message(&self) -> Option<Message> {
        self.message_of(self.id)
    }

    /// The event that carries it on as the item that was admitted for it.
    pub(super) fn message_of(&self, item: ItemId) -> Option<Message> {
        let (route, report) = (self.route?, self.report()?);
        let network = self.origin.application.network;
        let envelope = Envelope {
            event: self.event,
            organization: route.organization,
            channel: route.channel,
            item,
            request: self.origin.request,
            network,
            received_at: self.origin.received_at,
            connected_at: route.connected_at,
            permalink_base: &self.origin.application.permalink_base,
        };
        let fact = events::fact_name(&report.fact);
        Some(Message {
            event: self.event,
            organization: Some(route.organization),
            subject: kit_bus::subject(
                events::PRODUCER,
                Some(network.as_str()),
                Some(route.organization),
                fact,
            ),
            network: Some(network.as_str()),
            lane: lane(route.channel.uuid()),
            payload: events::encode(&envelope, &self.item.external_id, report),
            occurred_at: self.origin.received_at,
            trace: self.origin.trace.clone(),
        })
    }

    /// What is kept of it while its author is wanted.
    pub(super) fn nameless(&self) -> Option<Nameless> {
        Some(Nameless {
            organization: self.route?.organization,
            item: self.id,
            request: self.origin.request,
            position: self.position,
            author: self.author().map(|author| author.id.clone()).unwrap_or_default(),
        })
    }

    /// The event that asks delivery who wrote it. Its subject has no network, so that it is given
    /// to no reader of items, and its lane is apart from theirs.
    pub(super) fn question(&self) -> Option<Message> {
        let (route, report) = (self.route?, self.report()?);
        let Fact::Received { message, .. } = &report.fact else { return None };
        let organization = Some(route.organization);
        let author = self.author().map(|author| author.id.as_str()).unwrap_or_default();
        let question = Question {
            event: self.question,
            organization: route.organization,
            channel: route.channel,
            item: self.id,
            request: self.origin.request,
            network: self.origin.application.network,
            asked_at: self.origin.received_at,
            external_id: &self.item.external_id,
            kind: message.kind,
            author,
            scope: &report.scope,
        };
        Some(Message {
            event: self.question,
            organization,
            subject: kit_bus::subject(events::PRODUCER, None, organization, authors::AUTHOR_WANTED),
            network: None,
            lane: lane(route.channel.uuid()),
            payload: authors::encode(&question),
            occurred_at: self.origin.received_at,
            trace: self.origin.trace.clone(),
        })
    }
}
