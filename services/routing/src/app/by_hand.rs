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
        ByHand::Take => Command::Take { agent: agent(caller) },
        ByHand::Assign(to) => Command::Assign {
            agent: agent(find(to).ok_or_else(|| Fault::not_found("member"))?),
            by: actor,
        },
        ByHand::Unassign => Command::Unassign { by: actor },
    };
    let decision = decide(&kept.assignment, command, now).map_err(error::rejected)?;
    let (assignment, plan) = (decision.assignment.clone(), decision.calls_for_plan());
    if decision.changed {
        let change = Change::new(organization, decision, kit_service::telemetry::trace_context());
        settle(transaction, &[change], now).await?;
    }
    Ok((assignment, plan))
}
