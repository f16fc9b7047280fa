//! Which reader feeds which use case.
//!
//! | reader | stream | use case |
//! |---|---|---|
//! | `delivery-replies` | CONVERSATION | [`crate::app::queue`] |
//! | `delivery-echoes-x`, `delivery-echoes-facebook` | INGEST | [`crate::app::listen`] |
//! | `delivery-authors` | INGEST | [`crate::app::want`] |
//! | `delivery-channels` | DIRECTORY | [`crate::app::learn`] |

use std::collections::BTreeMap;

use kit_bus::{Apply, Arrival, Decoded, Delivery, Unreadable};
use kit_store::{Transaction, lock_key};
use kit_values::{Fault, OrganizationId};
use tokio::sync::watch;

use crate::app::{self, Asked, Heard, Told};
use crate::conversations::Conversations;
use crate::domain::lookup::Lookup;
use crate::domain::words::MessageId;
use crate::wire::{Silent, directory, echoes, lookups, replies};

fn unreadable(silent: Silent) -> Unreadable {
    match silent {
        Silent::Others => Unreadable::Ignorable,
        Silent::Malformed(place) => Unreadable::Malformed(format!("malformed: {place}")),
        Silent::Unknown => Unreadable::Unknown("a fact of a newer release".to_owned()),
    }
}

/// Queues what conversation asks for.
#[derive(Debug, Clone)]
pub struct Replies {
    /// Tells what is to be sent.
    pub conversations: Conversations,
    /// Wakes the workers; they look again soon after, since the commit comes later than the ring.
    pub wake: watch::Sender<()>,
}

impl Apply for Replies {
    type Event = replies::Event;

    fn decode(&self, delivery: &Delivery) -> Result<Decoded<replies::Event>, Unreadable> {
        let event = replies::read(&delivery.payload).map_err(unreadable)?;
        Ok(Decoded {
            event_id: event.id,
            organization: Some(event.organization),
            // Rows decide: an attempt is queued once, and locked when it is settled. Only what is
            // done to a message is numbered here.
            keys: match event.told {
                Told::ActionQueued { .. } => vec![lock_key(&[
                    "delivery-action",
                    &event.organization.to_string(),
                    &event.message.to_string(),
                ])],
                _ => Vec::new(),
            },
            event,
        })
    }

    /// Asks conversation inside the transaction: when it is away, so is everything that could be
    /// queued, and the batch backs off.
    async fn apply(
        &self,
        transaction: &Transaction,
        batch: Vec<Arrival<replies::Event>>,
    ) -> Result<(), Fault> {
        let mut wanted: BTreeMap<OrganizationId, Vec<MessageId>> = BTreeMap::new();
        for Arrival { event, .. } in &batch {
            if matches!(event.told, Told::ReplyQueued { .. } | Told::DeletionQueued) {
                wanted.entry(event.organization).or_default().push(event.message);
            }
        }
        let letters = self.conversations.outbound(&wanted).await?;
        let asked = batch.into_iter().map(|Arrival { event, trace, .. }| {
            let place = (event.organization, event.message);
            let mut told = event.told;
            if let Told::ActionQueued { letter, .. } = &mut told {
                letter.trace.clone_from(&trace);
            }
            let letter = letters.get(&place).cloned().map(|(mut letter, attempt, external_id)| {
                letter.trace = trace;
                (letter, attempt, external_id)
            });
            Asked { organization: place.0, message: place.1, told, letter }
        });
        app::queue(transaction, asked.collect()).await?;
        self.wake.send_replace(());
        Ok(())
    }
}

/// Recognises what the accounts wrote themselves.
#[derive(Debug, Clone, Copy)]
pub struct Echoes;

impl Apply for Echoes {
    type Event = echoes::Event;

    fn decode(&self, delivery: &Delivery) -> Result<Decoded<echoes::Event>, Unreadable> {
        let event = echoes::read(&delivery.payload).map_err(unreadable)?;
        Ok(Decoded {
            event_id: event.id,
            organization: Some(event.organization),
            keys: Vec::new(),
            event,
        })
    }

    async fn apply(
        &self,
        transaction: &Transaction,
        batch: Vec<Arrival<echoes::Event>>,
    ) -> Result<(), Fault> {
        let heard = batch.into_iter().map(|Arrival { event, trace, .. }| Heard {
            organization: event.organization,
            channel: event.channel,
            network: event.network,
            echo: event.echo,
            permalink: event.permalink,
            history: event.history,
            item: event.item,
            trace,
        });
        app::listen(transaction, heard.collect()).await
    }
}

/// Keeps what ingest wants to know of authors.
#[derive(Debug, Clone)]
pub struct Authors {
    /// Wakes those who ask.
    pub wake: watch::Sender<()>,
}

impl Apply for Authors {
    type Event = Lookup;

    fn decode(&self, delivery: &Delivery) -> Result<Decoded<Lookup>, Unreadable> {
        let (event_id, lookup) = lookups::read(&delivery.payload).map_err(unreadable)?;
        Ok(Decoded {
            event_id,
            organization: Some(lookup.key.organization),
            keys: Vec::new(),
            event: lookup,
        })
    }

    async fn apply(
        &self,
        transaction: &Transaction,
        batch: Vec<Arrival<Lookup>>,
    ) -> Result<(), Fault> {
        let wanted =
            batch.into_iter().map(|Arrival { event, trace, .. }| Lookup { trace, ..event });
        app::want(transaction, &wanted.collect::<Vec<_>>()).await?;
        self.wake.send_replace(());
        Ok(())
    }
}

/// Keeps what directory tells.
#[derive(Debug, Clone)]
pub struct Channels {
    /// Wakes the workers: an account may be connected again.
    pub wake: watch::Sender<()>,
}

impl Apply for Channels {
    type Event = directory::Told;

    fn decode(&self, delivery: &Delivery) -> Result<Decoded<directory::Told>, Unreadable> {
        let event = directory::read(&delivery.payload).map_err(unreadable)?;
        Ok(Decoded {
            event_id: event.id,
            organization: event.organization,
            // Versions decide between two writers of one row.
            keys: Vec::new(),
            event: event.told,
        })
    }

    async fn apply(
        &self,
        transaction: &Transaction,
        batch: Vec<Arrival<directory::Told>>,
    ) -> Result<(), Fault> {
        app::learn(transaction, batch.into_iter().map(|arrival| arrival.event)).await?;
        self.wake.send_replace(());
        Ok(())
    }
}
