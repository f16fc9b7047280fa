//! An operator adds a member to an organization.

use kit_store::Transaction;
use kit_values::{Class, Fault, Secret};
use time::OffsetDateTime;

use super::announce::announce;
use crate::domain::member::Member;
use crate::store::{members, organizations};
use crate::wire::Fact;

/// Adds the member; the password has been checked and hashed already.
///
/// # Errors
/// Not found without such an organization; rejected when the login is taken.
pub async fn create_member(
    tx: &Transaction,
    member: Member,
    password_hash: &Secret<String>,
    now: OffsetDateTime,
) -> Result<Member, Fault> {
    if organizations::find(tx, member.organization).await?.is_none() {
        return Err(Fault::not_found("organization"));
    }
    if !members::add(tx, &member, password_hash, now).await? {
        return Err(Fault::new(Class::Rejected, "login_taken", "Somebody has this login already."));
    }
    let fact = Fact::MemberChanged(member.clone());
    announce(tx, Some(member.organization), None, member.id.uuid(), &fact, now).await?;
    Ok(member)
}
