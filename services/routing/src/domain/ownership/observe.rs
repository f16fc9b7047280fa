//! What a new standing of a conversation means for who owns it (`product.md` 3 and 4).
//!
//! A standing is complete and one in between may have been missed, so the rules run one after
//! another, each on what the one before left: who replied becomes the owner, then what came to
//! an end is released, then what woke or was reopened finds its owner.

use super::{Assignment, Draft, Standing};
use crate::domain::agent::{Agent, Removal};
use crate::domain::explanation::{Candidates, Outcome, Reason};
use crate::domain::words::{MemberId, State};

impl Assignment {
    /// The members whom observing `standing` may look at: lock and load these.
    #[must_use]
    pub fn concerned(&self, standing: &Standing) -> Vec<MemberId> {
        let mut members: Vec<MemberId> =
            [self.owner, self.former, standing.replier].into_iter().flatten().collect();
        members.sort_unstable();
        members.dedup();
        members
    }
}

pub(super) fn observe(draft: &mut Draft, standing: Standing, agents: &[Agent]) {
    let before = draft.assignment.clone();
    if standing.rev <= before.rev || before.state == State::Absorbed {
        return;
    }
    let decided = standing.decision > before.decision;
    let after = &mut draft.assignment;
    after.rev = standing.rev;
    after.state = standing.state;
    // A New conversation without a time must not wait unseen for ever.
    let since = standing.waiting_since.or(before.waiting_since).unwrap_or(draft.now);
    after.waiting_since = (standing.state == State::New).then_some(since);
    after.channels = standing.channels;
    after.decision = before.decision.max(standing.decision);
    if !standing.state.can_be_owned() {
        finish(draft);
        return;
    }
    // As if this conversation were not counted yet, in whoever's load it is.
    let find = |member: MemberId| {
        let mut agent = agents.iter().find(|agent| agent.member == member)?.clone();
        if before.counts_for() == Some(member) {
            agent.load = agent.load.saturating_sub(1);
        }
        Some(agent)
    };
    draft.assignment.former = None;
    let replier = standing.replier.filter(|_| decided);
    if let Some(replier) = replier.and_then(find) {
        replied(draft, &replier);
    } else if before.state == State::Resolved && decided {
        if let Some(former) = before.former.and_then(find) {
            reopened(draft, &former);
        }
        return;
    }
    if draft.assignment.state == State::New && (before.state != State::New || decided) {
        wake(draft, find);
    }
}

/// Nobody owns what came to an end.
fn finish(draft: &mut Draft) {
    let Some(owner) = draft.assignment.owner else { return };
    let resolved = draft.assignment.state == State::Resolved;
    let outcome = if resolved { Outcome::Resolved } else { Outcome::Absorbed };
    draft.assignment.former = resolved.then_some(owner);
    draft.own(None, outcome, None);
    draft.explain(outcome, None, None, Candidates::default());
}

/// Who replied becomes the owner if there is none, be they away or not.
fn replied(draft: &mut Draft, replier: &Agent) {
    let requirement = draft.assignment.requirement();
    if draft.assignment.owner.is_some() || replier.removed_from_owning(&requirement).is_some() {
        return;
    }
    draft.own(Some(replier.member), Outcome::Replied, Some(replier.member));
    let candidates = Candidates::one(replier, None);
    draft.explain(Outcome::Replied, None, Some(replier.member), candidates);
}

/// What was reopened by hand returns to whom it belonged, if they can be reached.
fn reopened(draft: &mut Draft, former: &Agent) {
    let removal = former.removed_from_keeping(&draft.assignment.requirement());
    let candidates = Candidates::one(former, removal);
    match removal {
        None => {
            draft.own(Some(former.member), Outcome::Returned, None);
            draft.explain(Outcome::Returned, None, None, candidates);
        }
        Some(removal) => {
            let reason = Some(Reason::Removed(removal));
            draft.explain(Outcome::Released, reason, None, candidates);
        }
    }
}

/// What woke stays with its owner, even above capacity, if they can be reached and are below
/// the hard limit; else it waits with its own waiting time.
fn wake(draft: &mut Draft, find: impl Fn(MemberId) -> Option<Agent>) {
    let Some(owner) = draft.assignment.owner else { return };
    let agent = find(owner);
    let removal = agent.as_ref().map_or(Some(Removal::NotAllowed), |agent| {
        agent.removed_from_keeping(&draft.assignment.requirement())
    });
    let candidates = agent.as_ref().map(|agent| Candidates::one(agent, removal));
    let candidates = candidates.unwrap_or_default();
    match removal {
        None => draft.explain(Outcome::Kept, None, None, candidates),
        Some(removal) => {
            draft.own(None, Outcome::Released, None);
            let reason = Some(Reason::Removed(removal));
            draft.explain(Outcome::Released, reason, None, candidates);
        }
    }
}
