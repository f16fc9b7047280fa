//! What holds whatever happens in whatever order.

use std::collections::BTreeMap;
use std::time::Duration;

use kit_values::OrganizationId;
use proptest::prelude::*;
use time::OffsetDateTime;
use uuid::Uuid;

use super::attempt::{
    Attempt, Command, Decision, Failure, Sent, SettledBy, State, Verdict, decide,
};
use super::budget::{Allowance, Budget, Ledger, Name, Turn, next_turn, observe};
use super::turns::{Queue, share};
use super::words::{Action, Key, MessageId};

const START: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;
const LEASE: Duration = Duration::from_mins(1);

fn key(action: Action) -> Key {
    let organization = OrganizationId::from_uuid(Uuid::from_u128(1));
    Key { organization, message: MessageId::from_uuid(Uuid::from_u128(2)), action, attempt: 1 }
}

/// What the network does with a request, and what its caller sees of that.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Accepted,
    AcceptedThenLost,
    AcceptedThen500,
    LostBefore,
    Refused,
    Limited,
    LimitedWithHint,
    Unreachable,
    TokenRefused,
}

#[derive(Debug, Clone, Copy)]
enum Step {
    /// Somebody begins.
    Lease,
    /// Whoever began, the how manyeth, writes down its first byte.
    FirstByte(usize),
    /// Whoever wrote down its first byte sends it, however late.
    Send(usize, Fate),
    /// Whoever has an answer writes it down, however late.
    Settle(usize),
    Release(usize),
    Crash(usize),
    Hold,
    Sweep,
    Pass(u16),
    Echo,
    Person(bool),
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        Just(Fate::Accepted),
        Just(Fate::AcceptedThenLost),
        Just(Fate::AcceptedThen500),
        Just(Fate::LostBefore),
        Just(Fate::Refused),
        Just(Fate::Limited),
        Just(Fate::LimitedWithHint),
        Just(Fate::Unreachable),
        Just(Fate::TokenRefused),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => Just(Step::Lease),
        4 => (0..4_usize).prop_map(Step::FirstByte),
        5 => (0..4_usize, fate()).prop_map(|(who, fate)| Step::Send(who, fate)),
        4 => (0..4_usize).prop_map(Step::Settle),
        1 => (0..4_usize).prop_map(Step::Release),
        1 => (0..4_usize).prop_map(Step::Crash),
        1 => Just(Step::Hold),
        3 => Just(Step::Sweep),
        3 => (0..200_u16).prop_map(Step::Pass),
        1 => Just(Step::Echo),
        1 => any::<bool>().prop_map(Step::Person),
    ];
    prop::collection::vec(step, 0..60)
}

/// A worker as it is known to itself.
#[derive(Debug, Clone, Copy)]
struct Worker {
    fence: i64,
    announced: bool,
    sent: Option<Fate>,
}

#[derive(Debug)]
struct World {
    attempt: Attempt,
    now: OffsetDateTime,
    workers: Vec<Option<Worker>>,
    accepted: u32,
    /// When it became Sending, while it is.
    sending_since: Option<OffsetDateTime>,
}

fn failure(code: &str) -> Failure {
    Failure { code: code.to_owned(), ..Failure::default() }
}

fn sent() -> Sent {
    Sent { external_id: "900".to_owned(), ..Sent::default() }
}

impl World {
    fn new(action: Action) -> Self {
        Self {
            attempt: Attempt::queued(key(action), START),
            now: START,
            workers: Vec::new(),
            accepted: 0,
            sending_since: None,
        }
    }

    fn command(&mut self, command: &Command) -> bool {
        let before = self.attempt.clone();
        let Ok(decision) = decide(&before, command.clone(), self.now) else { return false };
        let after = decision.after;
        assert!(may_follow(&before, &after.state, command), "{before:?} became {after:?}");
        assert!(after.fence >= before.fence, "the fence grows");
        if matches!(after.state, State::Sending { .. }) {
            self.sending_since.get_or_insert(self.now);
        } else {
            self.sending_since = None;
        }
        self.attempt = after;
        true
    }

