//! What a reader is given and what it makes of it.

use std::sync::Arc;

use async_nats::jetstream;
use bytes::Bytes;
use kit_store::Transaction;
use kit_store::parked::Parked;
use kit_store::waiting::PutAside;
use kit_values::{EventId, Fault, OrganizationId};

use crate::subject::Subject;
use crate::trace;

/// One event as it came from the stream, or from the shelf of waiting or parked ones.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// The subject that it came under.
    pub subject: String,
    /// The event message.
    pub payload: Bytes,
    /// Its message id on the stream, when it has one of ours.
    pub event: Option<EventId>,
    /// W3C `traceparent`.
    pub trace: Option<String>,
    /// Its sequence in the stream; 0 for one that waited or was parked.
    pub sequence: u64,
    /// How many times it has been delivered, this time included.
    pub deliveries: u64,
}

impl Delivery {
    pub(crate) fn of(message: &jetstream::Message) -> Self {
        let (sequence, deliveries) = message.info().map_or((0, 1), |info| {
            (info.stream_sequence, u64::try_from(info.delivered).unwrap_or(1))
        });
        Self {
            subject: message.subject.to_string(),
            payload: message.payload.clone(),
            event: message_id(message.headers.as_ref()),
            trace: trace::of(message.headers.as_ref()),
            sequence,
            deliveries,
        }
    }

    pub(crate) fn waiting(event: PutAside) -> Self {
        Self {
            subject: event.subject,
            payload: event.payload.into(),
            event: Some(event.event),
            trace: event.trace,
            sequence: 0,
            // What is kept of its waiting is to be forgotten when it applies.
            deliveries: 2,
        }
    }

    pub(crate) fn parked(parked: &Parked) -> Self {
        Self {
            subject: parked.what.subject.clone(),
            payload: parked.what.payload.clone().into(),
            event: parked.what.event,
            trace: parked.what.trace.clone(),
            sequence: 0,
            // It has failed before: the attempts that were counted are to be forgotten.
            deliveries: 2,
        }
    }
}

/// The event that a message carries, by its message id: behind a stroke may stand where an earlier
/// publication was lost.
pub(crate) fn message_id(headers: Option<&async_nats::HeaderMap>) -> Option<EventId> {
    let text = headers?.get(async_nats::header::NATS_MESSAGE_ID)?.as_str();
    text.split('/').next()?.parse().ok()
}

/// An event that could be read.
#[derive(Debug, Clone)]
pub struct Decoded<E> {
    /// From its metadata.
    pub event_id: EventId,
    /// From its metadata; must be what the subject says.
    pub organization: Option<OrganizationId>,
    /// Advisory locks that applying it needs ([`kit_store::lock_key`]): a batch takes those of
    /// all its events, sorted, in one statement.
    pub keys: Vec<i64>,
    /// What it says.
    pub event: E,
}

/// Why an event is not applied, decided before any transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// No release could read it: parked. The text is for an operator and carries no customer's
    /// words.
    Malformed(String),
    /// A fact that this release does not know yet: parked, and replayed by itself when the reader
    /// starts at a newer [`Apply::VERSION`].
    Unknown(String),
    /// A fact that the reader has no use for, or that its metadata allows to be ignored:
    /// acknowledged, nothing kept.
    Ignorable,
}

/// An event that is new to this reader.
#[derive(Debug, Clone)]
pub struct Arrival<E> {
    /// Its id.
    pub event_id: EventId,
    /// Whose it is; one of those that the transaction declared.
    pub organization: Option<OrganizationId>,
    /// What it says.
    pub event: E,
    /// W3C `traceparent` of the span that applying it belongs to.
    pub trace: Option<String>,
}

/// What a service does with a reader's events.
pub trait Apply: Send + Sync + 'static {
    /// What its events say, in the service's own words.
    type Event: Send + Sync;

    /// The version of [`Apply::decode`]: raised by the release that understands a new fact, which
    /// then replays what its predecessors parked as unknown.
    const VERSION: i32 = 1;

    /// Reads an event. Pure: called again for every try.
    ///
    /// # Errors
    /// Why it is not applied.
    fn decode(&self, delivery: &Delivery) -> Result<Decoded<Self::Event>, Unreadable>;

    /// Applies the new events of a batch inside the transaction, which has declared exactly their
    /// organizations, holds their locks and has admitted them to the inbox. Set-based: a handful
    /// of statements whatever the size. Nothing outside the transaction may be touched, since a
    /// batch is tried again, whole or in halves.
    ///
    /// # Errors
    /// The class decides what follows: [`crate::reader::verdict`].
    fn apply(
        &self,
        transaction: &Transaction,
        batch: Vec<Arrival<Self::Event>>,
    ) -> impl Future<Output = Result<(), Fault>> + Send;
}

impl<T: Apply> Apply for Arc<T> {
    type Event = T::Event;
    const VERSION: i32 = T::VERSION;

    fn decode(&self, delivery: &Delivery) -> Result<Decoded<Self::Event>, Unreadable> {
        T::decode(self, delivery)
    }

    fn apply(
        &self,
        transaction: &Transaction,
        batch: Vec<Arrival<Self::Event>>,
    ) -> impl Future<Output = Result<(), Fault>> + Send {
        T::apply(self, transaction, batch)
    }
}

/// What is wrong with an event that could be read, if anything: what it says of itself must be
/// what its subject and its message id say.
pub(crate) fn contradiction<E>(delivery: &Delivery, decoded: &Decoded<E>) -> Option<&'static str> {
    let Some(subject) = Subject::parse(&delivery.subject) else {
        return Some("subject_unreadable");
    };
    if subject.organization != decoded.organization {
        return Some("organization_mismatch");
    }
    if delivery.event.is_some_and(|id| id != decoded.event_id) {
        return Some("event_id_mismatch");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delivery(organization: Option<OrganizationId>, event: EventId) -> Delivery {
        Delivery {
            subject: crate::subject("ingest", Some("x"), organization, "observed"),
            payload: Bytes::new(),
            event: Some(event),
            trace: None,
            sequence: 1,
            deliveries: 1,
        }
    }

    #[test]
    fn an_event_must_agree_with_its_subject_and_its_message_id() {
        let (ours, theirs) = (OrganizationId::mint(), OrganizationId::mint());
        let event_id = EventId::mint();
        let decoded = Decoded { event_id, organization: Some(ours), keys: Vec::new(), event: () };
        assert_eq!(contradiction(&delivery(Some(ours), event_id), &decoded), None);
        assert_eq!(
            contradiction(&delivery(Some(theirs), event_id), &decoded),
            Some("organization_mismatch")
        );
        assert_eq!(
            contradiction(&delivery(None, event_id), &decoded),
            Some("organization_mismatch")
        );
        assert_eq!(
            contradiction(&delivery(Some(ours), EventId::mint()), &decoded),
            Some("event_id_mismatch")
        );
        let stray = Delivery { subject: "elsewhere".to_owned(), ..delivery(Some(ours), event_id) };
        assert_eq!(contradiction(&stray, &decoded), Some("subject_unreadable"));
    }
}
