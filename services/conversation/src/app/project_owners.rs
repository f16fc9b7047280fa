//! Takes over whom routing assigned conversations to.

use std::collections::BTreeSet;

use kit_store::Transaction;
use kit_values::{Fault, OrganizationId};
use time::OffsetDateTime;

use super::follow_up::{Trail, announce};
use super::whose::lock_whose;
use crate::domain::heard::Owned;
use crate::domain::words::ConversationId;
use crate::store;
use crate::wire::Told;

/// Two readers of the same conversation's owners take turns.
#[must_use]
pub fn lock_key(owned: &Owned) -> i64 {
    let organization = owned.organization.to_string();
    kit_store::lock_key(&["owner", &organization, &owned.conversation.to_string()])
}

/// Projects owners; each with the trace of the event that told so.
///
/// # Errors
/// `NotFound` when one is of a conversation that is not there.
pub async fn project_owners(
    transaction: &Transaction,
    told: Vec<(Owned, Option<String>)>,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let wanted: BTreeSet<(OrganizationId, ConversationId)> =
        told.iter().map(|(one, _)| (one.organization, one.conversation)).collect();
    let asked: Vec<_> = wanted.into_iter().collect();
    let whose = lock_whose(transaction, &asked, &[]).await?;
    if whose.len() < asked.len() {
        return Err(Fault::not_found("a conversation"));
    }
    let owned: Vec<Owned> = told.iter().map(|(one, _)| *one).collect();
    let changed = store::project_owners(transaction, &owned, now).await?;
    let trace_of = |conversation: ConversationId| {
        told.iter().rev().find(|(one, _)| one.conversation == conversation)?.1.clone()
    };
    let trails: Vec<_> = changed
        .into_iter()
        .map(|one| {
            let trail = Trail { trace: trace_of(one.1.conversation), ..Trail::default() };
            (one, trail)
        })
        .collect();
    announce(transaction, Told::Owner, &trails, now).await
}
