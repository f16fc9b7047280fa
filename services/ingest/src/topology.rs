//! What this service has on the broker: its stream, and its readers of others'.

use std::time::Duration;

use kit_bus::{ReaderPlan, StreamPlan, filter};

use crate::wire::events::PRODUCER;

/// Items carry customers' text: the broker keeps them a day at most (`design.md` 3).
const MAX_AGE: Duration = Duration::from_hours(24);

/// Stream INGEST and its declared readers, whose acknowledgements make the confirmed floor.
#[must_use]
pub fn stream() -> StreamPlan {
    StreamPlan {
        name: "INGEST",
        producer: PRODUCER,
        max_age: MAX_AGE,
        readers: [
            "conversation-inbound-x",
            "conversation-inbound-facebook",
            "delivery-echoes-x",
            "delivery-echoes-facebook",
            "delivery-authors",
        ]
        .map(str::to_owned)
        .to_vec(),
    }
}

/// The durable readers of this service.
#[must_use]
pub fn readers() -> Vec<ReaderPlan> {
    vec![routes(), authors()]
}

/// Applications and channels, from directory.
#[must_use]
pub fn routes() -> ReaderPlan {
    let facts = ["application_changed", "channel_connected", "channel_changed"];
    ReaderPlan {
        stream: "DIRECTORY",
        durable: "ingest-routes".to_owned(),
        filters: facts.map(|fact| filter("directory", None, Some(fact))).to_vec(),
        batch: 100,
    }
}

/// Who wrote what, from delivery.
#[must_use]
pub fn authors() -> ReaderPlan {
    ReaderPlan {
        stream: "DELIVERY",
        durable: "ingest-authors".to_owned(),
        filters: vec![filter("delivery", None, Some("author_answered"))],
        batch: 100,
    }
}
