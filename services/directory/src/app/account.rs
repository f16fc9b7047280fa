//! A member's own account: another password, every session ended, a forgotten password.

use kit_store::{Scope, Store, Transaction};
use kit_values::{Class, Fault, OrganizationId, Secret};
use serde_json::json;
use time::OffsetDateTime;
use uuid::Uuid;

use super::change_member::tell;
use super::{Actor, audit, rights, sign_in};
use crate::domain::MemberId;
use crate::domain::invitation::RESET_GOOD_FOR;
use crate::domain::member::{Login, Member};
use crate::store::tokens::{Good, Purpose};
use crate::store::{members, tokens};
use crate::token::{self, Digest};

/// The actor has another password from now on; sessions of before are void. The present password
/// has been verified and the new one hashed.
///
/// # Errors
/// Forbidden for who is no member.
pub async fn set_password(
    tx: &Transaction,
    actor: &Actor,
    organization: OrganizationId,
    password_hash: &Secret<String>,
    now: OffsetDateTime,
) -> Result<Member, Fault> {
    let id = rights::member(tx, organization, actor).await?.id;
    renew(tx, actor, organization, id, Some(password_hash), "password.changed", now).await
}

/// Every session of the actor is void, this one included.
///
/// # Errors
/// Forbidden for who is no member.
pub async fn sign_out_everywhere(
    tx: &Transaction,
    actor: &Actor,
    organization: OrganizationId,
    now: OffsetDateTime,
) -> Result<Member, Fault> {
    let id = rights::member(tx, organization, actor).await?.id;
    renew(tx, actor, organization, id, None, "account.signed_out_everywhere", now).await
}

/// Somebody says that they have forgotten the password of a login. Keeps the digest of a token
/// for it, if it is an active member's; else does the same work for nobody.
///
/// Links of before stay good until one of them is used or its time is over: anybody may ask, and
/// who asks changes nothing about an account. The throttle bounds how many there are at a time.
///
/// # Errors
/// Limited after too many requests for this login or from this address.
pub async fn request_reset(
    store: &Store,
    login: &str,
    client_address: &str,
    digest: Digest,
    now: OffsetDateTime,
) -> Result<Option<(Member, OffsetDateTime)>, Fault> {
    sign_in::charge_reset(store, login, client_address, now).await?;
    let parsed = Login::parse(login).ok();
    store
        .transaction(&Scope::Unscoped, async |tx| {
            let located = match &parsed {
                Some(login) => members::locate(tx, login).await?,
                None => None,
            };
            let nobody =
                || (OrganizationId::from_uuid(Uuid::nil()), MemberId::from_uuid(Uuid::nil()));
            let (organization, id) = located.unwrap_or_else(nobody);
            tx.rescope(&Scope::Organization(organization)).await?;
            let member = members::find(tx, organization, id).await?;
            let member = member.map(|(member, _)| member).filter(|member| !member.deactivated);
            // A token for nobody is over before anybody could guess it.
            let expires_at = if member.is_some() { now + RESET_GOOD_FOR } else { now };
            let about = Some(Good { organization, subject: id.uuid() });
            tokens::add_beside(tx, digest, Purpose::PasswordReset, about, expires_at).await?;
            Ok(member.map(|member| (member, expires_at)))
        })
        .await
}

/// An administrator makes a link for a member who has forgotten their password.
///
/// # Errors
/// Forbidden for others; not found; rejected for who may not sign in.
pub async fn make_reset(
    tx: &Transaction,
    actor: &Actor,
    organization: OrganizationId,
    id: MemberId,
    digest: Digest,
    now: OffsetDateTime,
) -> Result<OffsetDateTime, Fault> {
    rights::admin(tx, organization, actor).await?;
    let found = members::find(tx, organization, id).await?;
    let (member, _) = found.ok_or_else(|| Fault::not_found("member"))?;
    if member.deactivated {
        let sentence = "This member may not sign in; activate them first.";
        return Err(Fault::new(Class::Rejected, "member_deactivated", sentence));
    }
    let expires_at = now + RESET_GOOD_FOR;
    let about = Some(Good { organization, subject: id.uuid() });
    tokens::add(tx, digest, Purpose::PasswordReset, about, expires_at).await?;
    let (act, detail) = ("password.reset_link_made", json!({}));
    audit::keep(tx, actor, organization, act, id.to_string(), &detail, now).await?;
    Ok(expires_at)
}

/// Whether a token to set a new password is good; the transaction is of no organization.
///
/// # Errors
/// Not found (`token_void`).
pub async fn check_reset(tx: &Transaction, token: &str, now: OffsetDateTime) -> Result<(), Fault> {
    let good = tokens::find(tx, token::digest(token), Purpose::PasswordReset, now).await?;
    good.map(drop).ok_or_else(token::refused)
}

/// Whoever holds the token has another password from now on; sessions of before are void. The
/// transaction is of no organization.
///
/// # Errors
/// Not found (`token_void`) unless the token is good and its member may sign in.
pub async fn complete_reset(
    tx: &Transaction,
    token: &str,
    password_hash: &Secret<String>,
    now: OffsetDateTime,
) -> Result<Member, Fault> {
    let good = tokens::take(tx, token::digest(token), Purpose::PasswordReset, now).await?;
    let good = good.ok_or_else(token::refused)?;
    tx.rescope(&Scope::Organization(good.organization)).await?;
    let id = MemberId::from_uuid(good.subject);
    let actor = Actor::gateway(Some(id));
    if rights::member(tx, good.organization, &actor).await.is_err() {
        return Err(token::refused());
    }
    renew(tx, &actor, good.organization, id, Some(password_hash), "password.reset", now).await
}

/// Voids the member's sessions and, with a new password, links to set one.
async fn renew(
    tx: &Transaction,
    actor: &Actor,
    organization: OrganizationId,
    id: MemberId,
    password_hash: Option<&Secret<String>>,
    act: &'static str,
    now: OffsetDateTime,
) -> Result<Member, Fault> {
    let found = members::find_to_change(tx, organization, id).await?;
    let (before, _) = found.ok_or_else(|| Fault::not_found("member"))?;
    let after = before.with_sessions_void();
    members::replace(tx, &after).await?;
    if let Some(password_hash) = password_hash {
        members::set_password(tx, &after, password_hash).await?;
        tokens::remove(tx, Purpose::PasswordReset, Some(id.uuid())).await?;
    }
    tell(tx, &after, now).await?;
    audit::keep(tx, actor, organization, act, id.to_string(), &json!({}), now).await?;
    Ok(after)
}
