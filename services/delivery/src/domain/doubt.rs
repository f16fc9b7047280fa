//! When a refused token is believed to be dead. X answered 401 to valid tokens during an outage
//! (`reference/networks.md` 1.3): one refusal, or several within a moment, prove nothing.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::words::ChannelId;

/// After so long without a refusal, the next one is the first again: what waits is tried every
/// five minutes at the latest, so nothing was tried meanwhile.
const FORGOTTEN: Duration = Duration::from_mins(30);

/// The accounts whose token was refused since it was last taken.
#[derive(Debug, Default)]
pub struct Doubts(HashMap<ChannelId, Doubt>);

#[derive(Debug)]
struct Doubt {
    /// Of the account: another version may have another token.
    version: i64,
    first: Instant,
    last: Instant,
}

impl Doubts {
    /// The network refused the token of this version of the account; true when it has done
    /// nothing else for as long as `confirmed_after`.
    pub fn refused(
        &mut self,
        channel: ChannelId,
        version: i64,
        confirmed_after: Duration,
        now: Instant,
    ) -> bool {
        let doubt = self.0.entry(channel).or_insert(Doubt { version, first: now, last: now });
        if doubt.version > version {
            // A call that was under way when the account was connected anew.
            return false;
        }
        if doubt.version < version || now.duration_since(doubt.last) > FORGOTTEN {
            *doubt = Doubt { version, first: now, last: now };
        }
        doubt.last = now;
        now.duration_since(doubt.first) >= confirmed_after
    }

    /// The network took it.
    pub fn taken(&mut self, channel: ChannelId) {
        self.0.remove(&channel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    #[test]
    fn a_refusal_is_confirmed_by_another_one_a_minute_later_with_no_success_in_between() {
        let (mut doubts, channel, start) = (Doubts::default(), ChannelId::mint(), Instant::now());
        let mut refused = |seconds| {
            let now = start + Duration::from_secs(seconds);
            doubts.refused(channel, 1, MINUTE, now)
        };
        assert_eq!([0, 5, 59, 60, 365].map(&mut refused), [false, false, false, true, true]);
        doubts.taken(channel);
        let mut refused = |seconds| {
            let now = start + Duration::from_secs(seconds);
            doubts.refused(channel, 1, MINUTE, now)
        };
        assert_eq!([400, 430, 460].map(&mut refused), [false, false, true]);
        // The next day.
        assert_eq!([90_000, 90_061].map(&mut refused), [false, true]);
    }

    #[test]
    fn each_token_and_each_account_is_doubted_for_itself() {
        let (mut doubts, start) = (Doubts::default(), Instant::now());
        let (channel, other) = (ChannelId::mint(), ChannelId::mint());
        let later = start + MINUTE;
        assert!(!doubts.refused(channel, 1, MINUTE, start));
        assert!(!doubts.refused(other, 1, MINUTE, later));
        assert!(!doubts.refused(channel, 2, MINUTE, later), "it was connected anew");
        assert!(!doubts.refused(channel, 1, MINUTE, later + MINUTE), "of the token before");
        assert!(doubts.refused(channel, 2, MINUTE, later + MINUTE));
    }

    #[test]
    fn without_a_time_the_first_refusal_is_enough() {
        let mut doubts = Doubts::default();
        assert!(doubts.refused(ChannelId::mint(), 1, Duration::ZERO, Instant::now()));
    }
}
