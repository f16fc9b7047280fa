//! Everybody during one plan: for each queue, who can be handed something, in the order of
//! choice, and whom which rule removed.
//!
//! An agent who is handed something moves in every queue that they serve, so that the counts of
//! an explanation are exact at every placement; that costs one step of a tree a queue.

use std::collections::{BTreeMap, BTreeSet};

use time::OffsetDateTime;

use super::{Requirement, Snapshot};
use crate::domain::agent::{Agent, Rank, Removal};
use crate::domain::explanation::{Candidate, Candidates};
use crate::domain::words::MemberId;

/// Everybody, as the plan goes on.
pub(super) struct Field<'a> {
    agents: Vec<Agent>,
    /// For each agent, the queues for which they could be chosen at the start.
    serves: Vec<Vec<usize>>,
    queues: Vec<Contest<'a>>,
    shown: usize,
}

/// Everybody, for one queue.
struct Contest<'a> {
    requirement: &'a Requirement,
    /// Who can be chosen, with their place among the agents.
    eligible: BTreeMap<Rank, usize>,
    /// Whom a rule removed, with their place among the agents.
    removed: BTreeSet<(Removal, MemberId, usize)>,
    counts: [u32; Removal::ALL.len()],
}

impl<'a> Contest<'a> {
    fn new(requirement: &'a Requirement, agents: &[Agent]) -> Self {
        let mut contest = Self {
            requirement,
            eligible: BTreeMap::new(),
            removed: BTreeSet::new(),
            counts: [0; Removal::ALL.len()],
        };
        for (index, agent) in agents.iter().enumerate() {
            contest.put(index, agent);
        }
        contest
    }

    fn put(&mut self, index: usize, agent: &Agent) {
        match agent.removed_from_handing(self.requirement) {
            None => {
                self.eligible.insert(agent.rank(), index);
            }
            Some(removal) => {
                self.counts[removal as usize] += 1;
                self.removed.insert((removal, agent.member, index));
            }
        }
    }
}

impl<'a> Field<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, shown: usize) -> Self {
        let agents = snapshot.agents.clone();
        let queues: Vec<Contest<'a>> =
            snapshot.queues.iter().map(|queue| Contest::new(&queue.requirement, &agents)).collect();
        let mut serves = vec![Vec::new(); agents.len()];
        for (queue, contest) in queues.iter().enumerate() {
            for index in contest.eligible.values() {
                serves[*index].push(queue);
            }
        }
        Self { agents, serves, queues, shown }
    }

    /// Who is chosen for a conversation of `queue`.
    pub(super) fn winner(&self, queue: usize) -> Option<usize> {
        self.queues[queue].eligible.first_key_value().map(|(_, index)| *index)
    }

    /// Everybody as they stand now for `queue`.
    pub(super) fn candidates(&self, queue: usize) -> Candidates {
        let contest = &self.queues[queue];
        let eligible = contest.eligible.values().map(|index| (*index, None));
        let removed = contest.removed.iter().map(|(removal, _, index)| (*index, Some(*removal)));
        let shown = eligible
            .chain(removed)
            .take(self.shown)
            .map(|(index, removal)| Candidate::of(&self.agents[index], removal))
            .collect();
        Candidates {
            considered: count(self.agents.len()),
            eligible: count(contest.eligible.len()),
            removed: contest.counts,
            shown,
        }
    }

    /// Hands one more to the agent, who takes their new place in every queue that they serve.
    pub(super) fn hand(&mut self, index: usize, at: OffsetDateTime) -> &Agent {
        let before = self.agents[index].rank();
        let agent = &mut self.agents[index];
        agent.load += 1;
        agent.last_assigned_at = Some(at);
        for queue in &self.serves[index] {
            let contest = &mut self.queues[*queue];
            contest.eligible.remove(&before);
            contest.put(index, agent);
        }
        &self.agents[index]
    }
}

fn count(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}
