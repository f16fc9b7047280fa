//! Which reader feeds which use case.
//!
//! | reader | stream | use case |
//! |---|---|---|
//! | `ingest-routes` | DIRECTORY | [`crate::app::learn`] |
//! | `ingest-authors` | DELIVERY | [`crate::app::answered()`] |

use std::sync::Arc;

use kit_bus::{Apply, Arrival, Decoded, Delivery, Unreadable};
use kit_store::Transaction;
use kit_values::Fault;
use tokio::sync::Notify;

use crate::app;
use crate::registry::Registry;
use crate::wire::authors;
use crate::wire::directory::{self, Silent, Told};

fn unreadable(silent: Silent) -> Unreadable {
    match silent {
        Silent::Others => Unreadable::Ignorable,
        Silent::Malformed(place) => Unreadable::Malformed(place.to_owned()),
        Silent::Unknown => Unreadable::Unknown("a fact of a newer release".to_owned()),
    }
}

/// Applies directory's facts about applications and channels.
#[derive(Debug, Clone)]
pub struct Routes {
    /// Wakes the task that keeps the registry in memory; it looks again soon after, since the
    /// commit comes later than the ring.
    pub changed: Arc<Notify>,
}

impl Apply for Routes {
    type Event = Told;

    fn decode(&self, delivery: &Delivery) -> Result<Decoded<Told>, Unreadable> {
        let event = directory::read(&delivery.payload).map_err(unreadable)?;
        Ok(Decoded {
            event_id: event.event,
            organization: event.organization,
            // Versions decide between two writers of one row; no lock is needed.
            keys: Vec::new(),
            event: event.told,
        })
    }

    async fn apply(&self, tx: &Transaction, batch: Vec<Arrival<Told>>) -> Result<(), Fault> {
        let (mut applications, mut routes) = (Vec::new(), Vec::new());
        for arrival in batch {
            match arrival.event {
                Told::Application(application) => applications.push(application),
                Told::Route(route) => routes.push(route),
            }
        }
        app::learn(tx, &applications, &routes).await?;
        self.changed.notify_one();
        Ok(())
    }
}

/// Applies what delivery says of authors who were wanted.
#[derive(Debug, Clone)]
pub struct Answers {
    /// Tells where the items go.
    pub registry: Arc<Registry>,
}

impl Apply for Answers {
    type Event = authors::Told;

    fn decode(&self, delivery: &Delivery) -> Result<Decoded<authors::Told>, Unreadable> {
        let (event_id, told) = authors::read(&delivery.payload).map_err(unreadable)?;
        // Rows decide: what is kept of an item is locked.
        let (organization, keys) = (Some(told.organization), Vec::new());
        Ok(Decoded { event_id, organization, keys, event: told })
    }

    async fn apply(
        &self,
        tx: &Transaction,
        batch: Vec<Arrival<authors::Told>>,
    ) -> Result<(), Fault> {
        let told = batch.into_iter().map(|arrival| arrival.event).collect();
        app::answered(tx, &self.registry.now(), told).await
    }
}
