//! Fail points and sabotage switches. Without the feature `failpoints` each is the constant
//! `false`, or nothing, and costs nothing; what ships is built without it.

/// `sabotage-no-planner-lock`: any number of planners plan for one organization at a time.
#[must_use]
pub fn ignores_planner_lock() -> bool {
    fail::fail_point!("sabotage-no-planner-lock", |_| true);
    false
}

/// `routing-before-execution`: the plan is made, nothing is locked.
pub fn before_execution() {
    fail::fail_point!("routing-before-execution");
}

/// `routing-before-commit`: everything is locked and written, nothing is committed.
pub fn before_commit() {
    fail::fail_point!("routing-before-commit");
}

/// `routing-before-standings`: what standings concern is locked, nothing is decided.
pub fn before_standings() {
    fail::fail_point!("routing-before-standings");
}

/// `routing-absent-at-once`: who is not seen for a moment counts as absent, so that a test need
/// not wait for two minutes.
#[must_use]
pub fn is_hasty() -> bool {
    fail::fail_point!("routing-absent-at-once", |_| true);
    false
}
