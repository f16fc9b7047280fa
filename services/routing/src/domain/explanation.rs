//! Why a conversation has this owner, or why it has none yet.
//!
//! An explanation names at most [`Policy::shown`](super::Policy::shown) candidates and counts
//! all of them, so that its size does not grow with the team.

use std::sync::Arc;

use time::OffsetDateTime;

use super::agent::{Agent, Removal};
use super::words::{ConversationId, MemberId};

/// One member who was looked at, and what became of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub member: MemberId,
    /// The rule that removed them; `None` for one that could be chosen.
    pub removed: Option<Removal>,
    /// New conversations owned, before the decision.
    pub load: u32,
    /// Nothing more is handed at this load.
    pub capacity: u32,
    /// When a conversation became theirs last.
    pub last_assigned_at: Option<OffsetDateTime>,
}

impl Candidate {
    /// The agent as a candidate.
    #[must_use]
    pub const fn of(agent: &Agent, removed: Option<Removal>) -> Self {
        Self {
            member: agent.member,
            removed,
            load: agent.load,
            capacity: agent.capacity,
            last_assigned_at: agent.last_assigned_at,
        }
    }
}

/// Everybody who was looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Candidates {
    /// How many there were.
    pub considered: u32,
    /// How many could be chosen.
    pub eligible: u32,
    /// How many each rule removed, by its place in [`Removal::ALL`].
    pub removed: [u32; Removal::ALL.len()],
    /// The first of them: those that could be chosen in the order of choice (so the winner
    /// leads), then the removed by rule and id, each once.
    pub shown: Vec<Candidate>,
}

impl Candidates {
    /// A decision that looked at one member.
    #[must_use]
    pub fn one(agent: &Agent, removed: Option<Removal>) -> Self {
        let mut counts = [0; Removal::ALL.len()];
        if let Some(removal) = removed {
            counts[removal as usize] = 1;
        }
        Self {
            considered: 1,
            eligible: u32::from(removed.is_none()),
            removed: counts,
            shown: vec![Candidate::of(agent, removed)],
        }
    }

    /// How many `removal` removed.
    #[must_use]
    pub const fn removed_by(&self, removal: Removal) -> u32 {
        self.removed[removal as usize]
    }

    /// Why nobody was chosen, when all the placing that could be done is done.
    #[must_use]
    pub fn unplaced(&self) -> Unplaced {
        if self.eligible > 0 {
            Unplaced::BehindOthers
        } else if self.removed_by(Removal::NotAllowed) == self.considered {
            Unplaced::NobodyAllowed
        } else if self.removed_by(Removal::AtHardLimit) + self.removed_by(Removal::AtCapacity) > 0 {
            Unplaced::AllAtCapacity
        } else if self.removed_by(Removal::PresenceUnknown) > 0 {
            Unplaced::AssignmentPaused
        } else {
            Unplaced::NobodyAvailable
        }
    }
}

/// Why a conversation waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unplaced {
    /// Nobody may answer on any of its channels.
    NobodyAllowed,
    /// Those who may are away or absent.
    NobodyAvailable,
    /// Somebody who may is there, and all of those own as many as they may.
    AllAtCapacity,
    /// Somebody who may chose to be available, and nobody knows whether they are there.
    AssignmentPaused,
    /// The plan was full; somebody may still be handed it by the next one.
    BehindOthers,
}

impl Unplaced {
    /// Its stable word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NobodyAllowed => "nobody_allowed",
            Self::NobodyAvailable => "nobody_available",
            Self::AllAtCapacity => "all_at_capacity",
            Self::AssignmentPaused => "assignment_paused",
            Self::BehindOthers => "behind_others",
        }
    }
}

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// The planner handed it to somebody.
    Assigned,
    /// It woke and stayed with its owner.
    Kept,
    /// It woke and its owner could not keep it, or the owner may not answer there any more.
    Released,
    /// It was reopened and went to its former owner.
    Returned,
    /// Somebody took it.
    Taken,
    /// A person gave it to somebody.
    AssignedByHand,
    /// A person took it away, or its owner gave it back.
    UnassignedByHand,
    /// Who replied became its owner.
    Replied,
    /// Its owner went away.
    Away,
    /// Its owner was absent for too long.
    Absent,
    /// It was resolved.
    Resolved,
    /// It became part of another.
    Absorbed,
    /// It waits.
    Waiting,
}

impl Outcome {
    /// Its stable word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Assigned => "assigned",
            Self::Kept => "kept",
            Self::Released => "released",
            Self::Returned => "returned",
            Self::Taken => "taken",
            Self::AssignedByHand => "assigned_by_hand",
            Self::UnassignedByHand => "unassigned_by_hand",
            Self::Replied => "replied",
            Self::Away => "away",
            Self::Absent => "absent",
            Self::Resolved => "resolved",
            Self::Absorbed => "absorbed",
            Self::Waiting => "waiting",
        }
    }
}

/// What spoke against somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Against everybody.
    Unplaced(Unplaced),
    /// Against the one that was looked at.
    Removed(Removal),
}

impl Reason {
    /// Its stable word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unplaced(unplaced) => unplaced.name(),
            Self::Removed(removal) => removal.name(),
        }
    }
}

/// One decision, explained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// About which conversation.
    pub conversation: ConversationId,
    /// When.
    pub at: OffsetDateTime,
    /// What was decided.
    pub outcome: Outcome,
    /// What spoke against its owner, or against everybody; `None` when somebody was chosen.
    pub reason: Option<Reason>,
    /// The owner after it.
    pub member: Option<MemberId>,
    /// Who decided by hand; `None` for a rule or the planner.
    pub by: Option<MemberId>,
    /// Since when the contact waits.
    pub waiting_since: Option<OffsetDateTime>,
    /// Its priority.
    pub points: i32,
    /// Its place in the queue, from 1; only while it waits.
    pub position: Option<u32>,
    /// Who was looked at; shared by the conversations of one plan for which it is the same.
    pub candidates: Arc<Candidates>,
    /// By which settings; 0 where none were used.
    pub policy_version: i64,
}
