//! What a member who is away or absent owns goes back to the queue.

use std::collections::BTreeSet;

use kit_store::Store;
use kit_values::{Fault, OrganizationId, now};

use super::settle::settle;
use crate::domain::access::Doors;
use crate::domain::ownership::{Command, Rejection, decide};
use crate::domain::presence::Presence;
use crate::domain::words::{ConversationId, MemberId};
use crate::store::{self, Change};

/// Conversations in one transaction.
const PAGE: i64 = 200;

/// Hands back every New conversation that the member owns, each with the waiting time that it
/// had, but for those in which they type: what is left then stays noted for the sweep. Gives how
/// many. Stops when the member turns out to be reachable again.
pub async fn hand_back(
    store: &Store,
    organization: OrganizationId,
    member: MemberId,
    presence: Presence,
    typing: &BTreeSet<ConversationId>,
) -> Result<usize, Fault> {
    let mut all = 0;
    loop {
        let typing = typing.clone();
        let page = store
            .transaction_retrying(&organization.into(), async move |transaction| {
                // The sweep comes again, and others' work goes back after this member's.
                store::wait_briefly(transaction).await?;
                let keys = store::owned_new(transaction, organization, member, PAGE).await?;
                let kept = store::load_conversations(transaction, &keys).await?;
                let one = BTreeSet::from([(organization, member)]);
                let Some(found) =
                    store::load_members(transaction, &one).await?.into_values().next()
                else {
                    return Ok(0);
                };
                if keys.is_empty() {
                    store::handed_back(transaction, organization, member).await?;
                    return Ok(0);
                }
                // Where they may answer does not matter for what they own already.
                let mut agent = found.agent(presence, &Doors::default());
                let at = now();
                let mut changes = Vec::with_capacity(kept.len());
                for kept in kept.into_values() {
                    let command = Command::HandBack {
                        agent: agent.clone(),
                        typed_in: typing.contains(&kept.assignment.conversation),
                    };
                    match decide(&kept.assignment, command, at) {
                        Ok(decision) if decision.changed => {
                            agent.load = agent.load.saturating_sub(1);
                            changes.push(Change::new(organization, decision, kept.trace));
                        }
                        Err(Rejection::StillReachable) => break,
                        Ok(_) | Err(_) => {}
                    }
                }
                settle(transaction, &changes, at).await?;
                Ok(changes.len())
            })
            .await?;
        if page == 0 {
            return Ok(all);
        }
        all += page;
    }
}
