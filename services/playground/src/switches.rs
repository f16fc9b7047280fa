//! Faults that the networks are known for, by switch: what leaves twice, late, or out of order.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::world::Random;

/// The most updates that Meta puts into one request.
pub const LARGEST_BATCH: u16 = 1_000;

/// Within how much time a copy, or an update that others overtake, leaves after its turn.
const LATENESS: std::ops::RangeInclusive<u64> = 150..=2_000;

/// How updates leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Switches {
    /// How many of a hundred updates are sent a second time.
    pub duplicate_percent: u8,
    /// How many of a hundred updates are held back so that later ones overtake them.
    pub reorder_percent: u8,
    /// How long every update waits, in milliseconds.
    pub delay_ms: u32,
    /// The most updates in one request of Meta, over all accounts of an application; above one,
    /// updates wait up to 300 ms for company. X and TikTok send each alone.
    pub batch_size: u16,
    /// How many of a hundred happenings come without their author's name (X, Instagram), author
    /// (Facebook), or more than the notice that they happened (TikTok).
    pub withhold_percent: u8,
    /// What the choices above follow from.
    pub seed: u64,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            duplicate_percent: 0,
            reorder_percent: 0,
            delay_ms: 0,
            batch_size: 1,
            withhold_percent: 0,
            seed: 1,
        }
    }
}

impl Switches {
    /// The name of the first field with a value that cannot be, if one has.
    #[must_use]
    pub fn field_out_of_range(&self) -> Option<&'static str> {
        [
            ("duplicate_percent", self.duplicate_percent > 100),
            ("reorder_percent", self.reorder_percent > 100),
            ("withhold_percent", self.withhold_percent > 100),
            ("delay_ms", self.delay_ms > 600_000),
            ("batch_size", self.batch_size == 0 || self.batch_size > LARGEST_BATCH),
        ]
        .into_iter()
        .find_map(|(name, is_wrong)| is_wrong.then_some(name))
    }
}

/// One leaving of an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Departure {
    /// How long after it happened.
    pub after: Duration,
    /// Whether it is the second one.
    pub is_copy: bool,
}

/// Applies the switches to one update after another.
#[derive(Debug, Clone)]
pub struct Shaper {
    switches: Switches,
    random: Random,
}

impl Shaper {
    /// A run from its seed.
    #[must_use]
    pub fn new(switches: Switches) -> Self {
        Self { random: Random::new(switches.seed), switches }
    }

    /// The switches that it applies.
    #[must_use]
    pub fn switches(&self) -> &Switches {
        &self.switches
    }

    /// When the next update leaves: once, or twice.
    pub fn departures(&mut self) -> Vec<Departure> {
        let usual = Duration::from_millis(self.switches.delay_ms.into());
        let is_held = self.random.chance(self.switches.reorder_percent);
        let after = if is_held { usual + self.lateness() } else { usual };
        let mut departures = vec![Departure { after, is_copy: false }];
        if self.random.chance(self.switches.duplicate_percent) {
            departures.push(Departure { after: after + self.lateness(), is_copy: true });
        }
        departures
    }

    fn lateness(&mut self) -> Duration {
        Duration::from_millis(self.random.between(*LATENESS.start(), *LATENESS.end()))
    }
}

/// How long Meta waits before the next attempt after `failures` failed ones: at once, then more
/// and more rarely; none after 36 hours.
#[must_use]
pub fn next_attempt(failures: u32) -> Option<Duration> {
    const SECONDS: [u64; 10] = [0, 1, 2, 5, 10, 20, 60, 300, 900, 1_800];
    const HOURLY_UNTIL: u32 = 10 + 35;
    let index = usize::try_from(failures.checked_sub(1)?).ok()?;
    match SECONDS.get(index) {
        Some(seconds) => Some(Duration::from_secs(*seconds)),
        None => (failures <= HOURLY_UNTIL).then(|| Duration::from_hours(1)),
    }
}

/// How long TikTok waits: twice as long each time, an hour at most; none after 72 hours.
#[must_use]
pub fn next_attempt_of_tiktok(failures: u32) -> Option<Duration> {
    const LONGEST: Duration = Duration::from_hours(1);
    /// The attempts of the first hour and a quarter, and one in each of the hours after them.
    const MOST: u32 = 12 + 70;
    let doublings = failures.checked_sub(1)?;
    let wait = 1_u64.checked_shl(doublings).map_or(LONGEST, Duration::from_secs).min(LONGEST);
    (failures <= MOST).then_some(wait)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_switches_every_update_leaves_once_and_at_once() {
        let mut shaper = Shaper::new(Switches::default());
        for _ in 0..1_000 {
            let expected = [Departure { after: Duration::ZERO, is_copy: false }];
            assert_eq!(shaper.departures(), expected);
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_faults() {
        let switches =
            Switches { duplicate_percent: 30, reorder_percent: 30, ..Switches::default() };
        let run = |seed| {
            let mut shaper = Shaper::new(Switches { seed, ..switches.clone() });
            (0..200).map(|_| shaper.departures()).collect::<Vec<_>>()
        };
        assert_eq!(run(5), run(5));
        assert_ne!(run(5), run(6));
        let copies = run(5).iter().filter(|departures| departures.len() == 2).count();
        assert!((35..85).contains(&copies), "{copies} of 200 at 30 %");
    }

    #[test]
    fn meta_tries_again_at_once_then_more_rarely_and_gives_up_after_36_hours() {
        assert_eq!(next_attempt(0), None);
        assert_eq!(next_attempt(1), Some(Duration::ZERO));
        let waits: Vec<Duration> = (1..).map_while(next_attempt).collect();
        assert!(waits.is_sorted());
        let total: Duration = waits.iter().sum();
        let hours = total.as_secs() / 3_600;
        assert!((35..=36).contains(&hours), "{hours} hours");
    }

    #[test]
    fn tiktok_tries_again_more_and_more_rarely_and_gives_up_after_72_hours() {
        assert_eq!(next_attempt_of_tiktok(0), None);
        assert_eq!(next_attempt_of_tiktok(1), Some(Duration::from_secs(1)));
        let waits: Vec<Duration> = (1..).map_while(next_attempt_of_tiktok).collect();
        assert!(waits.is_sorted());
        let hours = waits.iter().sum::<Duration>().as_secs() / 3_600;
        assert!((70..=72).contains(&hours), "{hours} hours");
    }

    #[test]
    fn impossible_switches_are_named() {
        let wrong = Switches { batch_size: 0, ..Switches::default() };
        assert_eq!(wrong.field_out_of_range(), Some("batch_size"));
        let wrong = Switches { duplicate_percent: 101, ..Switches::default() };
        assert_eq!(wrong.field_out_of_range(), Some("duplicate_percent"));
        assert_eq!(Switches::default().field_out_of_range(), None);
    }
}
