//! How much members may own, as supervisors and administrators say.

use std::collections::BTreeSet;

use kit_store::Transaction;
use kit_values::{Fault, OrganizationId};
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::Surroundings;
use super::audit::keep;
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
    (capacity, hard_limit): (u32, Option<u32>),
    now: OffsetDateTime,
) -> Result<Allowance, Fault> {
    let team = Allowance::new(capacity, hard_limit).map_err(error::not_a_capacity)?;
    store::lock_limits(transaction, [organization]).await?;
    supervises(transaction, organization, by).await?;
    let before = store::team(transaction, organization).await?.map(|team| team.capacity);
    store::save_team(transaction, organization, team).await?;
    if before != Some(team) {
        let detail = json!({ "from": before.map(words), "to": words(team) });
        let act = ("team_capacity.changed", String::new());
        keep(transaction, organization, Some(by), act, &detail, now).await?;
    }
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
    now: OffsetDateTime,
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
    if before.own_capacity != own {
        let detail = json!({ "capacity": { "from": before.own_capacity, "to": own } });
        let act = ("member_capacity.changed", member.to_string());
        keep(transaction, organization, Some(by), act, &detail, now).await?;
    }
    Ok(view(&Staff { limits, own_capacity: own, ..before }, None))
}

/// An allowance as it stands in an audit entry.
fn words(allowance: Allowance) -> Value {
    json!({ "capacity": allowance.capacity(), "hard_limit": allowance.hard_limit() })
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
