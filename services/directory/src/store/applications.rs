//! Table `application`, which is outside row-level security: the installation owns some.

use kit_store::{OrFault as _, Transaction};
use kit_values::{Fault, OrganizationId};
use sea_orm::ActiveValue::Set;
use sea_orm::EntityTrait as _;
use time::OffsetDateTime;

use super::entities::application::{ActiveModel, Entity, Model};
use super::unreadable;
use crate::domain::application::Application;
use crate::domain::{ApplicationId, Network};

/// The application and its sealed secrets.
pub async fn find(
    tx: &Transaction,
    id: ApplicationId,
) -> Result<Option<(Application, Vec<u8>)>, Fault> {
    let row = Entity::find_by_id(id.uuid()).one(tx).await.or_fault()?;
    row.map(|mut row| {
        let secrets = std::mem::take(&mut row.secrets);
        Ok((read(row)?, secrets))
    })
    .transpose()
}

/// Every application of the installation.
pub async fn all(tx: &Transaction) -> Result<Vec<Application>, Fault> {
    Entity::find().all(tx).await.or_fault()?.into_iter().map(read).collect()
}

/// Adds a new application.
///
/// # Errors
/// Conflict when its id is taken.
pub async fn add(
    tx: &Transaction,
    application: &Application,
    secrets: Vec<u8>,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let row = ActiveModel {
        application_id: Set(application.id.uuid()),
        organization_id: Set(application.organization.map(OrganizationId::uuid)),
        network: Set(application.network.name().to_owned()),
        name: Set(application.name.clone()),
        simulated: Set(application.simulated),
        permalink_base: Set(application.permalink_base.clone()),
        secrets: Set(secrets),
        version: Set(application.version),
        created_at: Set(now),
    };
    Entity::insert(row).exec_without_returning(tx).await.or_fault()?;
    Ok(())
}

fn read(row: Model) -> Result<Application, Fault> {
    Ok(Application {
        id: ApplicationId::from_uuid(row.application_id),
        network: Network::named(&row.network).ok_or_else(|| unreadable("network"))?,
        name: row.name,
        organization: row.organization_id.map(OrganizationId::from_uuid),
        simulated: row.simulated,
        version: row.version,
        permalink_base: row.permalink_base,
    })
}
