//! An item with everything that its outcome may need, ids included, so that deciding it again
//! after a rolled-back transaction gives the same.

use std::sync::Arc;

use kit_store::outbox::{Message, lane};
use kit_values::EventId;
use networks::{Fact, Item, Report};
use time::OffsetDateTime;

use crate::domain::{ItemId, ParkedId, Reading, RequestId, needs_key};
use crate::registry::{Application, Route};
use crate::store::{ItemRow, KeyRow};
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
        let (route, report) = (self.route?, self.report()?);
        let network = self.origin.application.network;
        let envelope = Envelope {
            event: self.event,
            organization: route.organization,
            channel: route.channel,
            item: self.id,
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
}
