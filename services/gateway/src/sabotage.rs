//! A switch that breaks the service on purpose, to prove that `tests/bench` notices a message
//! without a frame. Without the feature `failpoints` it is the constant `false`; what ships is
//! built without.

/// `sabotage-drop-frame`: tells nobody of a conversation that has changed.
#[must_use]
pub fn drops_frame() -> bool {
    fail::fail_point!("sabotage-drop-frame", |_| true);
    false
}
