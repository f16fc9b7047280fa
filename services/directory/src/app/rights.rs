//! Who may change settings: looked up where the change is made, never taken from a token.

use kit_store::Transaction;
use kit_values::{Class, Fault, OrganizationId};

use super::Actor;
use crate::domain::member::Member;
use crate::store::members;

/// The actor, if they are an active member.
///
/// # Errors
/// Forbidden for anybody else.
pub async fn member(
    tx: &Transaction,
    organization: OrganizationId,
    actor: &Actor,
) -> Result<Member, Fault> {
    let id = actor.member()?;
    members::find(tx, organization, id)
        .await?
        .map(|(member, _)| member)
        .filter(|member| !member.deactivated)
        .ok_or_else(|| {
            Fault::new(Class::Forbidden, "not_a_member", "You are not a member any more.")
        })
}

/// The actor, if they are an active administrator.
///
/// # Errors
/// Forbidden for anybody else.
pub async fn admin(
    tx: &Transaction,
    organization: OrganizationId,
    actor: &Actor,
) -> Result<Member, Fault> {
    let member = member(tx, organization, actor).await?;
    if member.is_admin() {
        return Ok(member);
    }
    Err(Fault::new(Class::Forbidden, "admin_only", "Only an administrator may do this."))
}
