//! An operator creates an organization.

use kit_store::Transaction;
use kit_values::Fault;
use time::OffsetDateTime;

use super::announce::announce;
use crate::domain::organization::Organization;
use crate::store::organizations;
use crate::wire::Fact;

/// Creates it; asked again with the same contents, answers as the first time.
///
/// # Errors
/// Rejected when another organization has this id.
pub async fn create_organization(
    tx: &Transaction,
    organization: Organization,
    now: OffsetDateTime,
) -> Result<Organization, Fault> {
    if let Some(existing) = organizations::find(tx, organization.id).await? {
        return if existing == organization {
            Ok(existing)
        } else {
            Err(super::taken("an organization"))
        };
    }
    organizations::add(tx, &organization, now).await?;
    let id = organization.id;
    let fact = Fact::OrganizationChanged(organization.clone());
    announce(tx, Some(id), None, id.uuid(), &fact, now).await?;
    Ok(organization)
}
