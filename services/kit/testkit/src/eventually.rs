//! Waiting for something to become, or to stay, true.

use std::time::Duration;

use tokio::time::Instant;

/// How often the condition is looked at.
const EVERY: Duration = Duration::from_millis(20);

/// Waits until `condition` holds. The test says what it was waiting for.
///
/// # Panics
/// When it does not within `timeout`.
pub async fn eventually(timeout: Duration, what: &str, condition: impl AsyncFn() -> bool) {
    let until = Instant::now() + timeout;
    while !condition().await {
        assert!(Instant::now() < until, "not within {timeout:?}: {what}");
        tokio::time::sleep(EVERY).await;
    }
}

/// Checks that `condition` holds now and for all of `time`.
///
/// # Panics
/// As soon as it does not.
pub async fn holds(time: Duration, what: &str, condition: impl AsyncFn() -> bool) {
    let until = Instant::now() + time;
    while Instant::now() < until {
        assert!(condition().await, "no longer: {what}");
        tokio::time::sleep(EVERY).await;
    }
}
