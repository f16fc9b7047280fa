//! Tables `member` and `member_login`.

use kit_store::{OrFault as _, Row as _, Transaction, array, statement};
use kit_values::{Fault, OrganizationId, Secret};
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ConnectionTrait as _, EntityTrait as _, FromQueryResult as _, QuerySelect as _, Value,
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::entities::{member, member_login};
use super::unreadable;
use crate::domain::MemberId;
use crate::domain::member::{Login, Member, Role};

/// Where the member of a login is; needs no organization.
pub async fn locate(
    tx: &Transaction,
    login: &Login,
) -> Result<Option<(OrganizationId, MemberId)>, Fault> {
    let row =
        member_login::Entity::find_by_id(login.as_str().to_owned()).one(tx).await.or_fault()?;
    Ok(row.map(|row| {
        (OrganizationId::from_uuid(row.organization_id), MemberId::from_uuid(row.member_id))
    }))
}

/// The member and the hash of their password.
pub async fn find(
    tx: &Transaction,
    organization: OrganizationId,
    id: MemberId,
) -> Result<Option<(Member, Secret<String>)>, Fault> {
    let key = (organization.uuid(), id.uuid());
    let row = member::Entity::find_by_id(key).one(tx).await.or_fault()?;
    row.map(read).transpose()
}

/// The member, their row locked until the transaction ends.
pub async fn find_to_change(
    tx: &Transaction,
    organization: OrganizationId,
    id: MemberId,
) -> Result<Option<(Member, Secret<String>)>, Fault> {
    let row = member::Entity::find_by_id((organization.uuid(), id.uuid()))
        .lock_exclusive()
        .one(tx)
        .await
        .or_fault()?;
    row.map(read).transpose()
}

/// Puts what may change of a member in the place of what was.
pub async fn replace(tx: &Transaction, member: &Member) -> Result<(), Fault> {
    let row = member::ActiveModel {
        organization_id: Unchanged(member.organization.uuid()),
        member_id: Unchanged(member.id.uuid()),
        display_name: Set(member.display_name.clone()),
        roles: Set(member.roles.iter().map(|role| role.name().to_owned()).collect()),
        session_epoch: Set(member.session_epoch),
        deactivated: Set(member.deactivated),
        version: Set(member.version),
        ..Default::default()
    };
    member::Entity::update(row).exec(tx).await.or_fault()?;
    Ok(())
}

/// Gives a member another password.
pub async fn set_password(
    tx: &Transaction,
    member: &Member,
    password_hash: &Secret<String>,
) -> Result<(), Fault> {
    let row = member::ActiveModel {
        organization_id: Unchanged(member.organization.uuid()),
        member_id: Unchanged(member.id.uuid()),
        password_hash: Set(password_hash.expose().clone()),
        ..Default::default()
    };
    member::Entity::update(row).exec(tx).await.or_fault()?;
    Ok(())
}

/// Whether nobody can sign in to this installation yet; needs no organization.
pub async fn nobody(tx: &Transaction) -> Result<bool, Fault> {
    let sql = "SELECT NOT EXISTS (SELECT FROM member_login) AS nobody";
    tx.rows(sql, Vec::new()).await?.first().map_or(Ok(true), |row| row.get("nobody"))
}

/// Every member of these organizations, which must be the transaction's.
pub async fn of(
    tx: &Transaction,
    organizations: impl IntoIterator<Item = OrganizationId>,
) -> Result<Vec<Member>, Fault> {
    let organizations = array::uuids(organizations.into_iter().map(OrganizationId::uuid));
    let rows = tx
        .query_all_raw(statement(include_str!("sql/members_of.sql"), vec![organizations]))
        .await
        .or_fault()?;
    rows.iter()
        .map(|row| {
            let model = member::Model::from_query_result(row, "").or_fault()?;
            Ok(read(model)?.0)
        })
        .collect()
}

/// At most `limit` organizations that have members, those behind `after`, by id; needs no
/// organization.
pub async fn organizations_after(
    tx: &Transaction,
    after: Uuid,
    limit: u16,
) -> Result<Vec<OrganizationId>, Fault> {
    let values = vec![Value::from(after), Value::from(i64::from(limit))];
    let rows = tx
        .query_all_raw(statement(include_str!("sql/organizations_after.sql"), values))
        .await
        .or_fault()?;
    rows.iter().map(|row| row.get("organization_id").map(OrganizationId::from_uuid)).collect()
}

/// Adds a new member; false when their login is taken somewhere in the installation, after which
/// the transaction must be rolled back.
pub async fn add(
    tx: &Transaction,
    member: &Member,
    password_hash: &Secret<String>,
    now: OffsetDateTime,
) -> Result<bool, Fault> {
    let row = member::ActiveModel {
        organization_id: Set(member.organization.uuid()),
        member_id: Set(member.id.uuid()),
        login: Set(member.login.as_str().to_owned()),
        display_name: Set(member.display_name.clone()),
        roles: Set(member.roles.iter().map(|role| role.name().to_owned()).collect()),
        password_hash: Set(password_hash.expose().clone()),
        session_epoch: Set(member.session_epoch),
        created_at: Set(now),
        deactivated: Set(member.deactivated),
        version: Set(member.version),
    };
    member::Entity::insert(row).exec_without_returning(tx).await.or_fault()?;
    let row = member_login::ActiveModel {
        login: Set(member.login.as_str().to_owned()),
        organization_id: Set(member.organization.uuid()),
        member_id: Set(member.id.uuid()),
    };
    let added = member_login::Entity::insert(row)
        .on_conflict(OnConflict::column(member_login::Column::Login).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await
        .or_fault()?;
    Ok(added == 1)
}

fn read(row: member::Model) -> Result<(Member, Secret<String>), Fault> {
    let roles = row
        .roles
        .iter()
        .map(|name| Role::named(name).ok_or_else(|| unreadable("role")))
        .collect::<Result<_, _>>()?;
    let member = Member {
        id: MemberId::from_uuid(row.member_id),
        organization: OrganizationId::from_uuid(row.organization_id),
        login: Login::parse(&row.login)?,
        display_name: row.display_name,
        roles,
        session_epoch: row.session_epoch,
        deactivated: row.deactivated,
        version: row.version,
    };
    Ok((member, Secret::new(row.password_hash)))
}
