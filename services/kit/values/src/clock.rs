//! The only place that reads the wall clock.

use time::OffsetDateTime;

/// The present moment, UTC, in whole microseconds: what PostgreSQL keeps, so that a value read
/// back equals the value written.
///
/// Decisions take the moment as an argument; only the shell around them calls this.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
pub fn now() -> OffsetDateTime {
    truncated(OffsetDateTime::now_utc())
}

/// `moment` in UTC, cut to whole microseconds.
#[must_use]
pub fn truncated(moment: OffsetDateTime) -> OffsetDateTime {
    let moment = moment.to_offset(time::UtcOffset::UTC);
    let excess = moment.nanosecond() % 1_000;
    moment - time::Duration::nanoseconds(i64::from(excess))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_has_whole_microseconds() {
        assert_eq!(now().nanosecond() % 1_000, 0);
        let odd = OffsetDateTime::UNIX_EPOCH + time::Duration::nanoseconds(1_234_567);
        assert_eq!(truncated(odd).nanosecond(), 1_234_000);
    }
}
