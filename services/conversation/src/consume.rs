//! Which consumer feeds which use case.
//!
//! | durable | subjects | use case |
//! |---|---|---|
//! | `conversation-inbound-x` | `guichet.ingest.v1.x.*.*` | `app::apply_items` |
//! | `conversation-inbound-facebook` | `guichet.ingest.v1.facebook.*.*` | `app::apply_items` |
//! | `conversation-delivery` | `guichet.delivery.v1.*.*.*` | `app::apply_items` |
//! | `conversation-owners` | `guichet.routing.v1.*.*.owner_changed` | `app::project_owners` |
//! | `conversation-channels` | `guichet.directory.v1.*.*.{member_changed, channel_…}` | `app::learn` |
//!
//! What the account itself wrote comes from delivery, which tells it from our own replies; the
//! filters on INGEST are by network, so its own word of that is noted in the inbox and has no
//! effect (decision 0008).
//!
//! and the timers `channel-auto-resolve` and `reminder` feed `app::auto_resolve` and
//! `app::fire_reminders`.

use std::time::Instant;

use kit_bus::{Apply, Arrival, Decoded, Delivery, Unreadable};
use kit_store::Transaction;
use kit_store::timer::{Handler, Timer};
use kit_values::{Fault, now};

use crate::app::{self, Given};
use crate::domain::heard::Owned;
use crate::domain::policy::Policy;
use crate::metrics;

use crate::sweep::Dirty;
use crate::wire::{
    Envelope, ToldByDirectory, Unread, read_arrival, read_delivery, read_directory, read_owner,
};

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
    /// It has no effect; that it came is known to whoever asks how far it got.
    is_only_noted: bool,
}

fn unreadable(unread: &Unread) -> Unreadable {
    match unread {
        Unread::Malformed(field) => Unreadable::Malformed(format!("malformed: {field}")),
        Unread::Unknown => Unreadable::Unknown("a fact of a newer release".to_owned()),
        Unread::Ignorable => Unreadable::Ignorable,
    }
}

fn decoded(envelope: Envelope, payload: Vec<u8>, is_only_noted: bool) -> Decoded<Event> {
    Decoded {
        event_id: envelope.item.event,
        organization: Some(envelope.item.organization),
        keys: app::lock_keys(&envelope.item),
        event: Event { envelope, payload, is_only_noted },
    }
}

impl Apply for Inbound {
    type Event = Event;

    fn decode(&self, delivery: &Delivery) -> Result<Decoded<Event>, Unreadable> {
        let (envelope, is_only_noted) =
            read_arrival(&delivery.payload).map_err(|unread| unreadable(&unread))?;
        Ok(decoded(envelope, delivery.payload.to_vec(), is_only_noted))
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
            .filter(|arrival| !arrival.event.is_only_noted)
            .map(|arrival| Given {
                envelope: arrival.event.envelope,
                payload: arrival.event.payload,
                trace: arrival.trace,
            })
            .collect();
        let items = given.len();
        app::apply_items(transaction, given, &self.policy, now()).await?;
        // Folding what is not committed yet folds nothing; it is folded once more.
        self.dirty.note(organizations);
        metrics::applied(items, began.elapsed());
        Ok(())
    }
}

/// Applies what delivery says: what became of replies, and what was written elsewhere.
#[derive(Debug, Clone)]
pub struct Deliveries(Inbound);

impl Deliveries {
    /// Applies as `inbound` does.
    #[must_use]
    pub const fn new(inbound: Inbound) -> Self {
        Self(inbound)
    }
}

impl Apply for Deliveries {
    type Event = Event;

    fn decode(&self, delivery: &Delivery) -> Result<Decoded<Event>, Unreadable> {
        let (envelope, kept) =
            read_delivery(&delivery.payload).map_err(|unread| unreadable(&unread))?;
        Ok(decoded(envelope, kept, false))
    }

    async fn apply(
        &self,
        transaction: &Transaction,
        batch: Vec<Arrival<Event>>,
    ) -> Result<(), Fault> {
        self.0.apply(transaction, batch).await
    }
}

/// Projects owners.
#[derive(Debug, Clone, Copy, Default)]
pub struct Owners;

impl Apply for Owners {
    type Event = Owned;

    fn decode(&self, delivery: &Delivery) -> Result<Decoded<Owned>, Unreadable> {
        let (event_id, organization, owned) =
            read_owner(&delivery.payload).map_err(|unread| unreadable(&unread))?;
        Ok(Decoded {
            event_id,
            organization: Some(organization),
            keys: vec![app::owner_lock_key(&owned)],
            event: owned,
        })
    }

    async fn apply(
        &self,
        transaction: &Transaction,
        batch: Vec<Arrival<Owned>>,
    ) -> Result<(), Fault> {
        let told = batch.into_iter().map(|arrival| (arrival.event, arrival.trace)).collect();
        app::project_owners(transaction, told, now()).await
    }
}

/// Projects members and accounts.
#[derive(Debug, Clone, Copy, Default)]
pub struct Directory;

impl Apply for Directory {
    type Event = ToldByDirectory;

    fn decode(&self, delivery: &Delivery) -> Result<Decoded<ToldByDirectory>, Unreadable> {
        let (event_id, organization, event) =
            read_directory(&delivery.payload).map_err(|unread| unreadable(&unread))?;
        // Versions and moments decide between two writers of one row; no lock is needed.
        Ok(Decoded { event_id, organization: Some(organization), keys: Vec::new(), event })
    }

    async fn apply(
        &self,
        transaction: &Transaction,
        batch: Vec<Arrival<ToldByDirectory>>,
    ) -> Result<(), Fault> {
        app::learn(transaction, batch.into_iter().map(|arrival| arrival.event).collect(), now())
            .await
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
        let organizations: Vec<_> = due.iter().map(|timer| timer.organization).collect();
        let (mut channels, mut reminders, mut notes) = (Vec::new(), Vec::new(), Vec::new());
        for timer in due {
            match timer.kind.as_str() {
                app::AUTO_RESOLVE => channels.push(timer),
                app::REMINDER => reminders.push(timer),
                app::NOTE_PURGE => notes.push(timer),
                // Of a release that knew others.
                _ => {}
            }
        }
        metrics::fired(app::AUTO_RESOLVE, channels.len());
        metrics::fired(app::REMINDER, reminders.len());
        app::purge_notes(transaction, notes).await?;
        app::fire_reminders(transaction, reminders, &self.policy, now()).await?;
        app::auto_resolve(transaction, channels, &self.policy, now()).await?;
        self.dirty.note(organizations);
        Ok(())
    }
}
