//! One plan of one organization: snapshot → plan → lock → check again → save, in one transaction
//! that ends soon or is ended.
//!
//! The plan is made without any row locked. What it says is then checked again on locked rows,
//! so that whatever was decided meanwhile stands: an Away above all.

use std::collections::{BTreeMap, BTreeSet};

use kit_store::{Store, Transaction};
use kit_values::{Fault, OrganizationId};
use time::OffsetDateTime;

use super::Surroundings;
use super::settle::settle;
use crate::domain::access::Doors;
use crate::domain::agent::Agent;
use crate::domain::ownership::{Command, decide};
use crate::domain::plan::{Plan, Snapshot, plan};
use crate::domain::policy::Policy;
use crate::domain::presence::Presence;
use crate::domain::words::{Availability, MemberId};
use crate::presence::Presences;
use crate::sabotage;
use crate::store::{self, Change, Turn, Whose};

/// What became of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Planned {
    /// Another planner is at work.
    Busy,
    /// What woke the planner has not been committed yet.
    TooEarly,
    /// Done.
    Done {
        /// How many were handed to somebody.
        placed: usize,
        /// How many placements no longer held when their rows were locked.
        refused: usize,
        /// There is more to place at once.
        more: bool,
        /// The mark that was found; another one now means that somebody asked for a plan.
        mark: Option<i64>,
    },
}

/// Plans once. `causes` are the transactions that woke the planner.
///
/// # Errors
/// Timeout or Conflict when a limit of the transaction cut it off: nothing was placed.
pub async fn plan_once(
    store: &Store,
    surroundings: &Surroundings,
    organization: OrganizationId,
    causes: &[String],
    now: OffsetDateTime,
) -> Result<Planned, Fault> {
    let transaction = store.begin(&organization.into()).await?;
    let without_lock = sabotage::ignores_planner_lock();
    let begun =
        store::begin_planning(&transaction, organization, causes.to_vec(), without_lock).await?;
    let other = match begun.turn {
        Turn::Own => None,
        Turn::Another => Some(Planned::Busy),
        Turn::TooEarly => Some(Planned::TooEarly),
    };
    if let Some(other) = other {
        transaction.rollback().await?;
        return Ok(other);
    }
    let done = |placed, refused, more| Planned::Done { placed, refused, more, mark: begun.mark };
    if !begun.possible {
        transaction.rollback().await?;
        return Ok(done(0, 0, false));
    }
    let policy = surroundings.policy.after(begun.settings);
    let doors = if begun.restricted {
        store::doors_of(&transaction, organization, Whose::Everybody).await?
    } else {
        Doors::default()
    };
    let agents = store::roster(&transaction, organization, &doors).await?;
    let (presences, planned) =
        propose(&transaction, &surroundings.presences, &policy, (organization, agents), now)
            .await?;
    if planned.placements.is_empty() {
        transaction.rollback().await?;
        return Ok(done(0, 0, false));
    }
    sabotage::before_execution();
    let full = planned.placements.len() >= policy.batch;
    let more = planned.more || full;
    let (placed, refused) = execute(&transaction, organization, planned, &presences, now).await?;
    sabotage::before_commit();
    transaction.commit().await?;
    Ok(done(placed, refused, more))
}

/// Makes the plan; nothing is locked.
async fn propose(
    transaction: &Transaction,
    presences: &Presences,
    policy: &Policy,
    (organization, mut agents): (OrganizationId, Vec<Agent>),
    now: OffsetDateTime,
) -> Result<(BTreeMap<MemberId, Presence>, Plan), Fault> {
    let is_open =
        |agent: &Agent| agent.availability == Availability::Available && agent.spare() > 0;
    let open: Vec<MemberId> =
        agents.iter().filter(|agent| is_open(agent)).map(|agent| agent.member).collect();
    if open.is_empty() {
        return Ok((BTreeMap::new(), Plan::default()));
    }
    let presences = presences.of(organization, &open).await;
    for agent in &mut agents {
        // Whoever has no room is not asked for: that alone removes them.
        agent.presence = presences.get(&agent.member).copied().unwrap_or(Presence::Present);
    }
    let there = agents.iter().filter(|agent| agent.presence == Presence::Present && is_open(agent));
    let room: usize = there.map(|agent| usize::try_from(agent.spare()).unwrap_or_default()).sum();
    if room == 0 {
        return Ok((presences, Plan::default()));
    }
    // No queue gives more than there is room for: what one freed place costs does not grow with
    // what waits.
    let each = i64::try_from(policy.batch.min(room)).unwrap_or(i64::MAX);
    let queues = store::queues(transaction, organization, each).await?;
    let plan = plan(&Snapshot { agents, queues }, policy, now);
    Ok((presences, plan))
}

/// Locks what the plan touches, checks every placement again, and saves those that hold.
async fn execute(
    transaction: &Transaction,
    organization: OrganizationId,
    planned: Plan,
    presences: &BTreeMap<MemberId, Presence>,
    now: OffsetDateTime,
) -> Result<(usize, usize), Fault> {
    let wanted = planned.placements.iter().map(|placement| placement.conversation);
    let waiting = store::lock_waiting(transaction, organization, wanted).await?;
    let chosen: BTreeSet<_> =
        planned.placements.iter().map(|placement| (organization, placement.member)).collect();
    // Whoever is held by somebody else is refused; what is planned for the others goes on.
    let members = store::lock_free_members(transaction, &chosen).await?;
    // As it is recorded by now; who loses access in the moment that is left is rechecked.
    let doors = store::doors_of(transaction, organization, Whose::Of(&chosen)).await?;
    let mut agents: BTreeMap<MemberId, Agent> = members
        .into_values()
        .map(|one| {
            let presence = presences.get(&one.member).copied().unwrap_or(Presence::Unknown);
            (one.member, one.agent(presence, &doors))
        })
        .collect();
    let all = planned.placements.len();
    let mut changes = Vec::with_capacity(all);
    for placement in planned.placements {
        let kept = waiting.get(&(organization, placement.conversation));
        let agent = agents.get_mut(&placement.member);
        let (Some(kept), Some(agent)) = (kept, agent) else { continue };
        let command = Command::Place { placement: Box::new(placement), agent: agent.clone() };
        if let Ok(decision) = decide(&kept.assignment, command, now) {
            agent.load += 1;
            changes.push(Change::new(organization, decision, kept.trace.clone()));
        }
    }
    settle(transaction, &changes, now).await?;
    Ok((changes.len(), all - changes.len()))
}

/// Asks whoever plans for the organization now to plan once more.
pub async fn ask_for_plan(store: &Store, organization: OrganizationId) -> Result<(), Fault> {
    store
        .transaction_retrying(&organization.into(), async move |transaction| {
            store::mark(transaction, organization).await
        })
        .await
}

/// Whether somebody asked for a plan since `mark` was found.
pub async fn is_asked_again(
    store: &Store,
    organization: OrganizationId,
    mark: Option<i64>,
) -> Result<bool, Fault> {
    let found = store
        .transaction(&organization.into(), async move |transaction| {
            store::marked(transaction, organization).await
        })
        .await?;
    Ok(found != mark)
}
