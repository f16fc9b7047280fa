//! Presence over random runs of Redis, gateways, sessions and observers, against the whole
//! record of what happened.

use proptest::prelude::*;
use time::{Duration, OffsetDateTime};

use super::config;
use super::draw::now;
use crate::domain::presence::{Observation, Presence, Source};

/// One second or more of a run.
#[derive(Debug, Clone)]
enum Step {
    /// Time passes, with a look at the source every few seconds as it should be.
    Run { seconds: i64, gateways: [bool; 2], session: bool, redis: bool },
    /// The observer itself is stopped; everything else goes on.
    Stopped { seconds: i64, session: bool },
    /// Redis starts again, empty.
    Emptied,
    /// The session is closed in order.
    Closed,
}

fn seconds() -> impl Strategy<Value = i64> {
    prop_oneof![1_i64..30, 100_i64..140, Just(15_i64), Just(120_i64)]
}

fn step() -> impl Strategy<Value = Step> {
    let mostly = || prop::bool::weighted(0.85);
    prop_oneof![
        8 => (seconds(), mostly(), mostly(), prop::bool::weighted(0.3), mostly()).prop_map(
            |(seconds, first, second, session, redis)| {
                Step::Run { seconds, gateways: [first, second], session, redis }
            }
        ),
        1 => (1_i64..60, any::<bool>())
            .prop_map(|(seconds, session)| Step::Stopped { seconds, session }),
        1 => Just(Step::Emptied),
        1 => Just(Step::Closed),
    ]
}

/// A run, second by second, and everything that ever happened in it.
struct Run {
    now: OffsetDateTime,
    source: Source,
    renewals: [Option<OffsetDateTime>; 2],
    last_seen: Option<OffsetDateTime>,
    /// Every look at the source, and whether what it found was healthy.
    looks: Vec<(OffsetDateTime, bool, bool)>,
}

impl Run {
    fn new() -> Self {
        Self {
            now: now(),
            source: Source::default(),
            renewals: [None; 2],
            last_seen: None,
            looks: Vec::new(),
        }
    }

    fn second(&mut self, gateways: [bool; 2], session: bool, redis: bool, looks: bool) {
        self.now += Duration::SECOND;
        let round = (self.now - now()).whole_seconds();
        if redis && round % 5 == 0 {
            for (renewal, reports) in self.renewals.iter_mut().zip(gateways) {
                if reports {
                    *renewal = Some(self.now);
                }
            }
            if session && gateways[0] {
                self.last_seen = Some(self.now);
            }
        }
        if looks && round % 3 == 0 {
            let renewals: Vec<OffsetDateTime> = self.renewals.iter().flatten().copied().collect();
            let observation = Observation { answered: redis, renewals: &renewals };
            self.source = self.source.observe(&observation, self.now);
            let ages: Vec<i64> =
                renewals.iter().map(|renewal| (self.now - *renewal).whole_seconds()).collect();
            let healthy = redis
                && ages.iter().any(|age| *age < 15)
                && !ages.iter().any(|age| (15..60).contains(age));
            self.looks.push((self.now, redis, healthy));
        }
    }

    /// By the words of the contract, from the whole record.
    fn expected(&self) -> Presence {
        let seconds_since = |moment: OffsetDateTime| (self.now - moment).whole_seconds();
        let Some((at, answered, healthy)) = self.looks.last().copied() else {
            return Presence::Unknown;
        };
        if !answered || seconds_since(at) >= 15 {
            return Presence::Unknown;
        }
        if self.last_seen.is_some_and(|seen| seconds_since(seen) < 15) {
            return Presence::Present;
        }
        if !healthy {
            return Presence::Unknown;
        }
        let mut healthy_since = at;
        for (earlier, _, healthy) in self.looks.iter().rev() {
            if !healthy || (healthy_since - *earlier).whole_seconds() >= 15 {
                break;
            }
            healthy_since = *earlier;
        }
        let silent = self.last_seen.map_or(i64::MAX, seconds_since);
        if silent >= 120 && seconds_since(healthy_since) >= 120 {
            Presence::Absent
        } else {
            Presence::Unseen
        }
    }

    fn check(&self) -> Result<(), TestCaseError> {
        let presence = self.source.presence(self.last_seen, self.now);
        prop_assert_eq!(presence, self.expected());
        Ok(())
    }
}

proptest! {
    #![proptest_config(config())]

    /// Present within 15 s of a sign of life; absent only after two minutes of silence on a
    /// source that was seen healthy all that time; unknown whenever it cannot be told.
    #[test]
    fn presence_is_what_the_whole_record_says(steps in prop::collection::vec(step(), 1..10)) {
        let mut run = Run::new();
        for step in steps {
            match step {
                Step::Run { seconds, gateways, session, redis } => {
                    for _ in 0..seconds {
                        run.second(gateways, session, redis, true);
                        run.check()?;
                    }
                }
                Step::Stopped { seconds, session } => {
                    for _ in 0..seconds {
                        run.second([true; 2], session, true, false);
                        run.check()?;
                    }
                }
                Step::Emptied => {
                    run.renewals = [None; 2];
                    run.last_seen = None;
                    run.check()?;
                }
                Step::Closed => run.last_seen = run.last_seen.map(|_| run.now),
            }
        }
    }

    /// Whatever was recorded, by whichever clock: a source that does not answer leaves everybody
    /// unknown, and nobody is present without a sign of life within 15 s.
    #[test]
    fn a_lost_source_makes_everybody_unknown(
        seen in prop::option::of(-10_000_i64..10_000),
        renewal in -10_000_i64..10_000,
    ) {
        let moment = |second| now() + Duration::seconds(second);
        let renewals = [moment(renewal)];
        let found = Observation { answered: true, renewals: &renewals };
        let lost = Observation { answered: false, renewals: &[] };
        let source = Source::default().observe(&found, now());
        let seen = seen.map(moment);
        prop_assert_eq!(source.observe(&lost, now()).presence(seen, now()), Presence::Unknown);
        let near = seen.is_some_and(|seen| (seen - now()).abs() < Duration::seconds(15));
        prop_assert_eq!(source.presence(seen, now()) == Presence::Present, near);
        prop_assert_ne!(source.presence(seen, now()), Presence::Absent, "seen healthy just now");
    }
}
