//! The first run of an installation that nobody can sign in to: whoever started it holds a token
//! and makes the first organization and its first administrator.

use kit_store::{Scope, Transaction, lock_key};
use kit_values::{Class, Fault, Secret};
use time::OffsetDateTime;

use super::Actor;
use super::create_member::create_member;
use super::create_organization::create_organization;
use crate::domain::invitation::WELCOME_GOOD_FOR;
use crate::domain::member::Member;
use crate::domain::organization::Organization;
use crate::store::tokens::Purpose;
use crate::store::{members, tokens};
use crate::token::{self, Digest};

/// Keeps the digest of a fresh token, in the place of the one before; false when the installation
/// has members already.
pub async fn begin(tx: &Transaction, digest: Digest, now: OffsetDateTime) -> Result<bool, Fault> {
    if !members::nobody(tx).await? {
        return Ok(false);
    }
    tokens::add(tx, digest, Purpose::Welcome, None, now + WELCOME_GOOD_FOR).await?;
    Ok(true)
}

/// Whether the token is good, before a password is hashed for it.
///
/// # Errors
/// Rejected when the installation has members; not found (`token_void`).
pub async fn check(tx: &Transaction, token: &str, now: OffsetDateTime) -> Result<(), Fault> {
    if !members::nobody(tx).await? {
        return Err(over());
    }
    let good = tokens::find(tx, token::digest(token), Purpose::Welcome, now).await?;
    good.map(drop).ok_or_else(token::refused)
}

/// Makes the first organization and its first administrator; the password has been checked and
/// hashed. The transaction is of no organization.
///
/// # Errors
/// As [`check`]: of two who hold the token, one gets in.
pub async fn complete(
    tx: &Transaction,
    token: &str,
    organization: &Organization,
    admin: &Member,
    password_hash: &Secret<String>,
    now: OffsetDateTime,
) -> Result<(Organization, Member), Fault> {
    tx.lock(&[lock_key(&["welcome"])]).await?;
    if !members::nobody(tx).await? {
        return Err(over());
    }
    let good = tokens::take(tx, token::digest(token), Purpose::Welcome, now).await?;
    good.ok_or_else(token::refused)?;
    tx.rescope(&Scope::Organization(organization.id)).await?;
    let actor = Actor::gateway(Some(admin.id));
    let organization = create_organization(tx, &actor, organization.clone(), now).await?;
    let admin = create_member(tx, &actor, admin.clone(), password_hash, now).await?;
    Ok((organization, admin))
}

fn over() -> Fault {
    let sentence = "This installation has been set up; sign in instead.";
    Fault::new(Class::Rejected, "welcome_over", sentence)
}
