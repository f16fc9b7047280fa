//! What the sweep looks at, over organizations.

use std::collections::BTreeMap;

use kit_store::{Row as _, Transaction, array};
use kit_values::{Fault, OrganizationId};

use crate::domain::words::MemberId;

/// A member who owns New conversations, or whose work has still to go back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Burdened {
    /// Whose.
    pub organization: OrganizationId,
    /// Who.
    pub member: MemberId,
    /// Their work has still to go back.
    pub handing_back: bool,
}

/// Notes organizations whose work the sweep shall look at; gives the transaction's id.
pub async fn learn_organizations(
    transaction: &Transaction,
    organizations: impl IntoIterator<Item = OrganizationId>,
) -> Result<String, Fault> {
    let values = vec![array::uuids(organizations.into_iter().map(OrganizationId::uuid))];
    let rows = transaction.rows(include_str!("sql/learn_organizations.sql"), values).await?;
    let row = rows.first().ok_or_else(|| Fault::internal("a row without a table is missing"))?;
    row.get("transaction")
}

/// A page of the organizations of the installation, those after `after`.
pub async fn organizations(
    transaction: &Transaction,
    after: OrganizationId,
    limit: i64,
) -> Result<Vec<OrganizationId>, Fault> {
    let values = vec![after.uuid().into(), limit.into()];
    let rows = transaction.rows(include_str!("sql/organizations.sql"), values).await?;
    rows.iter().map(|row| Ok(OrganizationId::from_uuid(row.get("organization_id")?))).collect()
}

/// How many conversations wait in each of these organizations; those without any are left out.
pub async fn waiting(
    transaction: &Transaction,
    organizations: &[OrganizationId],
) -> Result<BTreeMap<OrganizationId, i64>, Fault> {
    let values = vec![array::uuids(organizations.iter().map(|one| one.uuid()))];
    let rows = transaction.rows(include_str!("sql/waiting.sql"), values).await?;
    rows.iter()
        .map(|row| {
            let organization = OrganizationId::from_uuid(row.get("organization_id")?);
            Ok((organization, row.get("waiting")?))
        })
        .collect()
}

/// Members of these organizations who own New conversations, or whose work has still to go back.
pub async fn burdened(
    transaction: &Transaction,
    organizations: &[OrganizationId],
) -> Result<Vec<Burdened>, Fault> {
    let values = vec![array::uuids(organizations.iter().map(|one| one.uuid()))];
    let rows = transaction.rows(include_str!("sql/burdened.sql"), values).await?;
    rows.iter()
        .map(|row| {
            Ok(Burdened {
                organization: OrganizationId::from_uuid(row.get("organization_id")?),
                member: MemberId::from_uuid(row.get("member_id")?),
                handing_back: row.get("handing_back")?,
            })
        })
        .collect()
}
