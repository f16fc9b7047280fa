//! What this service counts. Labels never hold a customer's words or an organization.

use std::time::Duration;

/// Items applied in one transaction, and how long that took.
pub(crate) fn applied(items: usize, took: Duration) {
    let items = u64::try_from(items).unwrap_or(u64::MAX);
    metrics::counter!("conversation_items_applied_total").increment(items);
    metrics::histogram!("conversation_batch_seconds").record(took.as_secs_f64());
}

/// Timers of one kind that fired.
pub(crate) fn fired(kind: &'static str, timers: usize) {
    let timers = u64::try_from(timers).unwrap_or(u64::MAX);
    metrics::counter!("conversation_timers_fired_total", "kind" => kind).increment(timers);
}

/// A reply was accepted, or its key asked for the answer again.
pub(crate) fn accepted(now: bool) {
    let outcome = if now { "accepted" } else { "known" };
    metrics::counter!("conversation_replies_accepted_total", "outcome" => outcome).increment(1);
}
