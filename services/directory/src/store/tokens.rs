//! Table `one_time_token`: what whoever holds a link may do once. Needs no organization.

use kit_store::{Row as _, Transaction};
use kit_values::{Fault, OrganizationId};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::token::Digest;

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Somebody new comes in.
    Invitation,
    /// A member sets a new password.
    PasswordReset,
    /// The first organization of an empty installation.
    Welcome,
}

impl Purpose {
    const fn name(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::PasswordReset => "password_reset",
            Self::Welcome => "welcome",
        }
    }
}

/// What a good token is about; nil for welcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Good {
    /// Whose.
    pub organization: OrganizationId,
    /// The invitation or the member.
    pub subject: Uuid,
}

/// Keeps a token's digest; older ones for the same thing are good no longer.
pub async fn add(
    tx: &Transaction,
    digest: Digest,
    purpose: Purpose,
    about: Option<Good>,
    expires_at: OffsetDateTime,
) -> Result<(), Fault> {
    remove(tx, purpose, about.map(|it| it.subject)).await?;
    add_beside(tx, digest, purpose, about, expires_at).await
}

/// Keeps a token's digest beside older ones for the same thing.
pub async fn add_beside(
    tx: &Transaction,
    digest: Digest,
    purpose: Purpose,
    about: Option<Good>,
    expires_at: OffsetDateTime,
) -> Result<(), Fault> {
    let sql = "INSERT INTO one_time_token \
               (token_digest, purpose, organization_id, subject, expires_at) \
               VALUES ($1, $2, $3, $4, $5)";
    let values = vec![
        digest.to_vec().into(),
        purpose.name().into(),
        about.map(|it| it.organization.uuid()).into(),
        about.map(|it| it.subject).into(),
        expires_at.into(),
    ];
    tx.run(sql, values).await?;
    Ok(())
}

/// What the token is about, if it is good.
pub async fn find(
    tx: &Transaction,
    digest: Digest,
    purpose: Purpose,
    now: OffsetDateTime,
) -> Result<Option<Good>, Fault> {
    let sql = "SELECT organization_id, subject FROM one_time_token \
               WHERE token_digest = $1 AND purpose = $2 AND expires_at > $3";
    read(&tx.rows(sql, vec![digest.to_vec().into(), purpose.name().into(), now.into()]).await?)
}

/// As [`find`], and it is good no longer: of two who hold it, one gets an answer.
pub async fn take(
    tx: &Transaction,
    digest: Digest,
    purpose: Purpose,
    now: OffsetDateTime,
) -> Result<Option<Good>, Fault> {
    let sql = "DELETE FROM one_time_token \
               WHERE token_digest = $1 AND purpose = $2 AND expires_at > $3 \
               RETURNING organization_id, subject";
    read(&tx.rows(sql, vec![digest.to_vec().into(), purpose.name().into(), now.into()]).await?)
}

/// Tokens for this are good no longer.
pub async fn remove(
    tx: &Transaction,
    purpose: Purpose,
    subject: Option<Uuid>,
) -> Result<(), Fault> {
    let sql = "DELETE FROM one_time_token \
               WHERE purpose = $1 AND subject IS NOT DISTINCT FROM $2";
    tx.run(sql, vec![purpose.name().into(), subject.into()]).await?;
    Ok(())
}

/// Forgets those whose time is over.
pub async fn sweep(tx: &Transaction, now: OffsetDateTime) -> Result<(), Fault> {
    tx.run("DELETE FROM one_time_token WHERE expires_at <= $1", vec![now.into()]).await?;
    Ok(())
}

fn read(rows: &[sea_orm::QueryResult]) -> Result<Option<Good>, Fault> {
    rows.first()
        .map(|row| {
            let organization: Option<Uuid> = row.get("organization_id")?;
            let subject: Option<Uuid> = row.get("subject")?;
            Ok(Good {
                organization: OrganizationId::from_uuid(organization.unwrap_or_default()),
                subject: subject.unwrap_or_default(),
            })
        })
        .transpose()
}
