//! When Bitly is not even asked: after trouble, so that replies do not wait for it one by one.

use std::time::{Duration, Instant};

use crate::bitly::Trouble;

/// How long nobody asks after one trouble; none: the next one asks.
#[must_use]
pub const fn pause(trouble: Trouble) -> Option<Duration> {
    match trouble {
        Trouble::Timeout | Trouble::Unavailable | Trouble::Unreadable => {
            Some(Duration::from_secs(15))
        }
        Trouble::RateLimited => Some(Duration::from_mins(1)),
        // Used up until the month ends, or until somebody buys more.
        Trouble::OverQuota => Some(Duration::from_mins(15)),
        Trouble::Unauthorized | Trouble::Forbidden => Some(Duration::from_mins(5)),
        // Of this one address.
        Trouble::Refused => None,
    }
}

/// What is known of one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Breaker(Option<(Instant, Trouble)>);

impl Breaker {
    /// Why nobody asks now; none when one may.
    #[must_use]
    pub fn refuses(&self, now: Instant) -> Option<Trouble> {
        self.0.filter(|(until, _)| now < *until).map(|(_, trouble)| trouble)
    }

    /// After an answer, or none.
    #[must_use]
    pub fn after(self, outcome: Result<(), Trouble>, now: Instant) -> Self {
        match outcome {
            Ok(()) => Self(None),
            Err(trouble) => pause(trouble).map_or(self, |pause| Self(Some((now + pause, trouble)))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trouble_pauses_and_an_answer_ends_the_pause() {
        let now = Instant::now();
        for trouble in Trouble::ALL {
            let breaker = Breaker::default().after(Err(trouble), now);
            let expected = (trouble != Trouble::Refused).then_some(trouble);
            assert_eq!(breaker.refuses(now), expected);
            if let Some(pause) = pause(trouble) {
                assert_eq!(breaker.refuses(now + pause), None, "one asks again");
            }
            assert_eq!(breaker.after(Ok(()), now).refuses(now), None);
        }
        let down = Breaker::default().after(Err(Trouble::Timeout), now);
        assert_eq!(down.after(Err(Trouble::Refused), now), down, "of one address only");
    }
}
