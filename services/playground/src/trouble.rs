//! Faults of the networks' own APIs, by switch: what a caller gets for an answer, whatever it
//! asked.
//!
//! A call is first refused (401, 429), or decided by the world. An accepted one has taken effect
//! and stands in the list of accepted calls, whichever of these its caller then gets.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::limits::Limits;
use crate::world::{Answered, Network, Random};

/// When a fault happens: to the next `count` calls that it could happen to, and to `percent` of a
/// hundred after them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Chance {
    /// How many more calls it happens to for certain; goes down with each.
    pub count: u32,
    /// To how many of a hundred other calls it happens.
    pub percent: u8,
}

impl Chance {
    fn strikes(&mut self, random: &mut Random) -> bool {
        if self.count > 0 {
            self.count -= 1;
            return true;
        }
        random.chance(self.percent)
    }
}

/// The faults of one network's API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NetworkFaults {
    /// The call takes effect; no answer ever comes.
    pub accept_then_time_out: Chance,
    /// The call takes effect; its connection is reset.
    pub reset_after_accept: Chance,
    /// The call takes effect; the answer is HTTP 500.
    pub fail_500_after_accept: Chance,
    /// Refused for its rate, with the time at which to try again.
    pub limit_429_with_hint: Chance,
    /// Refused for its rate, without a word on when to try again.
    pub limit_429_without_hint: Chance,
    /// X: the call takes effect; the answer holds `errors` beside what was made. The others: HTTP
    /// 200 with an error instead, and nothing happens.
    pub errors_in_200: Chance,
    /// Refused as if the token were nobody's; lookups too.
    pub refuse_401: Chance,
    /// The answer comes late.
    pub slow: Chance,
    /// How late a slow answer comes, in milliseconds.
    pub slow_ms: u32,
    /// The webhook that tells of it is answered before the call is.
    pub echo_first: Chance,
    /// What a hint says: try again in so many seconds. Meta's hints are whole minutes, TikTok's
    /// name only the span (second, minute, day) that is used up.
    pub hint_seconds: u32,
}

impl Default for NetworkFaults {
    fn default() -> Self {
        let never = Chance::default();
        Self {
            accept_then_time_out: never,
            reset_after_accept: never,
            fail_500_after_accept: never,
            limit_429_with_hint: never,
            limit_429_without_hint: never,
            errors_in_200: never,
            refuse_401: never,
            slow: never,
            slow_ms: 5_000,
            echo_first: never,
            hint_seconds: 5,
        }
    }
}

/// All of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Faults {
    /// Whether the networks' own limits hold.
    pub limits: Limits,
    /// What the choices follow from.
    pub seed: u64,
    /// Of X.
    pub x: NetworkFaults,
    /// Of Facebook.
    pub facebook: NetworkFaults,
    /// Of Instagram.
    pub instagram: NetworkFaults,
    /// Of TikTok.
    pub tiktok: NetworkFaults,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            limits: Limits::True,
            seed: 1,
            x: NetworkFaults::default(),
            facebook: NetworkFaults::default(),
            instagram: NetworkFaults::default(),
            tiktok: NetworkFaults::default(),
        }
    }
}

impl Faults {
    /// The faults of one network.
    #[must_use]
    pub const fn of(&self, network: Network) -> &NetworkFaults {
        match network {
            Network::X => &self.x,
            Network::Facebook => &self.facebook,
            Network::Instagram => &self.instagram,
            Network::Tiktok => &self.tiktok,
        }
    }

    /// The name of the first field with a value that cannot be, if one has.
    #[must_use]
    pub fn field_out_of_range(&self) -> Option<&'static str> {
        let networks = [&self.x, &self.facebook, &self.instagram, &self.tiktok];
        networks.into_iter().find_map(|faults| {
            let chances = [
                ("accept_then_time_out", faults.accept_then_time_out),
                ("reset_after_accept", faults.reset_after_accept),
                ("fail_500_after_accept", faults.fail_500_after_accept),
                ("limit_429_with_hint", faults.limit_429_with_hint),
                ("limit_429_without_hint", faults.limit_429_without_hint),
                ("errors_in_200", faults.errors_in_200),
                ("refuse_401", faults.refuse_401),
                ("slow", faults.slow),
                ("echo_first", faults.echo_first),
            ];
            let chance = chances.into_iter().find(|(_, chance)| chance.percent > 100);
            chance
                .map(|(name, _)| name)
                .or_else(|| (faults.slow_ms > 50_000).then_some("slow_ms"))
                .or_else(|| (faults.hint_seconds > 86_400).then_some("hint_seconds"))
        })
    }
}

