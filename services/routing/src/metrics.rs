//! What this service counts. Labels never hold a member or an organization.

use std::time::Duration;

/// Conversations handed to somebody by one plan, each this long after the plan's cause was
/// committed.
pub(crate) fn assigned(placed: usize, refused: usize, after: Duration) {
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    metrics::counter!("routing_assigned_total").increment(count(placed));
    metrics::counter!("routing_placements_refused_total").increment(count(refused));
    for _ in 0..placed {
        metrics::histogram!("routing_assignment_seconds").record(after.as_secs_f64());
    }
}

/// How long one plan took, from BEGIN to its end.
pub(crate) fn planned(took: Duration, outcome: &'static str) {
    metrics::histogram!("routing_plan_seconds", "outcome" => outcome).record(took.as_secs_f64());
}

/// Conversations that wait, over all organizations.
pub(crate) fn waiting(conversations: i64) {
    let conversations = u32::try_from(conversations).unwrap_or(u32::MAX);
    metrics::gauge!("routing_waiting").set(f64::from(conversations));
}

/// Conversations that went back to the queue.
pub(crate) fn handed_back(conversations: usize, reason: &'static str) {
    let conversations = u64::try_from(conversations).unwrap_or(u64::MAX);
    metrics::counter!("routing_handed_back_total", "reason" => reason).increment(conversations);
}

/// Whether Redis answered.
pub(crate) fn presence_answered(answered: bool) {
    let outcome = if answered { "answered" } else { "lost" };
    metrics::counter!("routing_presence_calls_total", "outcome" => outcome).increment(1);
    metrics::gauge!("routing_presence_known").set(f64::from(u8::from(answered)));
}
