//! Table `invitation`: open ones only.

use kit_store::{Row as _, Transaction, array};
use kit_values::{Fault, OrganizationId};
use sea_orm::QueryResult;
use time::OffsetDateTime;
use uuid::Uuid;

use super::unreadable;
use crate::domain::invitation::Invitation;
use crate::domain::member::{Login, Member, Role};
use crate::domain::{InvitationId, MemberId};

/// Adds it.
pub async fn add(tx: &Transaction, invitation: &Invitation) -> Result<(), Fault> {
    let sql = "INSERT INTO invitation (organization_id, invitation_id, login, display_name, \
               roles, member_id, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let invited = &invitation.invited;
    let values = vec![
        invited.organization.uuid().into(),
        invitation.id.uuid().into(),
        invited.login.as_str().into(),
        invited.display_name.clone().into(),
        array::texts(invited.roles.iter().map(|role| role.name().to_owned())),
        invitation.by.uuid().into(),
        invitation.created_at.into(),
        invitation.expires_at.into(),
    ];
    tx.run(sql, values).await?;
    Ok(())
}

/// Those that are good, newest first.
pub async fn open(
    tx: &Transaction,
    organization: OrganizationId,
    now: OffsetDateTime,
) -> Result<Vec<Invitation>, Fault> {
    let sql = "SELECT organization_id, invitation_id, login, display_name, roles, member_id, \
               created_at, expires_at FROM invitation \
               WHERE organization_id = $1 AND expires_at > $2 \
               ORDER BY created_at DESC, invitation_id DESC";
    let rows = tx.rows(sql, vec![organization.uuid().into(), now.into()]).await?;
    rows.iter().map(read).collect()
}

/// One of them, if it is good.
pub async fn find(
    tx: &Transaction,
    organization: OrganizationId,
    id: InvitationId,
    now: OffsetDateTime,
) -> Result<Option<Invitation>, Fault> {
    let open = open(tx, organization, now).await?;
    Ok(open.into_iter().find(|invitation| invitation.id == id))
}

/// It is no more; false when it was not.
pub async fn remove(
    tx: &Transaction,
    organization: OrganizationId,
    id: InvitationId,
) -> Result<bool, Fault> {
    let sql = "DELETE FROM invitation WHERE organization_id = $1 AND invitation_id = $2";
    Ok(tx.run(sql, vec![organization.uuid().into(), id.uuid().into()]).await? == 1)
}

/// Those of this login are no more; gives their ids.
pub async fn remove_of(
    tx: &Transaction,
    organization: OrganizationId,
    login: &Login,
) -> Result<Vec<Uuid>, Fault> {
    let sql = "DELETE FROM invitation WHERE organization_id = $1 AND login = $2 \
               RETURNING invitation_id";
    let rows = tx.rows(sql, vec![organization.uuid().into(), login.as_str().into()]).await?;
    rows.iter().map(|row| row.get("invitation_id")).collect()
}

fn read(row: &QueryResult) -> Result<Invitation, Fault> {
    let id: Uuid = row.get("invitation_id")?;
    let login: String = row.get("login")?;
    let roles: Vec<String> = row.get("roles")?;
    let invited = Member {
        id: MemberId::from_uuid(id),
        organization: OrganizationId::from_uuid(row.get("organization_id")?),
        login: Login::parse(&login)?,
        display_name: row.get("display_name")?,
        roles: roles
            .iter()
            .map(|name| Role::named(name).ok_or_else(|| unreadable("role")))
            .collect::<Result<_, _>>()?,
        session_epoch: 1,
        deactivated: false,
        version: 1,
    };
    Ok(Invitation {
        id: InvitationId::from_uuid(id),
        invited,
        by: MemberId::from_uuid(row.get("member_id")?),
        created_at: row.get("created_at")?,
        expires_at: row.get("expires_at")?,
    })
}
