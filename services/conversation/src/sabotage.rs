//! A switch that breaks the service on purpose, to prove that the auditor of `tests/faults` turns
//! red. Without the feature `failpoints` it is the constant `false`; what ships is built without.

/// `sabotage-ignore-unique-key`: takes every delivery for a message never seen before.
#[must_use]
pub fn ignores_unique_key() -> bool {
    fail::fail_point!("sabotage-ignore-unique-key", |_| true);
    false
}
