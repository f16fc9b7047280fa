//! Which consumer feeds which use case.
//!
//! | durable | subjects | use case |
//! |---|---|---|
//! | `conversation-inbound-x` | `guichet.ingest.v1.x.*.*` | `app::apply_items` |
//! | `conversation-inbound-facebook` | `guichet.ingest.v1.facebook.*.*` | `app::apply_items` |
//!
//! and the timer `auto-resolve` feeds `app::auto_resolve`.

use std::time::Instant;

use kit_bus::{Apply, Arrival, Decoded, Delivery, Unreadable};
use kit_store::Transaction;
use kit_store::timer::{Handler, Timer};
use kit_values::{Fault, now};

use crate::app::{self, Given};
use crate::domain::policy::Policy;
use crate::metrics;
use crate::sweep::Dirty;
use crate::wire::{Envelope, Unread, read_item};

/// Applies ingest's items.
#[derive(Debug, Clone)]
pub struct Inbound {
    policy: Policy,
    dirty: Dirty,
}

impl Inbound {
    /// Applies by these settings.
    #[must_use]
    pub fn new(policy: Policy) -> Self {
        Self { policy, dirty: Dirty::default() }
    }

    /// Whose counts have deltas to fold.
    pub(crate) fn dirty(&self) -> Dirty {
        self.dirty.clone()
    }
}

/// An item and the event as it came.
#[derive(Debug, Clone)]
pub struct Event {
    envelope: Envelope,
    payload: Vec<u8>,
}

impl Apply for Inbound {
    type Event = Event;

    fn decode(&self, delivery: &Delivery) -> Result<Decoded<Event>, Unreadable> {
        let envelope = read_item(&delivery.payload).map_err(|unread| match unread {
            Unread::Malformed(field) => Unreadable::Malformed(format!("malformed: {field}")),
            Unread::Unknown => Unreadable::Unknown("a fact of a newer release".to_owned()),
            Unread::Ignorable => Unreadable::Ignorable,
        })?;
        Ok(Decoded {
            event_id: envelope.item.event,
            organization: Some(envelope.item.organization),
            keys: app::lock_keys(&envelope.item),
            event: Event { envelope, payload: delivery.payload.to_vec() },
        })
    }

    async fn apply(
        &self,
        transaction: &Transaction,
        batch: Vec<Arrival<Event>>,
    ) -> Result<(), Fault> {
        let began = Instant::now();
        let organizations: Vec<_> =
            batch.iter().map(|arrival| arrival.event.envelope.item.organization).collect();
        let given: Vec<Given> = batch
            .into_iter()
            .map(|arrival| Given {
                envelope: arrival.event.envelope,
                payload: arrival.event.payload,
                trace: arrival.trace,
            })
            .collect();
        let items = given.len();
        app::apply_items(transaction, given, &self.policy, now()).await?;
        // Folding what is not committed yet folds nothing, so it may be noted before.
        self.dirty.note(organizations);
        metrics::applied(items, began.elapsed());
        Ok(())
    }
}

/// Fires the timers of this service.
#[derive(Debug, Clone)]
pub struct Clock {
    policy: Policy,
    dirty: Dirty,
}

impl Clock {
    /// Fires by these settings.
    #[must_use]
    pub fn new(policy: Policy) -> Self {
        Self { policy, dirty: Dirty::default() }
    }

    /// The same, telling whose counts have deltas to fold.
    pub(crate) fn telling(self, dirty: Dirty) -> Self {
        Self { dirty, ..self }
    }
}

impl Handler for Clock {
    async fn fire(&self, transaction: &Transaction, due: Vec<Timer>) -> Result<(), Fault> {
        let due: Vec<Timer> =
            due.into_iter().filter(|timer| timer.kind == app::AUTO_RESOLVE).collect();
        metrics::looked_at(due.len());
        let organizations: Vec<_> = due.iter().map(|timer| timer.organization).collect();
        app::auto_resolve(transaction, due, &self.policy, now()).await?;
        self.dirty.note(organizations);
        Ok(())
    }
}
