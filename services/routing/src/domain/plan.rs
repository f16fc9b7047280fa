//! `plan`: from everybody and everything that waits to who is handed what.
//!
//! The oldest eligible conversation goes first, to whom the order of [`Rank`](super::agent::Rank) puts first. A
//! pure function of the snapshot as a set: the order of its lists does not matter.
//!
//! Deliberately absent: locking, and checking again what changed since the snapshot was taken
//! (execution does, by [`Placement::availability_epoch`], [`Placement::epoch`] and the load).

mod candidates;

use std::sync::Arc;

use time::{Duration, OffsetDateTime};

use self::candidates::Field;
use super::agent::{Agent, Requirement};
use super::explanation::{Candidates, Explanation, Outcome, Reason, Unplaced};
use super::policy::Policy;
use super::words::{ConversationId, MemberId};

/// A conversation that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Which one.
    pub conversation: ConversationId,
    /// Network time of its oldest unseen message.
    pub waiting_since: OffsetDateTime,
    /// Its priority.
    pub points: i32,
    /// Its assignment epoch, which the next owner's exceeds by one.
    pub epoch: i64,
}

impl Waiting {
    /// The one number that orders everything that waits, smallest first: since when it waits,
    /// minus a fixed time per point, so that old work never starves.
    #[must_use]
    pub fn score(&self, policy: &Policy) -> OffsetDateTime {
        let head_start = policy.per_point.checked_mul(self.points).unwrap_or(Duration::ZERO);
        self.waiting_since.saturating_sub(head_start)
    }

    fn rank(&self, policy: &Policy) -> (OffsetDateTime, ConversationId) {
        (self.score(policy), self.conversation)
    }
}

/// What waits and asks the same of who answers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// What is asked.
    pub requirement: Requirement,
    /// What waits; all of it, or at least as many of its oldest as one plan can place:
    /// [`Policy::batch`], and no more than all agents together have room for.
    pub waiting: Vec<Waiting>,
}

/// An organization at one moment. Every member and every conversation appears once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Everybody to whom something might be handed.
    pub agents: Vec<Agent>,
    /// Everything that waits.
    pub queues: Vec<Queue>,
}

/// A conversation that somebody is handed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// Which one.
    pub conversation: ConversationId,
    /// To whom.
    pub member: MemberId,
    /// Holds only while this is the member's.
    pub availability_epoch: i64,
    /// The assignment epoch that begins; holds only while the conversation's is one less.
    pub epoch: i64,
    /// When; a microsecond later with each placement of a plan, so that "longest since the last
    /// assignment" tells them apart later.
    pub at: OffsetDateTime,
    /// Why they.
    pub explanation: Explanation,
}

/// A conversation that goes on waiting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Which one.
    pub waiting: Waiting,
    /// Why.
    pub reason: Unplaced,
    /// Its place among all that go on waiting in this snapshot, from 1.
    pub position: u32,
    /// Who was looked at.
    pub candidates: Arc<Candidates>,
}

impl Left {
    /// Why not yet.
    #[must_use]
    pub fn explanation(&self, policy: &Policy, now: OffsetDateTime) -> Explanation {
        Explanation {
            conversation: self.waiting.conversation,
            at: now,
            outcome: Outcome::Waiting,
            reason: Some(Reason::Unplaced(self.reason)),
            member: None,
            by: None,
            waiting_since: Some(self.waiting.waiting_since),
            points: self.waiting.points,
            position: Some(self.position),
            candidates: Arc::clone(&self.candidates),
            policy_version: policy.version,
        }
    }
}

/// Who is handed what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// In the order of the queue; each counts on those before it.
    pub placements: Vec<Placement>,
    /// Everything else, in the order of the queue.
    pub left: Vec<Left>,
    /// The plan was full and somebody could be handed more: plan again at once.
    pub more: bool,
}

/// Plans. Pure: the same arguments give the same plan, whatever the order of their lists.
#[must_use]
pub fn plan(snapshot: &Snapshot, policy: &Policy, now: OffsetDateTime) -> Plan {
    let mut waiting: Vec<(usize, &Waiting)> = snapshot
        .queues
        .iter()
        .enumerate()
        .flat_map(|(queue, of)| of.waiting.iter().map(move |waiting| (queue, waiting)))
        .collect();
    // Merges the queues: what is sorted already, as runs, costs one comparison an element.
    waiting.sort_by_key(|(_, waiting)| waiting.rank(policy));

    let mut field = Field::new(snapshot, policy.shown);
    let mut placements = Vec::new();
    let mut left: Vec<(usize, &Waiting)> = Vec::new();
    let mut at = now;
    for (queue, waiting) in waiting {
        let chosen = if placements.len() < policy.batch { field.winner(queue) } else { None };
        let Some(chosen) = chosen else {
            left.push((queue, waiting));
            continue;
        };
        let candidates = Arc::new(field.candidates(queue));
        let agent = field.hand(chosen, at);
        placements.push(Placement {
            conversation: waiting.conversation,
            member: agent.member,
            availability_epoch: agent.availability_epoch,
            epoch: waiting.epoch + 1,
            at,
            explanation: Explanation {
                conversation: waiting.conversation,
                at,
                outcome: Outcome::Assigned,
                reason: None,
                member: Some(agent.member),
                by: None,
                waiting_since: Some(waiting.waiting_since),
                points: waiting.points,
                position: None,
                candidates,
                policy_version: policy.version,
            },
        });
        at = at.saturating_add(Duration::MICROSECOND);
    }
    leave(&left, placements, &field, snapshot.queues.len())
}

/// Gives everything that was left its reason, which is the same for all of a queue.
fn leave(
    left: &[(usize, &Waiting)],
    placements: Vec<Placement>,
    field: &Field<'_>,
    queues: usize,
) -> Plan {
    let mut reasons: Vec<Option<(Unplaced, Arc<Candidates>)>> = vec![None; queues];
    let mut plan = Plan { placements, left: Vec::with_capacity(left.len()), more: false };
    for (position, (queue, waiting)) in (1..).zip(left) {
        let (reason, candidates) = reasons[*queue].get_or_insert_with(|| {
            let candidates = field.candidates(*queue);
            (candidates.unplaced(), Arc::new(candidates))
        });
        plan.more |= *reason == Unplaced::BehindOthers;
        plan.left.push(Left {
            waiting: **waiting,
            reason: *reason,
            position,
            candidates: Arc::clone(candidates),
        });
    }
    plan
}
