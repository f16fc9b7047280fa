//! Who may answer where has changed: what waits for an owner who may not answer it any more goes
//! back to the queue.
//!
//! The change itself waits for nobody's rows. What it means for owners is looked at afterwards, and
//! again for as long as a transaction may be left that began with what was so before.

use std::collections::BTreeSet;

use kit_store::Store;
use kit_values::{Fault, OrganizationId, now};

use super::settle::settle;
use crate::domain::ownership::{Command, decide};
use crate::domain::presence::Presence;
use crate::domain::words::MemberId;
use crate::store::{self, Change, Whose};

/// Conversations looked at for one member; more than anybody may own.
const MOST: i64 = 5_000;

/// Takes from everybody of an organization the New conversations that they may not answer, each
/// with the waiting time that it had; how many those were.
pub async fn recheck(store: &Store, organization: OrganizationId) -> Result<usize, Fault> {
    let owners = store
        .transaction_retrying(&organization.into(), async move |transaction| {
            let owners = store::owners_without_access(transaction, organization).await?;
            if owners.is_empty() {
                store::access_settled(transaction, organization).await?;
            }
            Ok(owners)
        })
        .await?;
    let mut all = 0;
    for owner in owners {
        all += of_owner(store, organization, owner).await?;
    }
    Ok(all)
}

async fn of_owner(
    store: &Store,
    organization: OrganizationId,
    owner: MemberId,
) -> Result<usize, Fault> {
    store
        .transaction_retrying(&organization.into(), async move |transaction| {
            // The sweep comes again, and others' work goes back after this member's.
            store::wait_briefly(transaction).await?;
            let keys = store::owned_new(transaction, organization, owner, MOST).await?;
            let kept = store::load_conversations(transaction, &keys).await?;
            let one = BTreeSet::from([(organization, owner)]);
            let found = store::load_members(transaction, &one).await?.into_values().next();
            let Some(found) = found else { return Ok(0) };
            let doors = store::doors_of(transaction, organization, Whose::Of(&one)).await?;
            let mut agent = found.agent(Presence::Unknown, &doors);
            let at = now();
            let mut changes = Vec::new();
            for kept in kept.into_values() {
                let command = Command::Recheck { agent: agent.clone() };
                let Ok(decision) = decide(&kept.assignment, command, at) else { continue };
                if decision.changed {
                    agent.load = agent.load.saturating_sub(1);
                    changes.push(Change::new(organization, decision, kept.trace));
                }
            }
            settle(transaction, &changes, at).await?;
            Ok(changes.len())
        })
        .await
}
