//! The stream that this service owns and the durable readers that it runs.

use std::time::Duration;

use kit_bus::{ReaderPlan, StreamPlan, filter};

/// The producer's name in subjects.
pub const PRODUCER: &str = "notification";

const BATCH: usize = 200;

/// Stream NOTIFICATION; gateways follow it with ordered consumers of their own.
#[must_use]
pub fn stream() -> StreamPlan {
    StreamPlan {
        name: "NOTIFICATION",
        producer: PRODUCER,
        max_age: Duration::from_hours(24),
        readers: Vec::new(),
    }
}

/// What happens to conversations.
#[must_use]
pub fn conversations() -> ReaderPlan {
    ReaderPlan {
        stream: "CONVERSATION",
        durable: "notification-conversations".to_owned(),
        filters: vec![filter("conversation", None, None)],
        batch: BATCH,
    }
}

/// Whose they are, and who is away.
#[must_use]
pub fn owners() -> ReaderPlan {
    ReaderPlan {
        stream: "ROUTING",
        durable: "notification-owners".to_owned(),
        filters: ["owner_changed", "availability_changed"]
            .map(|fact| filter("routing", None, Some(fact)))
            .to_vec(),
        batch: BATCH,
    }
}

/// Which replies failed.
#[must_use]
pub fn replies() -> ReaderPlan {
    ReaderPlan {
        stream: "DELIVERY",
        durable: "notification-replies".to_owned(),
        filters: vec![filter("delivery", None, Some("send_settled"))],
        batch: BATCH,
    }
}

/// Who members are, and whether networks take accounts' tokens.
#[must_use]
pub fn people() -> ReaderPlan {
    let facts = ["organization_changed", "member_changed", "channel_connected", "channel_changed"];
    ReaderPlan {
        stream: "DIRECTORY",
        durable: "notification-people".to_owned(),
        filters: facts.map(|fact| filter("directory", None, Some(fact))).to_vec(),
        batch: BATCH,
    }
}
