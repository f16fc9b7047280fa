//! A member is added to an organization: by an operator, or as the first one.

use kit_store::Transaction;
use kit_values::{Class, Fault, Secret};
use serde_json::json;
use time::OffsetDateTime;

use super::change_member::{roles, tell};
use super::{Actor, audit};
use crate::domain::member::Member;
use crate::store::{members, organizations};

/// Adds the member; the password has been checked and hashed already.
///
/// # Errors
/// Not found without such an organization; rejected when the login is taken, which whoever sets
/// an organization up again tells by its code from a login that another organization took.
pub async fn create_member(
    tx: &Transaction,
    actor: &Actor,
    member: Member,
    password_hash: &Secret<String>,
    now: OffsetDateTime,
) -> Result<Member, Fault> {
    if organizations::find(tx, member.organization).await?.is_none() {
        return Err(Fault::not_found("organization"));
    }
    if !members::add(tx, &member, password_hash, now).await? {
        let holder = members::locate(tx, &member.login).await?;
        let is_own = holder.is_some_and(|(organization, _)| organization == member.organization);
        return Err(if is_own {
            let sentence = "Somebody of this organization has this login already.";
            Fault::new(Class::Rejected, "login_taken_here", sentence)
        } else {
            Fault::new(Class::Rejected, "login_taken", "Somebody has this login already.")
        });
    }
    tell(tx, &member, now).await?;
    let detail = json!({ "display_name": member.display_name, "roles": roles(&member) });
    let (act, subject) = ("member.added", member.id.to_string());
    audit::keep(tx, actor, member.organization, act, subject, &detail, now).await?;
    Ok(member)
}
