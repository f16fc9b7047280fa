//! What this service measures.

use std::time::Duration;

use networks::Network;

/// Age of the oldest attempt that may be made now, in seconds: the scale signal of this service.
const RUNNABLE_AGE: &str = "delivery_runnable_age_seconds";

/// How attempts ended, by network and outcome.
const SETTLED: &str = "delivery_settled_total";

/// How long calls of networks take, in seconds.
const CALL: &str = "delivery_call_seconds";

/// Echoes, by network and by what they were recognised.
const ECHOES: &str = "delivery_echoes_total";

/// Questions who wrote a message, by network and how they ended.
const LOOKUPS: &str = "delivery_lookups_total";

/// Tells the age of the oldest attempt that may be made.
pub fn runnable_age(network: Network, age: Duration) {
    metrics::gauge!(RUNNABLE_AGE, "network" => network.as_str()).set(age.as_secs_f64());
}

/// Counts an attempt that ended, or became unknown.
pub fn settled(network: Network, outcome: &'static str) {
    metrics::counter!(SETTLED, "network" => network.as_str(), "outcome" => outcome).increment(1);
}

/// Measures a call.
pub fn called(network: Network, call: &'static str, took: Duration) {
    metrics::histogram!(CALL, "network" => network.as_str(), "call" => call)
        .record(took.as_secs_f64());
}

/// Counts an echo.
pub fn echo(network: Network, how: &'static str) {
    metrics::counter!(ECHOES, "network" => network.as_str(), "recognised" => how).increment(1);
}

/// Counts a question who wrote a message that ended.
pub fn looked_up(network: Network, outcome: &'static str) {
    metrics::counter!(LOOKUPS, "network" => network.as_str(), "outcome" => outcome).increment(1);
}
