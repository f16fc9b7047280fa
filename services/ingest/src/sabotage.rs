//! Fail points and sabotage switches. Without the feature `failpoints` each is the constant
//! `false` and costs nothing; what ships is built without it.

/// `sabotage-answer-before-commit`: answers 2xx as soon as a webhook is queued.
#[must_use]
pub fn answers_before_commit() -> bool {
    fail::fail_point!("sabotage-answer-before-commit", |_| true);
    false
}

/// `sabotage-ignore-unique-key`: takes every item for a new one.
#[must_use]
pub fn ignores_unique_key() -> bool {
    fail::fail_point!("sabotage-ignore-unique-key", |_| true);
    false
}

/// `ingest-after-commit`: between the commit and the answer.
#[must_use]
pub fn fails_after_commit() -> bool {
    fail::fail_point!("ingest-after-commit", |_| true);
    false
}