    fn worker(&mut self, who: usize) -> Option<Worker> {
        self.workers.get(who).copied().flatten()
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Lease => {
                if self.command(&Command::Lease(LEASE)) {
                    let fence = self.attempt.fence;
                    self.workers.push(Some(Worker { fence, announced: false, sent: None }));
                }
            }
            Step::FirstByte(who) => {
                let Some(worker) = self.worker(who).filter(|worker| !worker.announced) else {
                    return;
                };
                if self.command(&Command::FirstByte { fence: worker.fence }) {
                    self.workers[who] = Some(Worker { announced: true, ..worker });
                }
            }
            Step::Send(who, fate) => {
                let may = |worker: &Worker| worker.announced && worker.sent.is_none();
                let Some(worker) = self.worker(who).filter(may) else { return };
                if matches!(fate, Fate::Accepted | Fate::AcceptedThenLost | Fate::AcceptedThen500) {
                    self.accepted += 1;
                }
                self.workers[who] = Some(Worker { sent: Some(fate), ..worker });
            }
            Step::Settle(who) => self.settle(who),
            Step::Release(who) => {
                // Only who has not sent lets go.
                let Some(worker) = self.worker(who).filter(|worker| worker.sent.is_none()) else {
                    return;
                };
                self.command(&Command::Unsent { fence: worker.fence, until: self.now });
                self.workers[who] = None;
            }
            Step::Crash(who) => {
                if let Some(worker) = self.workers.get_mut(who) {
                    *worker = None;
                }
            }
            Step::Hold => {
                let until = self.now + LEASE;
                self.command(&Command::Hold { until, reason: "rate_limited".to_owned() });
            }
            Step::Sweep => {
                self.command(&Command::LeaseOver);
            }
            Step::Pass(seconds) => self.now += Duration::from_secs(seconds.into()),
            Step::Echo if self.accepted > 0 => {
                self.command(&Command::Echoed(sent()));
            }
            Step::Echo => {}
            Step::Person(sent) => {
                self.command(&Command::Person { sent });
            }
        }
    }

    fn settle(&mut self, who: usize) {
        let Some(worker) = self.worker(who) else { return };
        let Some(fate) = worker.sent else { return };
        self.workers[who] = None;
        let wait = |until| Verdict::Wait { reason: "rate_limited", sentence: String::new(), until };
        let verdict = match fate {
            Fate::Accepted => Verdict::Sent(sent()),
            Fate::AcceptedThenLost | Fate::AcceptedThen500 | Fate::LostBefore => {
                Verdict::Unknown(failure("answer_lost"))
            }
            Fate::Refused => Verdict::Failed(failure("refused")),
            Fate::Limited | Fate::Unreachable => wait(None),
            Fate::LimitedWithHint => wait(Some(self.now + Duration::from_mins(15))),
            Fate::TokenRefused => Verdict::TokenRefused,
        };
        self.command(&Command::Answer { fence: worker.fence, verdict, status: None });
    }
}

/// What may follow what.
#[expect(clippy::match_same_arms, reason = "one line a rule")]
fn may_follow(before: &Attempt, after: &State, command: &Command) -> bool {
    match (&before.state, after) {
        // Final never regresses; a person's word gets its id.
        (State::Sent(known), State::Sent(_)) => {
            known.external_id.is_empty() && matches!(command, Command::Echoed(_))
        }
        // What was said to have failed may turn out to be there.
        (State::Failed(_), State::Sent(_)) => match command {
            Command::Echoed(_) => true,
            Command::Answer { .. } => before.settled.is_some_and(|(_, by)| by == SettledBy::Person),
            _ => false,
        },
        (State::Sent(_) | State::Failed(_), _) => false,
        // Unknown is settled, never made again.
        (State::Unknown(_), State::Sent(_) | State::Failed(_)) => true,
        (State::Unknown(_), _) => false,
        (State::Queued | State::Waiting { .. }, State::Unknown(_)) => false,
        // What may have left is not made again, unless its own maker knows that it did not.
        (State::Sending { .. }, State::Queued | State::Waiting { .. }) => {
            before.key.action.is_repeatable()
                || before.first_byte_at.is_none()
                || matches!(command, Command::Answer { .. } | Command::Unsent { .. })
        }
        _ => true,
    }
}

