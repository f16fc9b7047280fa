//! Tables `contact_attribute` and `contact_attribute_list`.

use std::collections::BTreeMap;

use kit_store::{Row as _, Transaction, array};
use kit_values::{Fault, OrganizationId};
use time::OffsetDateTime;

use super::unreadable;
use crate::domain::AttributeId;
use crate::domain::attribute::{Attribute, Attributes, Type};

/// Begins the list of an organization; false when it has begun already. Whoever begins it at the
/// same time waits for this transaction's end.
pub async fn begin(tx: &Transaction, organization: OrganizationId) -> Result<bool, Fault> {
    let sql = "INSERT INTO contact_attribute_list (organization_id, version) VALUES ($1, 1) \
               ON CONFLICT DO NOTHING";
    Ok(tx.run(sql, vec![organization.uuid().into()]).await? == 1)
}

/// Lets nobody else change the list of an organization until the transaction ends.
pub async fn lock(tx: &Transaction, organization: OrganizationId) -> Result<(), Fault> {
    let sql = "SELECT FROM contact_attribute_list WHERE organization_id = $1 FOR UPDATE";
    tx.run(sql, vec![organization.uuid().into()]).await?;
    Ok(())
}

/// The lists of these organizations, which must be the transaction's; those that have not begun
/// are missing.
pub async fn of(
    tx: &Transaction,
    organizations: impl IntoIterator<Item = OrganizationId>,
) -> Result<BTreeMap<OrganizationId, Attributes>, Fault> {
    let organizations = array::uuids(organizations.into_iter().map(OrganizationId::uuid));
    let mut lists = BTreeMap::new();
    let sql = "SELECT organization_id, version FROM contact_attribute_list \
               WHERE organization_id = ANY ($1::uuid[])";
    for row in tx.rows(sql, vec![organizations.clone()]).await? {
        let id = OrganizationId::from_uuid(row.get("organization_id")?);
        lists.insert(id, Attributes { list: Vec::new(), version: row.get("version")? });
    }
    for row in tx.rows(include_str!("sql/attributes_of.sql"), vec![organizations]).await? {
        let id = OrganizationId::from_uuid(row.get("organization_id")?);
        let of: String = row.get("type")?;
        let attribute = Attribute {
            id: AttributeId::from_uuid(row.get("attribute_id")?),
            key: row.get("key")?,
            name: row.get("name")?,
            of: Type::named(&of).ok_or_else(|| unreadable("attribute type"))?,
            choices: row.get("choices")?,
            shown: row.get("shown")?,
            version: row.get("version")?,
        };
        lists.entry(id).or_default().list.push(attribute);
    }
    Ok(lists)
}

/// Puts the whole list in the place of the former one; what is missing in it is archived.
///
/// # Errors
/// Conflict when a name is taken meanwhile, which the lock prevents.
pub async fn save(
    tx: &Transaction,
    organization: OrganizationId,
    attributes: &Attributes,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let list = &attributes.list;
    let texts = |of: fn(&Attribute) -> String| array::texts(list.iter().map(of));
    let values = vec![
        organization.uuid().into(),
        array::uuids(list.iter().map(|attribute| attribute.id.uuid())),
        texts(|attribute| attribute.key.clone()),
        texts(|attribute| attribute.name.clone()),
        texts(|attribute| attribute.of.name().to_owned()),
        texts(|attribute| serde_json::Value::from(attribute.choices.clone()).to_string()),
        array::booleans(list.iter().map(|attribute| attribute.shown)),
        array::bigints(list.iter().map(|attribute| attribute.version)),
        now.into(),
    ];
    tx.run(include_str!("sql/attributes_save.sql"), values).await?;
    let sql = "UPDATE contact_attribute_list SET version = $2 WHERE organization_id = $1";
    tx.run(sql, vec![organization.uuid().into(), attributes.version.into()]).await?;
    Ok(())
}
