//! An administrator changes a member: name, roles, whether they may sign in.

use kit_store::{Transaction, lock_key};
use kit_values::{Fault, OrganizationId};
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::announce::announce;
use super::{Actor, audit, rights};
use crate::domain::MemberId;
use crate::domain::member::{self, Change, Member};
use crate::store::members;
use crate::wire::Fact;

/// Changes the member, seen at `version`.
///
/// # Errors
/// Forbidden for who is no administrator; not found; as [`member::change`] says.
pub async fn change_member(
    tx: &Transaction,
    actor: &Actor,
    organization: OrganizationId,
    id: MemberId,
    version: i64,
    change: &Change,
    now: OffsetDateTime,
) -> Result<Member, Fault> {
    // Two administrators who demote each other at the same time must not both succeed.
    tx.lock(&[lock_key(&["administrators", &organization.to_string()])]).await?;
    rights::admin(tx, organization, actor).await?;
    let found = members::find_to_change(tx, organization, id).await?;
    let (before, _) = found.ok_or_else(|| Fault::not_found("member"))?;
    let everybody = members::of(tx, [organization]).await?;
    let others = everybody.iter().filter(|other| other.id != id && other.is_admin()).count();
    let after = member::change(&before, version, change, others)?;
    members::replace(tx, &after).await?;
    tell(tx, &after, now).await?;
    let detail = audit::difference(&[
        ("display_name", json!(before.display_name), json!(after.display_name)),
        ("roles", roles(&before), roles(&after)),
        ("active", (!before.deactivated).into(), (!after.deactivated).into()),
    ]);
    audit::keep(tx, actor, organization, "member.changed", id.to_string(), &detail, now).await?;
    Ok(after)
}

/// The roles as they stand in an audit entry.
pub fn roles(member: &Member) -> Value {
    member.roles.iter().map(|role| role.name()).collect::<Vec<_>>().into()
}

/// Tells others how the member stands now.
pub async fn tell(tx: &Transaction, member: &Member, now: OffsetDateTime) -> Result<(), Fault> {
    let fact = Fact::MemberChanged(member.clone());
    announce(tx, Some(member.organization), None, member.id.uuid(), &fact, now).await
}