fn cases() -> ProptestConfig {
    ProptestConfig { cases: 1_000, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn whatever_crashes_or_comes_late_the_network_takes_an_attempt_at_most_once(steps in steps()) {
        let mut world = World::new(Action::Send);
        for step in steps {
            world.step(step);
            prop_assert!(world.accepted <= 1, "taken {} times", world.accepted);
            if matches!(world.attempt.state, State::Failed(_))
                && world.attempt.settled.is_some_and(|(_, by)| by.as_str() == "answer")
            {
                prop_assert_eq!(world.accepted, 0, "said to have failed, but taken");
            }
        }
    }

    #[test]
    fn an_attempt_that_is_swept_never_stays_being_made(steps in steps()) {
        let mut world = World::new(Action::Send);
        for step in steps {
            world.step(step);
            // The sweep comes every second.
            world.step(Step::Sweep);
            if let Some(since) = world.sending_since {
                prop_assert!(world.now - since < Duration::from_mins(2) + Duration::from_secs(200));
                let State::Sending { lease_until } = world.attempt.state else { unreachable!() };
                prop_assert!(world.now < lease_until, "made beyond its lease");
            }
        }
        world.now += LEASE;
        world.step(Step::Sweep);
        let is_made = matches!(world.attempt.state, State::Sending { .. });
        prop_assert!(!is_made);
    }

    #[test]
    fn nothing_is_begun_when_its_lease_is_over(steps in steps()) {
        let mut world = World::new(Action::Send);
        for step in steps {
            let before = world.attempt.clone();
            world.step(step);
            if world.attempt.first_byte_at.is_some() && before.first_byte_at.is_none() {
                let State::Sending { lease_until } = before.state else {
                    return Err(TestCaseError::fail("begun without a lease"));
                };
                prop_assert!(world.now < lease_until);
            }
        }
    }

    #[test]
    fn what_may_be_done_twice_is_made_until_it_is_known_to_be_done(
        steps in steps(),
        action in prop::sample::select(Action::ALL[1..].to_vec()),
    ) {
        let mut world = World::new(action);
        for step in steps {
            world.step(step);
            let is_unknown = matches!(world.attempt.state, State::Unknown(_));
            prop_assert!(!is_unknown);
        }
    }

    #[test]
    fn what_comes_twice_changes_nothing_the_second_time(steps in steps()) {
        let mut world = World::new(Action::Send);
        for step in steps {
            world.step(step);
        }
        for command in [
            Command::Echoed(sent()),
            Command::Person { sent: true },
            Command::FirstByte { fence: world.attempt.fence },
            Command::Answer {
                fence: world.attempt.fence,
                verdict: Verdict::Sent(sent()),
                status: Some(200),
            },
        ] {
            if let Ok(first) = decide(&world.attempt, command.clone(), world.now) {
                let second = decide(&first.after, command, world.now);
                let nothing = second == Ok(Decision { news: None, ..first });
                prop_assert!(second.is_err() || nothing);
            }
        }
    }
}

fn name(holder: u128, call: &str) -> Name {
    Name { holder: Uuid::from_u128(holder), call: call.to_owned(), name: "limit".to_owned() }
}

fn budget(remaining: i32, resets_in: u64) -> Budget {
    Budget {
        allowed: 10,
        remaining,
        counted: true,
        resets_at: START + Duration::from_secs(resets_in),
        reason: format!("reason {resets_in}"),
    }
}

proptest! {
    #[test]
    fn a_call_waits_for_the_last_of_the_limits_that_are_used_up(
        limits in prop::collection::vec((-2..5_i32, 0..100_u64), 0..8),
        after in 0..100_u64,
    ) {
        let now = START + Duration::from_secs(after);
        let budgets: Vec<Budget> =
            limits.iter().map(|(remaining, resets_in)| budget(*remaining, *resets_in)).collect();
        let last = limits
            .iter()
            .filter(|(remaining, resets_in)| *remaining <= 0 && *resets_in > after)
            .map(|(_, resets_in)| *resets_in)
            .max();
        let expected = last.map_or(Turn::Now, |last| Turn::At {
            until: START + Duration::from_secs(last),
            reason: format!("reason {last}"),
        });
        prop_assert_eq!(next_turn(&budgets, now), expected);
    }

    #[test]
    fn no_window_ever_takes_more_than_it_allows(
        pauses in prop::collection::vec(0..20_u64, 1..120),
        limit in 1..8_i32,
    ) {
        let (account, application) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let window = Duration::from_mins(1);
        let allowances = [
            Allowance { holder: account, name: "limit", limit, window },
            Allowance { holder: application, name: "limit", limit: limit + 2, window: window * 3 },
        ];
        let mut ledger = Ledger::default();
        let mut now = START;
        let mut taken: BTreeMap<OffsetDateTime, i32> = BTreeMap::new();
        let mut began = None;
        for pause in pauses {
            now += Duration::from_secs(pause);
            let window_began = *began.insert(began.filter(|at| now < *at + window).unwrap_or(now));
            match ledger.take(&[account, application], "post", &allowances, now) {
                Turn::Now => *taken.entry(window_began).or_default() += 1,
                Turn::At { until, .. } => prop_assert!(until > now),
            }
        }
        prop_assert!(taken.values().all(|count| *count <= limit), "{taken:?} of {limit}");
    }

    #[test]
    fn a_limit_of_one_sort_of_call_or_of_another_account_bounds_no_other(remaining in -1..1_i32) {
        let now = START;
        let mut ledger = Ledger::new([
            (name(1, "post"), budget(remaining, 60)),
            (name(2, ""), budget(remaining, 60)),
        ]);
        let take = |ledger: &mut Ledger, holder: u128, call: &str| {
            ledger.take(&[Uuid::from_u128(holder)], call, &[], now)
        };
        prop_assert_ne!(take(&mut ledger, 1, "post"), Turn::Now);
        prop_assert_ne!(take(&mut ledger, 2, "post"), Turn::Now);
        prop_assert_ne!(take(&mut ledger, 2, "delete"), Turn::Now);
        prop_assert_eq!(take(&mut ledger, 1, "delete"), Turn::Now);
        prop_assert_eq!(take(&mut ledger, 3, "post"), Turn::Now);
    }

    #[test]
    fn what_the_network_says_of_a_window_never_gives_back_what_is_in_flight(
        known in 0..10_i32, seen in 0..10_i32, seen_resets in 1..120_u64,
    ) {
        let before = budget(known, 60);
        let told = Budget { counted: false, ..budget(seen, seen_resets) };
        let after = observe(Some(&before), told, START);
        if seen_resets <= 60 {
            prop_assert_eq!(after.remaining, known.min(seen));
        } else {
            prop_assert_eq!(after.remaining, seen);
        }
        prop_assert!(after.counted, "what we count ourselves is counted on");
    }

    #[test]
    fn turns_are_fair_between_applications_and_between_their_accounts(
        queues in prop::collection::vec((0..4_u128, 0..12_usize, 0..6_usize, 0..100_u64), 0..20),
        slots in 0..64_usize,
        per_account in 1..9_usize,
    ) {
        let queues: Vec<Queue> = queues
            .iter()
            .enumerate()
            .map(|(place, (application, ready, busy, oldest))| Queue {
                application: Uuid::from_u128(*application),
                account: Uuid::from_u128(1_000 + u128::try_from(place).expect("few")),
                ready: *ready,
                busy: *busy,
                oldest: START + Duration::from_secs(*oldest),
            })
            .collect();
        let shares: BTreeMap<Uuid, usize> = share(&queues, slots, per_account).into_iter().collect();
        let given = |queue: &Queue| shares.get(&queue.account).copied().unwrap_or(0);
        let total: usize = shares.values().sum();
        let can: usize = queues
            .iter()
            .map(|queue| queue.ready.min(per_account.saturating_sub(queue.busy)))
            .sum();
        prop_assert_eq!(total, can.min(slots), "no free worker is left idle, none is invented");
        for queue in &queues {
            prop_assert!(given(queue) <= queue.ready);
            prop_assert!(given(queue) == 0 || queue.busy + given(queue) <= per_account);
        }
        let wants_more = |queue: &Queue| {
            given(queue) < queue.ready && queue.busy + given(queue) < per_account
        };
        for one in queues.iter().filter(|queue| wants_more(queue)) {
            for other in queues.iter().filter(|other| given(other) > 0) {
                if one.application == other.application {
                    prop_assert!(other.busy + given(other) <= one.busy + given(one) + 1);
                }
            }
        }
    }
}
