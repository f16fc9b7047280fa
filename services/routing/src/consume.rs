//! Which reader feeds which use case.
//!
//! | durable | stream | use case |
//! |---|---|---|
//! | `routing-conversations` | CONVERSATION | `app::observe` |
//! | `routing-people` | DIRECTORY | `app::learn` |

use kit_bus::{Apply, Arrival, Decoded, Delivery, Unreadable};
use kit_store::Transaction;
use kit_values::{Fault, now};

use crate::app::{self, Observed, Surroundings};
use crate::planner::Waker;
use crate::wire::{Unread, people, standings};

fn unreadable(unread: &Unread) -> Unreadable {
    match unread {
        Unread::Malformed(field) => Unreadable::Malformed(format!("malformed: {field}")),
        Unread::Unknown => Unreadable::Unknown("a fact of a newer release".to_owned()),
        Unread::Others => Unreadable::Ignorable,
    }
}

/// Applies how conversations stand.
#[derive(Debug, Clone)]
pub struct Standings {
    surroundings: Surroundings,
    waker: Waker,
}

impl Standings {
    /// Applies, and wakes for what may be handed to somebody.
    #[must_use]
    pub const fn new(surroundings: Surroundings, waker: Waker) -> Self {
        Self { surroundings, waker }
    }
}

impl Apply for Standings {
    type Event = standings::Read;

    fn decode(&self, delivery: &Delivery) -> Result<Decoded<Self::Event>, Unreadable> {
        let read = standings::read(&delivery.payload).map_err(|unread| unreadable(&unread))?;
        Ok(Decoded {
            event_id: read.event,
            organization: Some(read.organization),
            keys: vec![app::lock_key(read.organization, read.conversation)],
            event: read,
        })
    }

    async fn apply(
        &self,
        transaction: &Transaction,
        batch: Vec<Arrival<Self::Event>>,
    ) -> Result<(), Fault> {
        let observed = batch
            .into_iter()
            .map(|arrival| Observed {
                organization: arrival.event.organization,
                conversation: arrival.event.conversation,
                standing: arrival.event.standing,
                trace: arrival.trace,
            })
            .collect();
        let outcome = app::observe(transaction, &self.surroundings, observed, now()).await?;
        // The commit comes later than the wake: the planner waits for the transaction by its id.
        for organization in outcome.plan {
            self.waker.wake_after(organization, outcome.transaction.clone());
        }
        Ok(())
    }
}

/// Applies what directory tells of members and channels.
#[derive(Debug, Clone)]
pub struct People {
    surroundings: Surroundings,
    waker: Waker,
}

impl People {
    /// Applies, and wakes for what may be handed to somebody who may answer it now.
    #[must_use]
    pub const fn new(surroundings: Surroundings, waker: Waker) -> Self {
        Self { surroundings, waker }
    }
}

impl Apply for People {
    type Event = people::Fact;

    fn decode(&self, delivery: &Delivery) -> Result<Decoded<people::Fact>, Unreadable> {
        let read = people::read(&delivery.payload).map_err(|unread| unreadable(&unread))?;
        Ok(Decoded {
            event_id: read.event,
            organization: Some(read.organization),
            // Versions decide between two writers of one row; no lock is needed.
            keys: Vec::new(),
            event: read.fact,
        })
    }

    async fn apply(
        &self,
        transaction: &Transaction,
        batch: Vec<Arrival<people::Fact>>,
    ) -> Result<(), Fault> {
        let mut told = app::Told::default();
        for arrival in batch {
            match arrival.event {
                people::Fact::Person(person) => told.people.push(person),
                people::Fact::Channel(channel) => told.channels.push(channel),
            }
        }
        let id = app::learn(transaction, &told, self.surroundings.capacity, now()).await?;
        // The commit comes later than the wake: the planner waits for the transaction by its id.
        for organization in told.organizations() {
            self.waker.wake_after(organization, Some(id.clone()));
        }
        Ok(())
    }
}
