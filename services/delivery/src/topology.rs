//! What this service has on the broker: its stream, and its readers of others'.

use std::time::Duration;

use kit_bus::{ReaderPlan, StreamPlan, filter};
use networks::Network;

/// The producer's name in subjects.
pub const PRODUCER: &str = "delivery";

/// Most events in one transaction.
const BATCH: usize = 200;

/// How long the broker keeps an event.
const MAX_AGE: Duration = Duration::from_hours(24);

/// Stream DELIVERY and its declared readers, whose acknowledgements make the confirmed floor.
#[must_use]
pub fn stream() -> StreamPlan {
    StreamPlan {
        name: "DELIVERY",
        producer: PRODUCER,
        max_age: MAX_AGE,
        readers: ["conversation-delivery", "notification-replies", "ingest-authors"]
            .map(str::to_owned)
            .to_vec(),
    }
}

/// The durable readers of this service.
#[must_use]
pub fn readers() -> Vec<ReaderPlan> {
    let mut readers = vec![replies(), channels(), authors()];
    readers.extend(Network::ALL.map(echoes));
    readers
}

/// What is to be sent, deleted or done, and how people settled what was unknown.
#[must_use]
pub fn replies() -> ReaderPlan {
    let facts = ["reply_queued", "reply_settled_by_person", "deletion_queued", "action_queued"];
    ReaderPlan {
        stream: "CONVERSATION",
        durable: "delivery-replies".to_owned(),
        filters: facts.map(|fact| filter("conversation", None, Some(fact))).to_vec(),
        batch: BATCH,
    }
}

/// Applications and channels.
#[must_use]
pub fn channels() -> ReaderPlan {
    let facts = ["application_changed", "channel_connected", "channel_changed"];
    ReaderPlan {
        stream: "DIRECTORY",
        durable: "delivery-channels".to_owned(),
        filters: facts.map(|fact| filter("directory", None, Some(fact))).to_vec(),
        batch: 100,
    }
}

/// What the accounts of one network wrote themselves: one reader a network, so that a storm on
/// one delays no other.
#[must_use]
pub fn echoes(network: Network) -> ReaderPlan {
    ReaderPlan {
        stream: "INGEST",
        durable: format!("delivery-echoes-{network}"),
        filters: vec![filter("ingest", Some(network.as_str()), Some("own_message_observed"))],
        batch: BATCH,
    }
}

/// What ingest wants to know of authors.
#[must_use]
pub fn authors() -> ReaderPlan {
    ReaderPlan {
        stream: "INGEST",
        durable: "delivery-authors".to_owned(),
        filters: vec![filter("ingest", None, Some("author_wanted"))],
        batch: BATCH,
    }
}

/// The pool that sends to one network, named as durable readers are, so that a process can be
/// told to run it alone.
#[must_use]
pub fn pool(network: Network) -> String {
    format!("delivery-sends-{network}")
}
