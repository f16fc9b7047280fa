//! `decide`: who owns a conversation after a command, and what follows from it, as values.
//!
//! Load and the queue are not decided but read off: an owned New conversation counts one, an
//! unowned New one waits. So they cannot disagree with ownership, whatever the command.
//!
//! Deliberately absent: choosing among several agents (`plan`), and whether who decides by hand gets
//! that far with the conversation at all (`access`).

mod observe;

use std::collections::BTreeSet;
use std::sync::Arc;

use time::OffsetDateTime;

use super::agent::{Agent, Removal, Requirement};
use super::explanation::{Candidates, Explanation, Outcome, Reason};
use super::plan::{Placement, Waiting};
use super::presence::Presence;
use super::words::{Actor, Availability, ChannelId, ConversationId, MemberId, State};

/// A conversation as routing keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// Which one.
    pub conversation: ConversationId,
    /// Who owns it; nobody once it is resolved.
    pub owner: Option<MemberId>,
    /// Who owned it when it was resolved, to whom it returns if it is reopened by hand.
    pub former: Option<MemberId>,
    /// Grows by one with every change of the owner; the fencing number.
    pub epoch: i64,
    /// How it stands.
    pub state: State,
    /// Network time of the oldest unseen message, while it is New.
    pub waiting_since: Option<OffsetDateTime>,
    /// Its priority.
    pub points: i32,
    /// The channels that it came through.
    pub channels: BTreeSet<ChannelId>,
    /// The greatest `rev` of its standing that was applied; 0 before the first.
    pub rev: i64,
    /// The decisions of persons that were applied.
    pub decision: i64,
}

impl Assignment {
    /// A conversation of which nothing is known yet.
    #[must_use]
    pub const fn unknown(conversation: ConversationId) -> Self {
        Self {
            conversation,
            owner: None,
            former: None,
            epoch: 0,
            state: State::Pending,
            waiting_since: None,
            points: 0,
            channels: BTreeSet::new(),
            rev: 0,
            decision: 0,
        }
    }

    /// What it asks of who answers it.
    #[must_use]
    pub fn requirement(&self) -> Requirement {
        Requirement { channels: self.channels.clone() }
    }

    /// Whose load it counts in.
    #[must_use]
    pub fn counts_for(&self) -> Option<MemberId> {
        self.owner.filter(|_| self.state == State::New)
    }

    /// Its place in the queue, while it waits there.
    #[must_use]
    pub fn queued(&self) -> Option<Queued> {
        if self.state != State::New || self.owner.is_some() {
            return None;
        }
        Some(Queued {
            waiting: Waiting {
                conversation: self.conversation,
                waiting_since: self.waiting_since?,
                points: self.points,
                epoch: self.epoch,
            },
            requirement: self.requirement(),
        })
    }
}

/// A place in the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queued {
    /// The place.
    pub waiting: Waiting,
    /// In which queue.
    pub requirement: Requirement,
}

/// How a conversation stands, as conversation says; complete, so that one of them may be missed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The conversation's revision; the greatest stands.
    pub rev: i64,
    /// How it stands.
    pub state: State,
    /// Network time of the oldest unseen message; set while it is New.
    pub waiting_since: Option<OffsetDateTime>,
    /// The channels that it came through.
    pub channels: BTreeSet<ChannelId>,
    /// Grows by one with every decision of a person.
    pub decision: i64,
    /// The author of the last decision, if it was a reply.
    pub replier: Option<MemberId>,
}

/// What is asked. Agents come as they stand in the same transaction, their rows locked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// The conversation stands so now.
    Observe {
        /// How.
        standing: Standing,
        /// Those whom [`Assignment::concerned`] names, if they exist.
        agents: Vec<Agent>,
    },
    /// The planner hands it over.
    Place {
        /// As planned.
        placement: Box<Placement>,
        /// The one who was chosen.
        agent: Agent,
    },
    /// A member takes it.
    Take {
        /// Who.
        agent: Agent,
    },
    /// A person gives it to a member.
    Assign {
        /// To whom.
        agent: Agent,
        /// Who says so.
        by: Actor,
    },
    /// A person takes it away from its owner, or its owner gives it back.
    Unassign {
        /// Who says so.
        by: Actor,
    },
    /// Its owner went away or is absent.
    HandBack {
        /// The owner.
        agent: Agent,
        /// The owner types in it at this moment: it goes back when they stop.
        typed_in: bool,
    },
    /// Who may answer where has changed: an owner who may not any more loses what waits for them.
    Recheck {
        /// The owner.
        agent: Agent,
    },
}

