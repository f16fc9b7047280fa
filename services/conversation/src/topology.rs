//! The stream that this service owns and the durable readers that it runs.

use std::time::Duration;

use kit_bus::{ReaderPlan, StreamPlan, filter};

use crate::domain::words::Network;

/// Most events in one transaction.
const BATCH: usize = 200;

/// How long the stream keeps an event; a gateway's ring needs far less.
const MAX_AGE: Duration = Duration::from_hours(24);

/// Stream CONVERSATION. No durable reader is declared: gateways follow it with ordered
/// consumers of their own and read rows again after a gap.
#[must_use]
pub fn stream() -> StreamPlan {
    StreamPlan {
        name: "CONVERSATION",
        producer: "conversation",
        max_age: MAX_AGE,
        readers: Vec::new(),
    }
}

/// Which consumer feeds the application of items: one for each network, so that a storm on one
/// delays no other.
#[must_use]
pub fn readers() -> Vec<ReaderPlan> {
    [Network::X, Network::Facebook]
        .into_iter()
        .map(|network| ReaderPlan {
            stream: "INGEST",
            durable: format!("conversation-inbound-{}", network.name()),
            filters: vec![filter("ingest", Some(network.name()), None)],
            batch: BATCH,
        })
        .collect()
}
