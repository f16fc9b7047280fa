//! An organization is created: by an operator, or as the first one.

use kit_store::Transaction;
use kit_values::Fault;
use serde_json::json;
use time::OffsetDateTime;

use super::announce::announce;
use super::{Actor, attributes, audit};
use crate::domain::organization::Organization;
use crate::store::organizations;
use crate::wire::Fact;

/// Creates it; asked again with the same contents, answers as the first time.
///
/// # Errors
/// Rejected when another organization has this id.
pub async fn create_organization(
    tx: &Transaction,
    actor: &Actor,
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
    attributes::begin(tx, id, now).await?;
    let detail = json!({ "name": organization.name });
    audit::keep(tx, actor, id, "organization.created", id.to_string(), &detail, now).await?;
    Ok(organization)
}
