//! Everybody, as supervisors see them.

use kit_store::Transaction;
use kit_values::{Fault, OrganizationId};

use super::Surroundings;
use super::availability::view;
use crate::domain::person::Roles;
use crate::domain::view::Teammate;
use crate::store;

/// Every member of whom directory has told, with their presence.
pub async fn team(
    transaction: &Transaction,
    surroundings: &Surroundings,
    organization: OrganizationId,
) -> Result<Vec<Teammate>, Fault> {
    let mut members = store::members_of(transaction, organization).await?;
    members.retain(|one| one.roles != Roles::default());
    let ids: Vec<_> = members.iter().map(|one| one.member).collect();
    let presences = surroundings.presences.of(organization, &ids).await;
    Ok(members.iter().map(|one| view(one, presences.get(&one.member).copied())).collect())
}
