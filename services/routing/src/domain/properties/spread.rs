//! Equal agents are handed equally much.

use std::collections::VecDeque;

use proptest::prelude::*;
use time::{Duration, OffsetDateTime};

use super::config;
use super::draw::{conversation, member, now};
use crate::domain::access::Access;
use crate::domain::agent::{Agent, Requirement};
use crate::domain::plan::{Queue, Snapshot, Waiting, plan};
use crate::domain::policy::Policy;
use crate::domain::presence::Presence;
use crate::domain::words::Availability;

/// Equal agents, and how often each was handed something.
struct Team {
    snapshot: Snapshot,
    handed: Vec<u32>,
    in_hand: VecDeque<usize>,
    now: OffsetDateTime,
    policy: Policy,
}

impl Team {
    fn new(size: usize, capacity: u32) -> Self {
        let agent = |number| Agent {
            member: member(number),
            availability: Availability::Available,
            availability_epoch: 1,
            presence: Presence::Present,
            access: Access::Everywhere,
            load: 0,
            capacity,
            hard_limit: capacity * 2,
            last_assigned_at: None,
        };
        Self {
            snapshot: Snapshot { agents: (0..size).map(agent).collect(), queues: Vec::new() },
            handed: vec![0; size],
            in_hand: VecDeque::new(),
            now: now(),
            policy: Policy { shown: 0, ..Policy::default() },
        }
    }

    /// Hands out `many` at once, after the oldest in hand were finished so that `keep` are left.
    fn hand_out(&mut self, many: usize, keep: usize) {
        while self.in_hand.len() > keep {
            let finished = self.in_hand.pop_front().expect("some are in hand");
            self.snapshot.agents[finished].load -= 1;
        }
        let waiting = |number| Waiting {
            conversation: conversation(number),
            waiting_since: self.now,
            points: 0,
            epoch: 0,
        };
        let waiting = (0..many).map(waiting).collect();
        self.snapshot.queues = vec![Queue { requirement: Requirement::default(), waiting }];
        for placement in plan(&self.snapshot, &self.policy, self.now).placements {
            let index = self
                .snapshot
                .agents
                .iter()
                .position(|agent| agent.member == placement.member)
                .expect("a member of the team");
            self.snapshot.agents[index].load += 1;
            self.snapshot.agents[index].last_assigned_at = Some(placement.at);
            self.handed[index] += 1;
            self.in_hand.push_back(index);
        }
        self.now += Duration::milliseconds(7);
    }

    fn spread(&self) -> u32 {
        let most = self.handed.iter().max().copied().unwrap_or_default();
        most - self.handed.iter().min().copied().unwrap_or_default()
    }

    fn placed(&self) -> u32 {
        self.handed.iter().sum()
    }
}

fn check(size: usize, keep: usize, batches: &[usize], total: u32) -> Result<(), TestCaseError> {
    let mut team = Team::new(size, 20_000);
    for many in batches.iter().cycle() {
        if team.placed() >= total {
            break;
        }
        team.hand_out(*many, keep);
        prop_assert!(team.spread() <= 2, "spread {} among {size}", team.spread());
    }
    Ok(())
}

fn batches() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(prop_oneof![3 => 1_usize..4, 1 => 1_usize..40], 1..12)
}

proptest! {
    #![proptest_config(config())]

    /// Whatever the sizes of the plans, whether work is finished at once, later or never.
    #[test]
    fn equal_agents_are_handed_equally_much(
        size in 1_usize..12,
        keep in prop_oneof![Just(0_usize), 1_usize..40, Just(usize::MAX)],
        batches in batches(),
    ) {
        check(size, keep, &batches, 150)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..config() })]

    #[test]
    fn ten_thousand_placements_between_equal_agents_spread_by_two_at_most(
        size in 2_usize..60,
        keep in prop_oneof![Just(0_usize), 1_usize..200, Just(usize::MAX)],
        batches in batches(),
    ) {
        check(size, keep, &batches, 10_000)?;
    }
}
