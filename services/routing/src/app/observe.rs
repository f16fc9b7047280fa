//! What conversation tells: how conversations stand now.

use std::collections::{BTreeMap, BTreeSet};

use kit_store::Transaction;
use kit_values::{Fault, OrganizationId};
use time::OffsetDateTime;

use super::Surroundings;
use super::settle::settle;
use crate::domain::access::Doors;
use crate::domain::agent::Agent;
use crate::domain::capacity::Allowance;
use crate::domain::ownership::{Assignment, Command, Standing, decide};
use crate::domain::presence::Presence;
use crate::domain::words::{ConversationId, MemberId};
use crate::store::{self, Change, Whose};
use crate::{error, sabotage};

/// How a conversation stands, from one event.
#[derive(Debug, Clone)]
pub struct Observed {
    /// Whose.
    pub organization: OrganizationId,
    /// Which one.
    pub conversation: ConversationId,
    /// How it stands.
    pub standing: Standing,
    /// W3C `traceparent` of the event.
    pub trace: Option<String>,
}

/// What follows from a batch of standings.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// The transaction that has still to be committed, if anything changed.
    pub transaction: Option<String>,
    /// Where somebody may be handed something once it is.
    pub plan: BTreeSet<OrganizationId>,
}

/// The advisory lock that standings of a conversation are applied under, so that its first one
/// is not written twice.
#[must_use]
pub fn lock_key(organization: OrganizationId, conversation: ConversationId) -> i64 {
    let parts = [organization.uuid().to_string(), conversation.uuid().to_string()];
    kit_store::lock_key(&["conversation", &parts[0], &parts[1]])
}

type Key = (OrganizationId, ConversationId);
type Agents = BTreeMap<(OrganizationId, MemberId), Agent>;

/// Applies standings, in any order and any number of times: the greatest rev stands.
pub async fn observe(
    transaction: &Transaction,
    surroundings: &Surroundings,
    mut observed: Vec<Observed>,
    now: OffsetDateTime,
) -> Result<Outcome, Fault> {
    observed.sort_by_key(|one| (one.organization, one.conversation, one.standing.rev));
    let keys = observed.iter().map(|one| (one.organization, one.conversation)).collect();
    // Redis is asked before anything is locked, so that nobody waits for a row while it is silent.
    // Whoever becomes concerned only afterwards counts as unknown, which takes nothing from them.
    let looked = assignments(store::look_at_conversations(transaction, &keys).await?);
    let presences = surroundings.presences.of_all(&concerned(&looked, &observed)).await;
    let mut kept = assignments(store::load_conversations(transaction, &keys).await?);
    let concerned = concerned(&kept, &observed);
    let mut agents =
        agents(transaction, surroundings.capacity, &concerned, &presences, now).await?;
    sabotage::before_standings();

    let mut changes = Vec::new();
    let mut outcome = Outcome::default();
    for one in observed {
        let key = (one.organization, one.conversation);
        let assignment = kept.entry(key).or_insert_with(|| Assignment::unknown(one.conversation));
        let of = agents
            .iter()
            .filter(|((organization, _), _)| *organization == one.organization)
            .map(|(_, agent)| agent.clone())
            .collect();
        let command = Command::Observe { standing: one.standing, agents: of };
        // Observing is never refused: a standing is a fact.
        let Ok(decision) = decide(assignment, command, now) else { continue };
        if !decision.changed {
            continue;
        }
        *assignment = decision.assignment.clone();
        for (member, by) in &decision.load {
            if let Some(agent) = agents.get_mut(&(one.organization, *member)) {
                agent.load = agent.load.saturating_add_signed(*by);
            }
        }
        if decision.calls_for_plan() {
            outcome.plan.insert(one.organization);
        }
        changes.push(Change::new(one.organization, decision, one.trace));
    }
    outcome.transaction = settle(transaction, &changes, now).await?;
    Ok(outcome)
}

/// Applies those standings of which nothing newer is known, and gives how many those were. They
/// come from no reader, so its locks are taken here, for few: at most starts nothing is new.
pub async fn catch_up(
    transaction: &Transaction,
    surroundings: &Surroundings,
    mut observed: Vec<Observed>,
    now: OffsetDateTime,
) -> Result<(usize, Outcome), Fault> {
    let keys = observed.iter().map(|one| (one.organization, one.conversation)).collect();
    let known = store::look_at_conversations(transaction, &keys).await?;
    observed.retain(|one| {
        let known = known.get(&(one.organization, one.conversation));
        known.is_none_or(|known| known.assignment.rev < one.standing.rev)
    });
    if observed.is_empty() {
        return Ok((0, Outcome::default()));
    }
    let locks: Vec<i64> =
        observed.iter().map(|one| lock_key(one.organization, one.conversation)).collect();
    transaction.lock(&locks).await?;
    let learned = observed.len();
    Ok((learned, observe(transaction, surroundings, observed, now).await?))
}

fn assignments(kept: BTreeMap<Key, store::Kept>) -> BTreeMap<Key, Assignment> {
    kept.into_iter().map(|(key, kept)| (key, kept.assignment)).collect()
}

/// Whom these standings may change anything for.
fn concerned(
    kept: &BTreeMap<Key, Assignment>,
    observed: &[Observed],
) -> BTreeSet<(OrganizationId, MemberId)> {
    let mut concerned = BTreeSet::new();
    for one in observed {
        let unknown = Assignment::unknown(one.conversation);
        let assignment = kept.get(&(one.organization, one.conversation)).unwrap_or(&unknown);
        if assignment.rev < one.standing.rev {
            let members = assignment.concerned(&one.standing);
            concerned.extend(members.into_iter().map(|member| (one.organization, member)));
        }
    }
    concerned
}

/// Locks and loads members, with their presence; those unknown so far get a row.
async fn agents(
    transaction: &Transaction,
    capacity: Allowance,
    concerned: &BTreeSet<(OrganizationId, MemberId)>,
    presences: &BTreeMap<(OrganizationId, MemberId), Presence>,
    now: OffsetDateTime,
) -> Result<Agents, Fault> {
    if !concerned.is_empty() {
        // What is told here is told again until it is applied; a person's Away comes first.
        store::wait_briefly(transaction).await?;
    }
    let mut members = store::load_members(transaction, concerned).await.map_err(error::kept)?;
    let missing: BTreeSet<_> =
        concerned.iter().filter(|key| !members.contains_key(*key)).copied().collect();
    if !missing.is_empty() {
        store::ensure_members(transaction, &missing, capacity, now).await?;
        members.extend(store::load_members(transaction, &missing).await?);
    }
    if members.is_empty() {
        return Ok(Agents::new());
    }
    let organizations = members.keys().map(|(organization, _)| *organization).collect();
    let doors = store::doors(transaction, &organizations, Whose::Of(concerned)).await?;
    let open = Doors::default();
    let agents = members.into_iter().map(|(key, member)| {
        let presence = presences.get(&key).copied().unwrap_or(Presence::Unknown);
        (key, member.agent(presence, doors.get(&key.0).unwrap_or(&open)))
    });
    Ok(agents.collect())
}