/// What a caller gets for an accepted call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fate {
    /// The kind of answer.
    pub answered: Answered,
    /// How late it comes.
    pub late: Duration,
    /// Whether the webhook goes first.
    pub echo_first: bool,
}

/// Applies the faults to one call after another.
#[derive(Debug, Clone)]
pub struct Trouble {
    faults: Faults,
    random: Random,
}

impl Trouble {
    /// A run from its seed.
    #[must_use]
    pub const fn new(faults: Faults) -> Self {
        Self { random: Random::new(faults.seed), faults }
    }

    /// The faults as they stand: counts have gone down with what happened.
    #[must_use]
    pub const fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Whether the token of the next call is refused.
    pub fn refuses_token(&mut self, network: Network) -> bool {
        let (faults, random) = self.parts(network);
        faults.refuse_401.strikes(random)
    }

    /// Whether the next call is refused for its rate, and how many seconds it is told to wait.
    pub fn limits(&mut self, network: Network) -> Option<Option<u32>> {
        let (faults, random) = self.parts(network);
        if faults.limit_429_with_hint.strikes(random) {
            return Some(Some(faults.hint_seconds));
        }
        faults.limit_429_without_hint.strikes(random).then_some(None)
    }

    /// Not on X: whether the next call is answered 200 with an error in it.
    pub fn answers_error(&mut self, network: Network) -> bool {
        let (faults, random) = self.parts(network);
        network != Network::X && faults.errors_in_200.strikes(random)
    }

    /// What the caller of the next accepted call gets: one fault at most, and maybe late.
    pub fn fate(&mut self, network: Network) -> Fate {
        let (faults, random) = self.parts(network);
        let answered = if faults.accept_then_time_out.strikes(random) {
            Answered::Nothing
        } else if faults.reset_after_accept.strikes(random) {
            Answered::Reset
        } else if faults.fail_500_after_accept.strikes(random) {
            Answered::ServerError
        } else if network == Network::X && faults.errors_in_200.strikes(random) {
            Answered::WithErrors
        } else {
            Answered::Success
        };
        let late = if faults.slow.strikes(random) { faults.slow_ms } else { 0 };
        Fate {
            answered,
            late: Duration::from_millis(late.into()),
            echo_first: faults.echo_first.strikes(random),
        }
    }

    fn parts(&mut self, network: Network) -> (&mut NetworkFaults, &mut Random) {
        let faults = match network {
            Network::X => &mut self.faults.x,
            Network::Facebook => &mut self.faults.facebook,
            Network::Instagram => &mut self.faults.instagram,
            Network::Tiktok => &mut self.faults.tiktok,
        };
        (faults, &mut self.random)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_switches_every_call_is_answered_at_once() {
        let mut trouble = Trouble::new(Faults::default());
        for network in [Network::X, Network::Facebook, Network::Instagram, Network::Tiktok] {
            assert!(!trouble.refuses_token(network) && !trouble.answers_error(network));
            assert_eq!(trouble.limits(network), None);
            let fate = trouble.fate(network);
            assert_eq!((fate.answered, fate.late), (Answered::Success, Duration::ZERO));
            assert!(!fate.echo_first);
        }
    }

    #[test]
    fn a_count_goes_down_and_a_percentage_follows_from_the_seed() {
        let mut faults = Faults::default();
        faults.x.reset_after_accept.count = 2;
        faults.facebook.slow = Chance { count: 0, percent: 50 };
        let run = || {
            let mut trouble = Trouble::new(faults.clone());
            let on_x: Vec<Answered> = (0..3).map(|_| trouble.fate(Network::X).answered).collect();
            assert_eq!(on_x, [Answered::Reset, Answered::Reset, Answered::Success]);
            assert_eq!(trouble.faults().x.reset_after_accept.count, 0);
            (0..100).map(|_| trouble.fate(Network::Facebook).late).collect::<Vec<_>>()
        };
        let late = run();
        assert_eq!(late, run());
        let count = late.iter().filter(|late| !late.is_zero()).count();
        assert!((30..70).contains(&count), "{count} of 100 at 50 %");
    }

    #[test]
    fn impossible_faults_are_named() {
        let mut faults = Faults::default();
        assert_eq!(faults.field_out_of_range(), None);
        faults.facebook.slow.percent = 101;
        assert_eq!(faults.field_out_of_range(), Some("slow"));
        faults = Faults::default();
        faults.x.slow_ms = 60_000;
        assert_eq!(faults.field_out_of_range(), Some("slow_ms"));
    }
}