/// Why the owner changed: the stable words of `OwnerChanged.reason`.
pub type Cause = Outcome;

/// The owner changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnerChange {
    /// Who owned it before.
    pub former: Option<MemberId>,
    /// Who owns it now.
    pub owner: Option<MemberId>,
    /// The epoch that begins.
    pub epoch: i64,
    /// Why.
    pub cause: Cause,
    /// Who decided by hand.
    pub by: Option<MemberId>,
}

/// What happens to its place in the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Queueing {
    /// Nothing.
    Unchanged,
    /// It waits there now; replaces a former place.
    Put(Queued),
    /// It waits no more.
    Remove,
}

/// What was decided and what follows from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// How routing keeps it afterwards.
    pub assignment: Assignment,
    /// Whether anything changed; if not, the command was already applied.
    pub changed: bool,
    /// The owner changed: tell the others. When several rules followed one another (a reply that
    /// made an owner, then a message that woke it), the last one.
    pub owner: Option<OwnerChange>,
    /// Changes of load: at most one member's by minus one and one's by plus one.
    pub load: Vec<(MemberId, i32)>,
    /// Became an owner now, for "longest since the last assignment".
    pub assigned: Option<MemberId>,
    /// Its place in the queue.
    pub queueing: Queueing,
    /// What to keep of it, in order.
    pub explanations: Vec<Explanation>,
}

impl Decision {
    /// Whether somebody may be handed something because of it: plan.
    #[must_use]
    pub fn calls_for_plan(&self) -> bool {
        matches!(self.queueing, Queueing::Put(_)) || self.load.iter().any(|(_, by)| *by < 0)
    }
}

/// Why a command changes nothing though it was understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rejection {
    /// It is resolved or became part of another.
    NotOpen,
    /// Somebody else owns it.
    OwnedByAnother {
        /// Who.
        owner: MemberId,
    },
    /// Only a supervisor or an admin may do this to others' conversations.
    NotYours,
    /// A rule removed the one who should own it.
    Removed(Removal),
    /// The plan is stale: the conversation, its owner or the member's availability changed since.
    Stale,
    /// The member is neither away nor absent.
    StillReachable,
}

/// Decides. Pure: the same arguments give the same decision.
///
/// # Errors
/// A [`Rejection`] says which rule stood against it; nothing changes then.
pub fn decide(
    assignment: &Assignment,
    command: Command,
    now: OffsetDateTime,
) -> Result<Decision, Rejection> {
    let mut draft = Draft::new(assignment.clone(), now);
    match command {
        Command::Observe { standing, agents } => observe::observe(&mut draft, standing, &agents),
        Command::Place { placement, agent } => place(&mut draft, *placement, &agent)?,
        Command::Take { agent } => take(&mut draft, &agent)?,
        Command::Assign { agent, by } => assign(&mut draft, &agent, by)?,
        Command::Unassign { by } => unassign(&mut draft, by)?,
        Command::HandBack { agent, typed_in } => hand_back(&mut draft, &agent, typed_in)?,
        Command::Recheck { agent } => recheck(&mut draft, &agent),
    }
    Ok(draft.settle(assignment))
}

fn place(draft: &mut Draft, placement: Placement, agent: &Agent) -> Result<(), Rejection> {
    let assignment = &draft.assignment;
    if assignment.conversation != placement.conversation
        || assignment.state != State::New
        || assignment.owner.is_some()
        || assignment.epoch + 1 != placement.epoch
        || agent.member != placement.member
        || agent.availability_epoch != placement.availability_epoch
    {
        return Err(Rejection::Stale);
    }
    if let Some(removal) = agent.removed_from_handing(&assignment.requirement()) {
        return Err(Rejection::Removed(removal));
    }
    draft.own(Some(agent.member), Outcome::Assigned, None);
    draft.explanations.push(placement.explanation);
    Ok(())
}

fn take(draft: &mut Draft, agent: &Agent) -> Result<(), Rejection> {
    match draft.assignment.owner {
        Some(owner) if owner == agent.member => Ok(()),
        Some(owner) => Err(Rejection::OwnedByAnother { owner }),
        None => draft.give(agent, Outcome::Taken, agent.member),
    }
}

fn assign(draft: &mut Draft, agent: &Agent, by: Actor) -> Result<(), Rejection> {
    if draft.assignment.owner == Some(agent.member) {
        return Ok(());
    }
    if by.supervises {
        return draft.give(agent, Outcome::AssignedByHand, by.member);
    }
    if by.member == agent.member { take(draft, agent) } else { Err(Rejection::NotYours) }
}

