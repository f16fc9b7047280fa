//! The stream that this service owns and the durable readers that it runs.

use std::time::Duration;

use kit_bus::{ReaderPlan, StreamPlan, filter};

use crate::domain::words::Network;
use crate::wire::TOLD_BY_DIRECTORY;

/// Most events in one transaction.
const BATCH: usize = 200;

/// How long the stream keeps an event; a gateway's ring needs far less.
const MAX_AGE: Duration = Duration::from_hours(24);

/// Stream CONVERSATION and its declared readers, whose acknowledgements make the confirmed floor;
/// gateways follow it with ordered consumers of their own and read rows again after a gap.
#[must_use]
pub fn stream() -> StreamPlan {
    let readers = ["routing-conversations", "notification-conversations", "delivery-replies"];
    StreamPlan {
        name: "CONVERSATION",
        producer: "conversation",
        max_age: MAX_AGE,
        readers: readers.map(str::to_owned).to_vec(),
    }
}

/// Which consumers feed the application of items: one for each network, so that a storm on one
/// delays no other.
#[must_use]
pub fn inbound() -> Vec<ReaderPlan> {
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

/// What became of replies, and what was written elsewhere.
#[must_use]
pub fn deliveries() -> ReaderPlan {
    ReaderPlan {
        stream: "DELIVERY",
        durable: "conversation-delivery".to_owned(),
        filters: vec![filter("delivery", None, None)],
        batch: BATCH,
    }
}

/// Whom routing assigns conversations to.
#[must_use]
pub fn owners() -> ReaderPlan {
    ReaderPlan {
        stream: "ROUTING",
        durable: "conversation-owners".to_owned(),
        filters: vec![filter("routing", None, Some("owner_changed"))],
        batch: BATCH,
    }
}

/// Members and accounts, from directory.
#[must_use]
pub fn directory() -> ReaderPlan {
    ReaderPlan {
        stream: "DIRECTORY",
        durable: "conversation-channels".to_owned(),
        filters: TOLD_BY_DIRECTORY.map(|fact| filter("directory", None, Some(fact))).to_vec(),
        batch: BATCH,
    }
}

/// All of them.
#[must_use]
pub fn readers() -> Vec<ReaderPlan> {
    let mut readers = inbound();
    readers.extend([deliveries(), owners(), directory()]);
    readers
}
