//! What this service measures. Its other scale signal, the age of the oldest unpublished event,
//! is the relay's own: `bus_outbox_oldest_seconds`.

use std::collections::HashMap;

use crate::domain::Settled;
use crate::store::Entry;

/// Webhooks being received: the scale signal of this service.
pub const IN_FLIGHT: &str = "ingest_requests_in_flight";

/// Webhooks refused, by reason.
pub const REFUSED: &str = "ingest_refused_total";

/// Requests committed together.
pub const BATCH: &str = "ingest_batch_requests";

/// Time from a complete body to its commit, in seconds.
pub const COMMIT: &str = "ingest_commit_seconds";

/// Items by kind, outcome and reason.
const OUTCOMES: &str = "ingest_items_total";

/// What delivery said of authors who were wanted.
const ANSWERS: &str = "ingest_author_answers_total";

/// Counts answers of delivery.
pub fn count_answers(found: usize, not_found: usize) {
    for (outcome, count) in [("found", found), ("not_found", not_found)] {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        metrics::counter!(ANSWERS, "outcome" => outcome).increment(count);
    }
}

/// How many items had each kind, outcome and reason.
pub type Tallies = HashMap<(String, Settled, String), u64>;

/// Counts, inside a transaction that may yet fail.
#[must_use]
pub fn counted(entries: &[Entry]) -> Tallies {
    let mut tallies = Tallies::new();
    for entry in entries {
        let key = (kind(entry).to_owned(), entry.outcome, entry.reason.clone());
        *tallies.entry(key).or_default() += 1;
    }
    tallies
}

/// Publishes counts of a committed transaction.
pub fn count_outcomes(tallies: &Tallies) {
    for ((kind, outcome, reason), count) in tallies {
        metrics::counter!(
            OUTCOMES,
            "kind" => kind.clone(), "outcome" => outcome.as_str(), "reason" => reason.clone()
        )
        .increment(*count);
    }
}

/// A counter's label: kinds that nobody listed may be any text, so they share one.
fn kind(entry: &Entry) -> &str {
    let listed = match entry.outcome {
        Settled::Stored | Settled::Duplicate | Settled::Waiting => true,
        Settled::Ignored => entry.reason != "kind_unknown",
        Settled::Parked => false,
    };
    if listed && entry.kind.len() <= 64 { &entry.kind } else { "other" }
}
