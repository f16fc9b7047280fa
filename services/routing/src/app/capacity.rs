//! How much members may own, as supervisors and administrators say.

use std::collections::BTreeSet;

use kit_store::Transaction;
use kit_values::{Fault, OrganizationId};

use super::Surroundings;
use super::availability::view;
use crate::domain::capacity::{Allowance, own};
use crate::domain::view::Teammate;
use crate::domain::words::MemberId;
use crate::error;
use crate::store::{self, Staff};

/// Says how much everybody may own who has no capacity of their own; at once.
///
/// # Errors
/// Invalid for what cannot be had; Forbidden for who is neither supervisor nor administrator.
pub async fn set_team_capacity(
    transaction: &Transaction,
    organization: OrganizationId,
    by: MemberId,
    capacity: u32,
    hard_limit: Option<u32>,
) -> Result<Allowance, Fault> {
    let team = Allowance::new(capacity, hard_limit).map_err(error::not_a_capacity)?;
    store::lock_limits(transaction, [organization]).await?;
    supervises(transaction, organization, by).await?;
    store::save_team(transaction, organization, team).await?;
    Ok(team)
}

/// `by` says how much one member may own, or with `None` that it is what the team says; at once.
///
/// # Errors
/// Invalid for what cannot be had; Forbidden for who is neither supervisor nor administrator;
/// `NotFound` for a member who is not the organization's.
pub async fn set_member_capacity(
    transaction: &Transaction,
    surroundings: &Surroundings,
    organization: OrganizationId,
    (by, member): (MemberId, MemberId),
    capacity: Option<u32>,
) -> Result<Teammate, Fault> {
    let own = capacity.map(own).transpose().map_err(error::not_a_capacity)?;
    store::lock_limits(transaction, [organization]).await?;
    supervises(transaction, organization, by).await?;
    let key = (organization, member);
    let found = store::load_members(transaction, &BTreeSet::from([key])).await?.remove(&key);
    let before = found.ok_or_else(|| Fault::not_found("member"))?;
    let team = store::team(transaction, organization).await?;
    let limits = team.map_or(surroundings.capacity, |team| team.capacity).limits(own);
    store::limit_member(transaction, organization, member, own, limits).await?;
    Ok(view(&Staff { limits, own_capacity: own, ..before }, None))
}

async fn supervises(
    transaction: &Transaction,
    organization: OrganizationId,
    by: MemberId,
) -> Result<(), Fault> {
    let caller = store::one_member(transaction, organization, by).await?;
    if caller.is_some_and(|caller| caller.roles.supervises()) {
        return Ok(());
    }
    Err(error::supervisors_only())
}
