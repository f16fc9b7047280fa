//! Fail points and sabotage switches. Without the feature `failpoints` each is the constant
//! `false` and costs nothing; what ships is built without it.

/// `sabotage-resend-unknown`: sends again what nobody knows the end of.
#[must_use]
pub fn resends_unknown() -> bool {
    fail::fail_point!("sabotage-resend-unknown", |_| true);
    false
}

/// `delivery-before-first-byte`: the attempt is leased, nothing has left.
#[must_use]
pub fn fails_before_first_byte() -> bool {
    fail::fail_point!("delivery-before-first-byte", |_| true);
    false
}

/// `delivery-announcement-lost`: what is about to leave is written down, and its worker is not told
/// that it is.
#[must_use]
pub fn loses_announcement() -> bool {
    fail::fail_point!("delivery-announcement-lost", |_| true);
    false
}

/// `delivery-after-first-byte`: the request has left, its answer has not been read.
#[must_use]
pub fn fails_after_first_byte() -> bool {
    fail::fail_point!("delivery-after-first-byte", |_| true);
    false
}

/// `delivery-before-settle`: the answer has been read and is not written down.
#[must_use]
pub fn fails_before_settle() -> bool {
    fail::fail_point!("delivery-before-settle", |_| true);
    false
}
