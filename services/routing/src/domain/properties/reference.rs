//! The same plan by the words of `product.md` 4, as slowly as it can be said: nothing is kept
//! from one placement to the next, and no rule is taken from the code under test.

use time::OffsetDateTime;

use crate::domain::access::Access;
use crate::domain::agent::{Agent, Removal, Requirement};
use crate::domain::explanation::Unplaced;
use crate::domain::plan::{Snapshot, Waiting};
use crate::domain::policy::Policy;
use crate::domain::presence::Presence;
use crate::domain::words::{Availability, ConversationId, MemberId};

/// What the reference hands to whom, or why not.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Expected {
    pub placed: Vec<Placed>,
    pub left: Vec<(ConversationId, Unplaced)>,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Placed {
    pub conversation: ConversationId,
    pub member: MemberId,
    pub verdicts: Vec<Verdict>,
}

/// What stands against one member, at one moment.
pub type Verdict = (MemberId, Option<Removal>, u32);

pub fn may_answer(agent: &Agent, requirement: &Requirement) -> bool {
    match &agent.access {
        Access::Everywhere => true,
        Access::Only(allowed) if requirement.channels.is_empty() => !allowed.is_empty(),
        Access::Only(allowed) => !allowed.is_disjoint(&requirement.channels),
        Access::Except { restricted, open } => {
            let closed = &**restricted - open;
            requirement.channels.is_empty() || !requirement.channels.is_subset(&closed)
        }
    }
}

/// Routable: present, Available, allowed, below capacity (and never at the hard limit).
pub fn routable(agent: &Agent, requirement: &Requirement) -> bool {
    agent.presence == Presence::Present
        && agent.availability == Availability::Available
        && may_answer(agent, requirement)
        && agent.load < agent.capacity
        && agent.load < agent.hard_limit
}

pub fn verdict(agent: &Agent, requirement: &Requirement) -> Option<Removal> {
    if routable(agent, requirement) {
        return None;
    }
    Some(match (may_answer(agent, requirement), agent.availability, agent.presence) {
        (false, _, _) => Removal::NotAllowed,
        (true, Availability::Away, _) => Removal::Away,
        (true, Availability::Available, Presence::Absent) => Removal::Absent,
        (true, Availability::Available, Presence::Unseen) => Removal::Unseen,
        (true, Availability::Available, Presence::Unknown) => Removal::PresenceUnknown,
        (true, Availability::Available, Presence::Present) => {
            if agent.load == agent.hard_limit {
                Removal::AtHardLimit
            } else {
                Removal::AtCapacity
            }
        }
    })
}

/// Seconds of waiting, a minute more for each point.
pub fn waited(waiting: &Waiting, now: OffsetDateTime) -> i64 {
    (now - waiting.waiting_since).whole_seconds() + 60 * i64::from(waiting.points)
}

pub fn in_order(snapshot: &Snapshot, now: OffsetDateTime) -> Vec<(Requirement, Waiting)> {
    let mut all: Vec<(Requirement, Waiting)> = Vec::new();
    for queue in &snapshot.queues {
        for waiting in &queue.waiting {
            all.push((queue.requirement.clone(), *waiting));
        }
    }
    all.sort_by(|(_, one), (_, two)| {
        waited(two, now)
            .cmp(&waited(one, now))
            .then_with(|| one.conversation.uuid().cmp(&two.conversation.uuid()))
    });
    all
}

/// The most spare capacity as a ratio, then the longest since the last assignment, then the id.
fn first_choice<'a>(
    agents: &'a [Agent],
    requirement: &Requirement,
    recent: &[MemberId],
) -> Option<&'a Agent> {
    let ratio = |agent: &Agent| {
        let spare = agent.capacity.min(agent.hard_limit) - agent.load;
        // Exact: few capacities divide 27,720 x 13 x 17.
        u64::from(spare) * 6_126_120 / u64::from(agent.capacity)
    };
    let since = |agent: &Agent| {
        let within = recent.iter().rposition(|member| *member == agent.member);
        (within, agent.last_assigned_at)
    };
    let mut best: Option<&Agent> = None;
    for agent in agents.iter().filter(|agent| routable(agent, requirement)) {
        let better = best.is_none_or(|best| {
            if ratio(agent) != ratio(best) {
                return ratio(agent) > ratio(best);
            }
            match (since(agent), since(best)) {
                (one, two) if one == two => agent.member < best.member,
                (one, two) => one < two,
            }
        });
        if better {
            best = Some(agent);
        }
    }
    best
}

pub fn plan(snapshot: &Snapshot, policy: &Policy, now: OffsetDateTime) -> Expected {
    let mut agents = snapshot.agents.clone();
    let mut rest = in_order(snapshot, now);
    let mut expected = Expected::default();
    let mut recent: Vec<MemberId> = Vec::new();
    while expected.placed.len() < policy.batch {
        let oldest = rest
            .iter()
            .position(|(requirement, _)| agents.iter().any(|agent| routable(agent, requirement)));
        let Some(oldest) = oldest else { break };
        let (requirement, waiting) = rest.remove(oldest);
        let chosen = first_choice(&agents, &requirement, &recent).expect("one is routable").member;
        expected.placed.push(Placed {
            conversation: waiting.conversation,
            member: chosen,
            verdicts: verdicts(&agents, &requirement),
        });
        recent.push(chosen);
        for agent in agents.iter_mut().filter(|agent| agent.member == chosen) {
            agent.load += 1;
        }
    }
    for (requirement, waiting) in rest {
        expected.left.push((waiting.conversation, reason(&agents, &requirement)));
    }
    expected
}

pub fn verdicts(agents: &[Agent], requirement: &Requirement) -> Vec<Verdict> {
    let mut verdicts: Vec<Verdict> = agents
        .iter()
        .map(|agent| (agent.member, verdict(agent, requirement), agent.load))
        .collect();
    verdicts.sort();
    verdicts
}

fn reason(agents: &[Agent], requirement: &Requirement) -> Unplaced {
    let allowed: Vec<&Agent> =
        agents.iter().filter(|agent| may_answer(agent, requirement)).collect();
    let available: Vec<&Agent> = allowed
        .iter()
        .filter(|agent| agent.availability == Availability::Available)
        .copied()
        .collect();
    let some = |presence: Presence| available.iter().any(|agent| agent.presence == presence);
    if agents.iter().any(|agent| routable(agent, requirement)) {
        Unplaced::BehindOthers
    } else if allowed.is_empty() {
        Unplaced::NobodyAllowed
    } else if some(Presence::Present) {
        Unplaced::AllAtCapacity
    } else if some(Presence::Unknown) {
        Unplaced::AssignmentPaused
    } else {
        Unplaced::NobodyAvailable
    }
}
