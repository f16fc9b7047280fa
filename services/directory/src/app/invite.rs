//! Somebody new: invited by an administrator, in by a link that works once.

use kit_store::{Scope, Transaction};
use kit_values::{Class, Fault, OrganizationId, Secret};
use serde_json::json;
use time::OffsetDateTime;

use super::change_member::{roles, tell};
use super::{Actor, audit, rights};
use crate::domain::InvitationId;
use crate::domain::invitation::{GOOD_FOR, Invitation};
use crate::domain::member::Member;
use crate::domain::organization::Organization;
use crate::store::tokens::{Good, Purpose};
use crate::store::{invitations, members, organizations, tokens};
use crate::token::{self, Digest};

/// An administrator invites somebody; an older invitation of theirs is no more. The token whose
/// digest is kept is in the link.
///
/// # Errors
/// Forbidden for others; rejected when somebody has this login already.
pub async fn invite(
    tx: &Transaction,
    actor: &Actor,
    invited: Member,
    digest: Digest,
    now: OffsetDateTime,
) -> Result<Invitation, Fault> {
    let organization = invited.organization;
    let by = rights::admin(tx, organization, actor).await?;
    if members::locate(tx, &invited.login).await?.is_some() {
        return Err(taken());
    }
    for older in invitations::remove_of(tx, organization, &invited.login).await? {
        tokens::remove(tx, Purpose::Invitation, Some(older)).await?;
    }
    let subject = invited.id.uuid();
    let invitation = Invitation {
        id: InvitationId::from_uuid(subject),
        invited,
        by: by.id,
        created_at: now,
        expires_at: now + GOOD_FOR,
    };
    invitations::add(tx, &invitation).await?;
    let about = Some(Good { organization, subject });
    tokens::add(tx, digest, Purpose::Invitation, about, invitation.expires_at).await?;
    let who = &invitation.invited;
    let detail = json!({ "display_name": who.display_name, "roles": roles(who) });
    let (act, subject) = ("member.invited", invitation.id.to_string());
    audit::keep(tx, actor, organization, act, subject, &detail, now).await?;
    Ok(invitation)
}

/// The open invitations.
///
/// # Errors
/// Forbidden for who is no administrator.
pub async fn open(
    tx: &Transaction,
    actor: &Actor,
    organization: OrganizationId,
    now: OffsetDateTime,
) -> Result<Vec<Invitation>, Fault> {
    rights::admin(tx, organization, actor).await?;
    invitations::open(tx, organization, now).await
}

/// An administrator takes an invitation back.
///
/// # Errors
/// Forbidden for others; not found.
pub async fn revoke(
    tx: &Transaction,
    actor: &Actor,
    organization: OrganizationId,
    id: InvitationId,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    rights::admin(tx, organization, actor).await?;
    if !invitations::remove(tx, organization, id).await? {
        return Err(Fault::not_found("invitation"));
    }
    tokens::remove(tx, Purpose::Invitation, Some(id.uuid())).await?;
    let (act, detail) = ("invitation.revoked", json!({}));
    audit::keep(tx, actor, organization, act, id.to_string(), &detail, now).await
}

/// Who is invited by this token, and where to; the transaction is of no organization.
///
/// # Errors
/// Not found (`token_void`) unless the token is good.
pub async fn look(
    tx: &Transaction,
    token: &str,
    now: OffsetDateTime,
) -> Result<(Invitation, Organization), Fault> {
    let digest = token::digest(token);
    let good = tokens::find(tx, digest, Purpose::Invitation, now).await?;
    found(tx, good, now).await
}

/// Whoever holds the token becomes a member; the password has been checked and hashed. The
/// transaction is of no organization.
///
/// # Errors
/// Not found (`token_void`) unless the token is good; rejected when the login was taken
/// meanwhile.
pub async fn accept(
    tx: &Transaction,
    token: &str,
    password_hash: &Secret<String>,
    now: OffsetDateTime,
) -> Result<Member, Fault> {
    let good = tokens::take(tx, token::digest(token), Purpose::Invitation, now).await?;
    let (invitation, _) = found(tx, good, now).await?;
    let member = invitation.invited;
    invitations::remove(tx, member.organization, invitation.id).await?;
    if !members::add(tx, &member, password_hash, now).await? {
        return Err(taken());
    }
    tell(tx, &member, now).await?;
    let actor = Actor::gateway(Some(member.id));
    let detail = json!({ "invitation": invitation.id.to_string(), "roles": roles(&member) });
    let (act, subject) = ("invitation.accepted", member.id.to_string());
    audit::keep(tx, &actor, member.organization, act, subject, &detail, now).await?;
    Ok(member)
}

async fn found(
    tx: &Transaction,
    good: Option<Good>,
    now: OffsetDateTime,
) -> Result<(Invitation, Organization), Fault> {
    let good = good.ok_or_else(token::refused)?;
    let organization = good.organization;
    tx.rescope(&Scope::Organization(organization)).await?;
    let id = InvitationId::from_uuid(good.subject);
    let invitation = invitations::find(tx, organization, id, now).await?;
    let organization = organizations::find(tx, organization).await?;
    invitation.zip(organization).ok_or_else(token::refused)
}

fn taken() -> Fault {
    Fault::new(Class::Rejected, "login_taken", "Somebody has this login already.")
}
