//! Everybody, as supervisors see them.

use kit_store::Transaction;
use kit_values::{Fault, OrganizationId};

use super::Surroundings;
use super::availability::view;
use crate::domain::capacity::Allowance;
use crate::domain::person::Roles;
use crate::domain::view::Teammate;
use crate::store;

/// Every member of whom directory has told, with their presence, and how much the team may own.
pub async fn team(
    transaction: &Transaction,
    surroundings: &Surroundings,
    organization: OrganizationId,
) -> Result<(Vec<Teammate>, Allowance), Fault> {
    let mut members = store::members_of(transaction, organization).await?;
    members.retain(|one| one.roles != Roles::default());
    let ids: Vec<_> = members.iter().map(|one| one.member).collect();
    let presences = surroundings.presences.of(organization, &ids).await;
    let said = store::team(transaction, organization).await?;
    let capacity = said.map_or(surroundings.capacity, |team| team.capacity);
    let shown = members.iter().map(|one| view(one, presences.get(&one.member).copied()));
    Ok((shown.collect(), capacity))
}
