//! The stream that this service owns and the durable readers that it runs.

use std::time::Duration;

use kit_bus::{ReaderPlan, StreamPlan, subject};
use kit_values::OrganizationId;

/// This service's name in subjects.
pub const PRODUCER: &str = "routing";

/// The reader of how conversations stand.
pub const CONVERSATIONS: &str = "routing-conversations";

/// The reader of members and channels.
pub const PEOPLE: &str = "routing-people";

/// Most events in one transaction.
const BATCH: usize = 200;

/// Stream ROUTING: owners and availability, kept for a day.
#[must_use]
pub fn stream() -> StreamPlan {
    StreamPlan {
        name: "ROUTING",
        producer: PRODUCER,
        max_age: Duration::from_hours(24),
        readers: vec!["conversation-owners".to_owned(), "notification-owners".to_owned()],
    }
}

/// How conversations stand; every fact carries it.
#[must_use]
pub fn conversations() -> ReaderPlan {
    ReaderPlan {
        stream: "CONVERSATION",
        durable: CONVERSATIONS.to_owned(),
        filters: Vec::new(),
        batch: BATCH,
    }
}

/// Members and channels, as directory tells of them.
#[must_use]
pub fn people() -> ReaderPlan {
    ReaderPlan {
        stream: "DIRECTORY",
        durable: PEOPLE.to_owned(),
        filters: Vec::new(),
        batch: BATCH,
    }
}

/// The subject of a fact about an organization.
#[must_use]
pub fn subject_of(organization: OrganizationId, fact: &str) -> String {
    subject(PRODUCER, None, Some(organization), fact)
}