fn unassign(draft: &mut Draft, by: Actor) -> Result<(), Rejection> {
    let Some(owner) = draft.assignment.owner else { return Ok(()) };
    if owner != by.member && !by.supervises {
        return Err(Rejection::NotYours);
    }
    draft.own(None, Outcome::UnassignedByHand, Some(by.member));
    draft.explain(Outcome::UnassignedByHand, None, Some(by.member), Candidates::default());
    Ok(())
}

fn hand_back(draft: &mut Draft, agent: &Agent, typed_in: bool) -> Result<(), Rejection> {
    if draft.assignment.counts_for() != Some(agent.member) {
        return Ok(());
    }
    let (outcome, removal) = if agent.availability == Availability::Away {
        (Outcome::Away, Removal::Away)
    } else if agent.presence == Presence::Absent {
        (Outcome::Absent, Removal::Absent)
    } else {
        return Err(Rejection::StillReachable);
    };
    if typed_in {
        return Ok(());
    }
    draft.own(None, outcome, None);
    let candidates = Candidates::one(agent, Some(removal));
    draft.explain(outcome, Some(Reason::Removed(removal)), None, candidates);
    Ok(())
}

/// What is typed in goes back as well: it could not be sent. A Pending one stays until it wakes,
/// as with everybody who is not reachable.
fn recheck(draft: &mut Draft, agent: &Agent) {
    let assignment = &draft.assignment;
    if assignment.counts_for() != Some(agent.member)
        || agent.access.allows(&assignment.requirement())
    {
        return;
    }
    draft.own(None, Outcome::Released, None);
    let candidates = Candidates::one(agent, Some(Removal::NotAllowed));
    let reason = Some(Reason::Removed(Removal::NotAllowed));
    draft.explain(Outcome::Released, reason, None, candidates);
}

/// A decision that is being made.
struct Draft {
    assignment: Assignment,
    owner: Option<(Outcome, Option<MemberId>)>,
    explanations: Vec<Explanation>,
    now: OffsetDateTime,
}

impl Draft {
    const fn new(assignment: Assignment, now: OffsetDateTime) -> Self {
        Self { assignment, owner: None, explanations: Vec::new(), now }
    }

    /// Changes the owner, whoever it was.
    fn own(&mut self, owner: Option<MemberId>, outcome: Outcome, by: Option<MemberId>) {
        self.assignment.owner = owner;
        self.assignment.epoch += 1;
        self.owner = Some((outcome, by));
    }

    /// Gives it to `agent` by a person's decision.
    fn give(&mut self, agent: &Agent, outcome: Outcome, by: MemberId) -> Result<(), Rejection> {
        if !self.assignment.state.can_be_owned() {
            return Err(Rejection::NotOpen);
        }
        if let Some(removal) = agent.removed_from_owning(&self.assignment.requirement()) {
            return Err(Rejection::Removed(removal));
        }
        self.own(Some(agent.member), outcome, Some(by));
        self.explain(outcome, None, Some(by), Candidates::one(agent, None));
        Ok(())
    }

    fn explain(
        &mut self,
        outcome: Outcome,
        reason: Option<Reason>,
        by: Option<MemberId>,
        candidates: Candidates,
    ) {
        self.explanations.push(Explanation {
            conversation: self.assignment.conversation,
            at: self.now,
            outcome,
            reason,
            member: self.assignment.owner,
            by,
            waiting_since: self.assignment.waiting_since,
            points: self.assignment.points,
            position: None,
            candidates: Arc::new(candidates),
            policy_version: 0,
        });
    }

    /// Reads load and queue off the difference.
    fn settle(self, before: &Assignment) -> Decision {
        let after = self.assignment;
        let mut load = Vec::new();
        if before.counts_for() != after.counts_for() {
            load.extend(before.counts_for().map(|member| (member, -1)));
            load.extend(after.counts_for().map(|member| (member, 1)));
        }
        let queueing = match (before.queued(), after.queued()) {
            (before, after) if before == after => Queueing::Unchanged,
            (_, Some(queued)) => Queueing::Put(queued),
            (_, None) => Queueing::Remove,
        };
        let owner = self.owner.map(|(cause, by)| OwnerChange {
            former: before.owner,
            owner: after.owner,
            epoch: after.epoch,
            cause,
            by,
        });
        Decision {
            changed: after != *before,
            assigned: after.owner.filter(|owner| before.owner != Some(*owner)),
            assignment: after,
            owner,
            load,
            queueing,
            explanations: self.explanations,
        }
    }
}
