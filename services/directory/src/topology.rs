//! What the directory owns on the bus.

use std::time::Duration;

use kit_bus::StreamPlan;

/// The producer's name in subjects.
pub const PRODUCER: &str = "directory";

/// Stream DIRECTORY: facts about organizations, people and accounts, kept for a day.
#[must_use]
pub fn stream() -> StreamPlan {
    StreamPlan {
        name: "DIRECTORY",
        producer: PRODUCER,
        max_age: Duration::from_hours(24),
        readers: [
            "ingest-routes",
            "conversation-channels",
            "delivery-channels",
            "routing-people",
            "notification-people",
        ]
        .map(str::to_owned)
        .to_vec(),
    }
}
