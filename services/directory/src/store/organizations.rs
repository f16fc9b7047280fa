//! Table `organization`.

use kit_store::{OrFault as _, Transaction};
use kit_values::{Fault, OrganizationId};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use time::OffsetDateTime;

use super::entities::organization::{ActiveModel, Column, Entity, Model};
use crate::domain::organization::Organization;

/// The organization, if it exists and is the transaction's.
pub async fn find(tx: &Transaction, id: OrganizationId) -> Result<Option<Organization>, Fault> {
    let row = Entity::find_by_id(id.uuid()).one(tx).await.or_fault()?;
    Ok(row.map(read))
}

/// Those of these that exist and are the transaction's.
pub async fn of(
    tx: &Transaction,
    ids: impl IntoIterator<Item = OrganizationId>,
) -> Result<Vec<Organization>, Fault> {
    let ids = ids.into_iter().map(OrganizationId::uuid);
    let rows = Entity::find().filter(Column::OrganizationId.is_in(ids)).all(tx).await.or_fault()?;
    Ok(rows.into_iter().map(read).collect())
}

/// Adds a new organization.
///
/// # Errors
/// Conflict when its id is taken.
pub async fn add(
    tx: &Transaction,
    organization: &Organization,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let row = ActiveModel {
        organization_id: Set(organization.id.uuid()),
        name: Set(organization.name.clone()),
        language: Set(organization.language.clone()),
        time_zone: Set(organization.time_zone.clone()),
        created_at: Set(now),
    };
    Entity::insert(row).exec_without_returning(tx).await.or_fault()?;
    Ok(())
}

fn read(row: Model) -> Organization {
    Organization {
        id: OrganizationId::from_uuid(row.organization_id),
        name: row.name,
        language: row.language,
        time_zone: row.time_zone,
    }
}
