//! Take, assign, unassign: ownership by a person's decision.

use std::collections::BTreeSet;

use kit_store::Transaction;
use kit_values::{Fault, OrganizationId};
use time::OffsetDateTime;

use super::settle::settle;
use crate::domain::access::Level;
use crate::domain::ownership::{Assignment, Command, decide};
use crate::domain::presence::Presence;
use crate::domain::words::{Actor, ConversationId, MemberId};
use crate::error;
use crate::store::{self, Change, Staff, Whose};

/// What a person decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByHand {
    /// It is mine.
    Take,
    /// It is theirs.
    Assign(MemberId),
    /// It is nobody's.
    Unassign,
}

/// A decision by hand about a conversation that whoever decides may answer.
pub(super) struct Decided {
    /// How it stood.
    pub before: Assignment,
    /// How it stands, and whether somebody may be handed something because of it; else the rule
    /// that stands against it.
    pub outcome: Result<(Assignment, bool), Fault>,
}

/// Applies the decision of `by`, who must be able to answer the conversation; gives how it stands
/// afterwards, and whether somebody may be handed something because of it.
///
/// # Errors
/// `NotFound` for a conversation or member that is not the organization's, and for a conversation
/// that `by` does not see; Rejected or Forbidden when a rule stands against it.
pub async fn by_hand(
    transaction: &Transaction,
    organization: OrganizationId,
    conversation: ConversationId,
    by: MemberId,
    what: ByHand,
    now: OffsetDateTime,
) -> Result<(Assignment, bool), Fault> {
    decided(transaction, organization, conversation, by, what, now).await?.outcome
}

/// The same, telling apart what `by` may not see from what a rule stands against.
///
/// # Errors
/// `NotFound` or Forbidden for what `by` may not see or answer.
pub(super) async fn decided(
    transaction: &Transaction,
    organization: OrganizationId,
    conversation: ConversationId,
    by: MemberId,
    what: ByHand,
    now: OffsetDateTime,
) -> Result<Decided, Fault> {
    let key = (organization, conversation);
    let kept = store::load_conversations(transaction, &BTreeSet::from([key]))
        .await?
        .remove(&key)
        .ok_or_else(|| Fault::not_found("conversation"))?;
    let mut concerned = BTreeSet::from([(organization, by)]);
    concerned.extend(kept.assignment.owner.map(|owner| (organization, owner)));
    if let ByHand::Assign(to) = what {
        concerned.insert((organization, to));
    }
    let members = store::load_members(transaction, &concerned).await?;
    let find = |member: MemberId| members.get(&(organization, member));
    let caller = find(by).ok_or_else(error::member_unknown)?;
    let doors = store::doors_of(transaction, organization, Whose::Of(&concerned)).await?;
    let channels = &kept.assignment.channels;
    let level = doors
        .admit(by, caller.roles, channels, Level::Contributor)
        .map_err(|refusal| error::refused(refusal, "conversation"))?;
    let actor = Actor { member: by, supervises: level == Level::Supervisor };
    // Presence does not matter for what a person decides.
    let agent = |staff: &Staff| staff.agent(Presence::Unknown, &doors);
    let command = match what {
        ByHand::Take => Ok(Command::Take { agent: agent(caller) }),
        ByHand::Assign(to) => match find(to) {
            Some(to) => Ok(Command::Assign { agent: agent(to), by: actor }),
            None => Err(Fault::not_found("member")),
        },
        ByHand::Unassign => Ok(Command::Unassign { by: actor }),
    };
    let decision =
        command.and_then(|it| decide(&kept.assignment, it, now).map_err(error::rejected));
    let before = kept.assignment;
    let decision = match decision {
        Ok(decision) => decision,
        Err(refused) => return Ok(Decided { before, outcome: Err(refused) }),
    };
    let (assignment, plan) = (decision.assignment.clone(), decision.calls_for_plan());
    if decision.changed {
        let change = Change::new(organization, decision, kit_service::telemetry::trace_context());
        settle(transaction, &[change], now).await?;
    }
    Ok(Decided { before, outcome: Ok((assignment, plan)) })
}
