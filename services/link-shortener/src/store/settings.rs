//! Tables `setting`, `bitly` and `authorization_state`.

use kit_store::{Row as _, Transaction};
use kit_values::{Fault, OrganizationId};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::{Account, Choice, Provider, Settings};

/// What an organization chose, and its account.
pub async fn load(
    transaction: &Transaction,
    organization: OrganizationId,
) -> Result<Settings, Fault> {
    let values = vec![organization.uuid().into()];
    let rows = transaction.rows(include_str!("sql/settings.sql"), values).await?;
    let Some(row) = rows.first() else { return Ok(Settings::default()) };
    let provider: i16 = row.get("provider")?;
    let login: Option<String> = row.get("login")?;
    let account = match login {
        None => None,
        Some(login) => Some(Account {
            login,
            groups: row.get("groups")?,
            version: row.get("version")?,
            checked_at: row.get("checked_at")?,
            trouble: row.get("trouble")?,
        }),
    };
    Ok(Settings {
        choice: Choice {
            provider: if provider == 2 { Provider::Bitly } else { Provider::BuiltIn },
            group_guid: row.get("group_guid")?,
            domain: row.get("domain")?,
            rev: row.get("rev")?,
        },
        account,
    })
}

/// Keeps what an organization chose, if `choice` follows what is kept.
///
/// # Errors
/// Unavailable without the database; gives whether it was kept.
pub async fn choose(
    transaction: &Transaction,
    organization: OrganizationId,
    choice: &Choice,
) -> Result<bool, Fault> {
    let provider: i16 = if choice.provider == Provider::Bitly { 2 } else { 1 };
    let values = vec![
        organization.uuid().into(),
        provider.into(),
        choice.group_guid.clone().into(),
        choice.domain.clone().into(),
        choice.rev.into(),
    ];
    Ok(transaction.run(include_str!("sql/choose.sql"), values).await? == 1)
}

/// Keeps an account, unless a newer token is of another one.
///
/// # Errors
/// Unavailable without the database; gives whether it was kept.
pub async fn connect(
    transaction: &Transaction,
    organization: OrganizationId,
    account: &Account,
) -> Result<bool, Fault> {
    let values = vec![
        organization.uuid().into(),
        account.login.clone().into(),
        account.groups.clone().into(),
        account.version.into(),
        account.checked_at.into(),
        account.trouble.clone().into(),
    ];
    Ok(transaction.run(include_str!("sql/connect.sql"), values).await? == 1)
}

/// Forgets an account.
pub async fn disconnect(
    transaction: &Transaction,
    organization: OrganizationId,
) -> Result<(), Fault> {
    let sql = "DELETE FROM bitly WHERE organization_id = $1";
    transaction.run(sql, vec![organization.uuid().into()]).await?;
    Ok(())
}

/// Keeps how the last call went.
pub async fn checked(
    transaction: &Transaction,
    organization: OrganizationId,
    version: i64,
    trouble: &str,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let values = vec![organization.uuid().into(), version.into(), trouble.into(), now.into()];
    transaction.run(include_str!("sql/checked.sql"), values).await?;
    Ok(())
}

/// Keeps that a browser of the member went to Bitly, and forgets those that never came back.
pub async fn began(
    transaction: &Transaction,
    organization: OrganizationId,
    member: Uuid,
    digest: &[u8],
    now: OffsetDateTime,
    expires_at: OffsetDateTime,
) -> Result<(), Fault> {
    let sql = "DELETE FROM authorization_state WHERE organization_id = $1 AND expires_at < $2";
    transaction.run(sql, vec![organization.uuid().into(), now.into()]).await?;
    let values =
        vec![organization.uuid().into(), digest.to_vec().into(), member.into(), expires_at.into()];
    transaction.run(include_str!("sql/began.sql"), values).await?;
    Ok(())
}

/// Whether the browser that came back had gone there, for this member; good once.
pub async fn came_back(
    transaction: &Transaction,
    organization: OrganizationId,
    member: Uuid,
    digest: &[u8],
    now: OffsetDateTime,
) -> Result<bool, Fault> {
    let values =
        vec![organization.uuid().into(), digest.to_vec().into(), member.into(), now.into()];
    Ok(transaction.run(include_str!("sql/came_back.sql"), values).await? == 1)
}
