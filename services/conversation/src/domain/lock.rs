//! The reply lock: who may answer now. A lease of 30 s that is renewed while the composer has
//! the focus; every new holder gets a greater fence, and a reply with an older one is refused.
//!
//! Moments are the database's, so that no two processes disagree about who holds it.

use time::{Duration, OffsetDateTime};

use super::access::Level;
use super::words::MemberId;

/// How long it is held unless renewed.
pub const LEASE: Duration = Duration::seconds(30);

/// Who holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Who.
    pub member: MemberId,
    /// In which of the member's browser sessions.
    pub session: String,
    /// Until when.
    pub expires_at: OffsetDateTime,
}

/// The lock of one conversation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lock {
    /// Who held it last, unless it was given back.
    pub holder: Option<Holder>,
    /// Grows with every new holder; 0 before the first.
    pub fence: i64,
}

/// Who wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Who.
    pub member: MemberId,
    /// In which browser session.
    pub session: String,
    /// Displace whoever holds it.
    pub take_over: bool,
    /// What the member may do with the conversation.
    pub level: Level,
    /// The conversation is assigned to the member.
    pub owns: bool,
}

/// What became of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The same holder goes on, with the same fence: nobody else needs to know.
    Renewed(Lock),
    /// A new holder.
    Taken(Lock),
    /// Somebody else holds it.
    Held,
    /// Somebody else holds it, and the member may not displace them.
    NotAllowed,
}

impl Lock {
    /// The lock's live holder.
    #[must_use]
    pub fn held(&self, now: OffsetDateTime) -> Option<&Holder> {
        self.holder.as_ref().filter(|holder| holder.expires_at > now)
    }

    /// What becomes of `claim`.
    #[must_use]
    pub fn claimed(&self, claim: &Claim, now: OffsetDateTime) -> Outcome {
        let holder = Holder {
            member: claim.member,
            session: claim.session.clone(),
            expires_at: now + LEASE,
        };
        let is_own = |held: &Holder| held.member == claim.member && held.session == claim.session;
        match &self.holder {
            // Its own, even if it has expired meanwhile: nobody came between.
            Some(held) if is_own(held) => {
                Outcome::Renewed(Self { holder: Some(holder), fence: self.fence })
            }
            Some(held) if held.expires_at > now => {
                // A member's own other tab may always be displaced.
                let may =
                    claim.level == Level::Supervisor || claim.owns || held.member == claim.member;
                match (claim.take_over, may) {
                    (true, true) => self.taken(holder),
                    (true, false) => Outcome::NotAllowed,
                    (false, _) => Outcome::Held,
                }
            }
            Some(_) | None => self.taken(holder),
        }
    }

    fn taken(&self, holder: Holder) -> Outcome {
        Outcome::Taken(Self { holder: Some(holder), fence: self.fence + 1 })
    }

    /// Whether a reply of `member` that was written under `fence` (0: without ever holding the
    /// lock) may be sent.
    #[must_use]
    pub fn admits(&self, member: MemberId, fence: i64, now: OffsetDateTime) -> bool {
        let elsewhere = self.held(now).is_some_and(|held| held.member != member);
        !elsewhere && (fence == 0 || fence == self.fence)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn moment(second: i64) -> OffsetDateTime {
        OffsetDateTime::UNIX_EPOCH + Duration::seconds(second)
    }

    fn claim(member: MemberId, session: &str, take_over: bool) -> Claim {
        Claim {
            member,
            session: session.to_owned(),
            take_over,
            level: Level::Contributor,
            owns: false,
        }
    }

    fn taken(outcome: Outcome) -> Lock {
        match outcome {
            Outcome::Taken(lock) | Outcome::Renewed(lock) => lock,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn it_is_free_again_when_its_time_is_over_and_a_stale_fence_sends_nothing() {
        let (anna, ben) = (MemberId::mint(), MemberId::mint());
        let lock = taken(Lock::default().claimed(&claim(anna, "a", false), moment(0)));
        assert_eq!(lock.claimed(&claim(ben, "b", false), moment(29)), Outcome::Held);
        assert!(!lock.admits(ben, 0, moment(29)));
        assert!(lock.admits(anna, 1, moment(29)) && lock.admits(anna, 1, moment(31)));
        let later = taken(lock.claimed(&claim(ben, "b", false), moment(30)));
        assert_eq!(later.fence, 2);
        assert!(!later.admits(anna, 1, moment(31)) && !later.admits(anna, 0, moment(31)));
        assert!(!later.admits(anna, 1, moment(300)), "her fence stays stale");
    }

    #[test]
    fn only_those_who_lead_and_the_owner_displace_a_holder() {
        let (anna, ben) = (MemberId::mint(), MemberId::mint());
        let lock = taken(Lock::default().claimed(&claim(anna, "a", false), moment(0)));
        let asks = claim(ben, "b", true);
        assert_eq!(lock.claimed(&asks, moment(1)), Outcome::NotAllowed);
        let owner = Claim { owns: true, ..asks.clone() };
        assert_eq!(taken(lock.claimed(&owner, moment(1))).fence, 2);
        let level = Level::Supervisor;
        assert_eq!(taken(lock.claimed(&Claim { level, ..asks }, moment(1))).fence, 2);
        let other_tab = claim(anna, "a2", true);
        assert_eq!(taken(lock.claimed(&other_tab, moment(1))).fence, 2);
    }

    proptest! {
        /// Whatever is claimed whenever: at most one fence is current, it only grows, and it
        /// changes exactly when the holder does.
        #[test]
        fn the_fence_grows_exactly_with_new_holders(
            claims in prop::collection::vec((0_usize..3, 0_u8..2, any::<bool>(), 0_i64..40), 1..40),
        ) {
            let members = [MemberId::mint(), MemberId::mint(), MemberId::mint()];
            let mut lock = Lock::default();
            let mut now = moment(0);
            for (who, tab, take_over, pause) in claims {
                now += Duration::seconds(pause);
                let asks = Claim { owns: who == 0, ..claim(members[who], &tab.to_string(), take_over) };
                let before = lock.clone();
                match lock.claimed(&asks, now) {
                    Outcome::Renewed(renewed) => {
                        prop_assert_eq!(renewed.fence, before.fence);
                        let same = |lock: &Lock| lock.holder.clone().map(|it| (it.member, it.session));
                        prop_assert_eq!(same(&renewed), same(&before));
                        lock = renewed;
                    }
                    Outcome::Taken(new) => {
                        prop_assert_eq!(new.fence, before.fence + 1);
                        lock = new;
                    }
                    Outcome::Held | Outcome::NotAllowed => {
                        prop_assert!(before.held(now).is_some());
                    }
                }
                for member in members {
                    let holds = lock.held(now).is_some_and(|held| held.member == member);
                    prop_assert_eq!(lock.admits(member, lock.fence, now), holds || lock.held(now).is_none());
                    prop_assert!(!lock.admits(member, lock.fence + 1, now));
                }
            }
        }
    }
}
