//! "Why me?" from what was kept, "why not yet?" from how things stand now.

use kit_store::Transaction;
use kit_values::{Fault, OrganizationId};
use time::OffsetDateTime;

use super::Surroundings;
use crate::domain::access::Level;
use crate::domain::plan::{Queue, Snapshot, plan};
use crate::domain::policy::Policy;
use crate::domain::presence::Presence;
use crate::domain::view::Told;
use crate::domain::words::{ConversationId, MemberId};
use crate::error;
use crate::store::{self, Whose};

/// Explanations in one answer.
const MOST: i64 = 20;

/// Why the conversation has its owner or has none yet, as `by` may see it; the newest first.
///
/// # Errors
/// `NotFound` for a conversation that is not the organization's, or that `by` does not see;
/// Forbidden for who is nobody here.
pub async fn explain(
    transaction: &Transaction,
    surroundings: &Surroundings,
    (organization, by): (OrganizationId, MemberId),
    conversation: ConversationId,
    now: OffsetDateTime,
) -> Result<Vec<Told>, Fault> {
    let kept = store::one_conversation(transaction, organization, conversation)
        .await?
        .ok_or_else(|| Fault::not_found("conversation"))?;
    let caller = store::one_member(transaction, organization, by).await?;
    let caller = caller.ok_or_else(error::member_unknown)?;
    let doors = store::doors_of(transaction, organization, Whose::Everybody).await?;
    doors
        .admit(by, caller.roles, &kept.assignment.channels, Level::Viewer)
        .map_err(|refusal| error::refused(refusal, "conversation"))?;
    let Some(queued) = kept.assignment.queued() else {
        return store::explanations(transaction, organization, conversation, MOST).await;
    };
    let since = queued.waiting.waiting_since;
    let position = store::position(transaction, organization, since, conversation).await?;
    let members = store::members_of(transaction, organization).await?;
    let ids: Vec<_> = members.iter().map(|one| one.member).collect();
    let presences = surroundings.presences.of(organization, &ids).await;
    let agents = members
        .iter()
        .map(|one| {
            let presence = presences.get(&one.member).copied().unwrap_or(Presence::Unknown);
            one.agent(presence, &doors)
        })
        .collect();
    let queue = Queue { requirement: queued.requirement, waiting: vec![queued.waiting] };
    // Nothing is placed: only who could be chosen now is looked at.
    let team = store::team(transaction, organization).await?;
    let policy = surroundings.policy.after(team.map_or(0, |team| team.version));
    let policy = Policy { batch: 0, ..policy };
    let looked = plan(&Snapshot { agents, queues: vec![queue] }, &policy, now);
    let mut told: Vec<Told> = looked
        .left
        .iter()
        .map(|left| {
            let why = left.explanation(&policy, now);
            Told {
                decision: None,
                conversation,
                at: now,
                outcome: why.outcome.name().to_owned(),
                reason: why.reason.map(|reason| reason.name().to_owned()),
                member: None,
                by: None,
                waiting_since: why.waiting_since,
                policy_version: why.policy_version,
                candidates: why.candidates.shown.clone(),
                position: Some(position),
            }
        })
        .collect();
    told.extend(store::explanations(transaction, organization, conversation, MOST - 1).await?);
    Ok(told)
}
