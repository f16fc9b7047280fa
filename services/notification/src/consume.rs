//! Which reader feeds which use case.
//!
//! | durable | stream | use case |
//! |---|---|---|
//! | `notification-conversations` | CONVERSATION | [`crate::app::hear`] |
//! | `notification-owners` | ROUTING | [`crate::app::hear`] |
//! | `notification-replies` | DELIVERY | [`crate::app::hear`] |
//! | `notification-people` | DIRECTORY | [`crate::app::hear`] |

use kit_bus::{Apply, Arrival, Decoded, Delivery, Subject, Unreadable};
use kit_store::Transaction;
use kit_values::Fault;

use crate::app::{self, Heard};
use crate::domain::Equipment;
use crate::wire::{self, Envelope, Unread};

/// Applies what other services tell.
#[derive(Debug, Clone, Copy)]
pub struct Signals(pub Equipment);

impl Apply for Signals {
    type Event = Envelope;

    fn decode(&self, delivery: &Delivery) -> Result<Decoded<Envelope>, Unreadable> {
        let subject = Subject::parse(&delivery.subject)
            .ok_or_else(|| Unreadable::Malformed("subject".to_owned()))?;
        let envelope =
            wire::read(&subject.producer, &delivery.payload).map_err(|unread| match unread {
                Unread::Malformed(field) => Unreadable::Malformed(format!("malformed: {field}")),
                Unread::Others => Unreadable::Ignorable,
            })?;
        Ok(Decoded {
            event_id: envelope.event,
            organization: Some(envelope.organization),
            keys: vec![app::lock_key(envelope.organization, &envelope.what)],
            event: envelope,
        })
    }

    async fn apply(
        &self,
        transaction: &Transaction,
        batch: Vec<Arrival<Envelope>>,
    ) -> Result<(), Fault> {
        let heard = batch
            .into_iter()
            .map(|arrival| Heard {
                organization: arrival.event.organization,
                at: arrival.event.at,
                what: arrival.event.what,
                trace: arrival.trace,
            })
            .collect();
        app::hear(transaction, heard, self.0).await
    }
}
