//! How long a session lives.

use kit_values::OrganizationId;
use time::{Duration, OffsetDateTime};

use super::MemberId;

/// Longest life of a session, whatever is done with it.
pub const LIFETIME: Duration = Duration::days(14);
/// How long a session lives without a request and without an open socket.
pub const IDLE: Duration = Duration::hours(12);
/// How exactly the last use is kept: a use within this time of the last one writes nothing.
pub const TOUCH: Duration = Duration::minutes(1);

/// Somebody who has signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Where they belong.
    pub organization: OrganizationId,
    /// Who they are.
    pub member: MemberId,
    /// The member's session epoch when they signed in; a greater one voids the session.
    pub epoch: i64,
    /// When they signed in.
    pub created_at: OffsetDateTime,
    /// When the session was last used, to within [`TOUCH`].
    pub seen_at: OffsetDateTime,
}

/// What a session is worth at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Good.
    Good,
    /// Good, and its use should be written down.
    Stale,
    /// Over.
    Over,
}

impl Session {
    /// A session that begins now.
    #[must_use]
    pub fn begin(
        organization: OrganizationId,
        member: MemberId,
        epoch: i64,
        now: OffsetDateTime,
    ) -> Self {
        Self { organization, member, epoch, created_at: now, seen_at: now }
    }

    /// What the session is worth now.
    #[must_use]
    pub fn standing(&self, now: OffsetDateTime) -> Standing {
        if now - self.created_at >= LIFETIME || now - self.seen_at >= IDLE {
            Standing::Over
        } else if now - self.seen_at >= TOUCH {
            Standing::Stale
        } else {
            Standing::Good
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn session() -> Session {
        Session::begin(OrganizationId::mint(), MemberId::mint(), 1, OffsetDateTime::UNIX_EPOCH)
    }

    #[test]
    fn a_session_ends_when_it_is_old_or_unused() {
        let mut session = session();
        let start = session.created_at;
        assert_eq!(session.standing(start), Standing::Good);
        assert_eq!(session.standing(start + TOUCH), Standing::Stale);
        assert_eq!(session.standing(start + IDLE), Standing::Over);
        session.seen_at = start + LIFETIME - Duration::seconds(1);
        assert_eq!(session.standing(start + LIFETIME - Duration::seconds(1)), Standing::Good);
        assert_eq!(session.standing(start + LIFETIME), Standing::Over);
    }

    proptest! {
        #[test]
        fn no_use_prolongs_a_session_beyond_its_lifetime(pauses in prop::collection::vec(1_i64..50_000, 1..200)) {
            let mut session = session();
            let mut now = session.created_at;
            for pause in pauses {
                now += Duration::seconds(pause);
                match session.standing(now) {
                    Standing::Over => {
                        prop_assert!(
                            now - session.created_at >= LIFETIME || now - session.seen_at >= IDLE
                        );
                        return Ok(());
                    }
                    Standing::Stale => session.seen_at = now,
                    Standing::Good => {}
                }
                prop_assert!(now - session.created_at < LIFETIME);
            }
        }
    }
}
