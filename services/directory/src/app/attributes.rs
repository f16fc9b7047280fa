//! What can be known of contacts: an organization's list, seeded when it is first needed.

use std::collections::BTreeMap;

use kit_store::Scope;
use kit_store::{Store, Transaction};
use kit_values::{Fault, OrganizationId};
use serde_json::json;
use time::OffsetDateTime;
use uuid::Uuid;

use super::announce::announce;
use super::{Actor, audit, rights};
use crate::domain::AttributeId;
use crate::domain::attribute::{self, Attributes, Change, Type};
use crate::store::{attributes, members, organizations};
use crate::wire::Fact;

/// Most organizations of one page of [`all`].
const ORGANIZATIONS_A_PAGE: u16 = 50;

/// The list; of an organization from before there were attributes it begins now.
pub async fn list(
    tx: &Transaction,
    organization: OrganizationId,
    now: OffsetDateTime,
) -> Result<Attributes, Fault> {
    begin(tx, organization, now).await?;
    let mut lists = attributes::of(tx, [organization]).await?;
    lists.remove(&organization).ok_or_else(|| Fault::not_found("organization"))
}

/// Seeds the list, unless it has been.
pub async fn begin(
    tx: &Transaction,
    organization: OrganizationId,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let known = attributes::of(tx, [organization]).await?.contains_key(&organization);
    if known {
        return Ok(());
    }
    let found = organizations::find(tx, organization).await?;
    let found = found.ok_or_else(|| Fault::not_found("organization"))?;
    if attributes::begin(tx, organization).await? {
        let ids = std::array::from_fn(|_| AttributeId::mint());
        save(tx, organization, &attribute::seeded(&found.language, ids), now).await?;
    }
    Ok(())
}

/// The lists of the organizations behind `after`, and where the next page begins; none when this
/// was the last one.
pub async fn all(
    store: &Store,
    after: Option<OrganizationId>,
    now: OffsetDateTime,
) -> Result<(BTreeMap<OrganizationId, Attributes>, Option<OrganizationId>), Fault> {
    let after = after.map_or(Uuid::nil(), OrganizationId::uuid);
    let page = store
        .transaction(&Scope::Unscoped, async |tx| {
            members::organizations_after(tx, after, ORGANIZATIONS_A_PAGE).await
        })
        .await?;
    let is_last = page.len() < usize::from(ORGANIZATIONS_A_PAGE);
    let next = page.last().copied().filter(|_| !is_last);
    let scope = Scope::Organizations(page.iter().copied().collect());
    let lists = store
        .transaction_retrying(&scope, async |tx| {
            let mut lists = attributes::of(tx, page.iter().copied()).await?;
            for organization in &page {
                if !lists.contains_key(organization) {
                    lists.insert(*organization, list(tx, *organization, now).await?);
                }
            }
            Ok(lists)
        })
        .await?;
    Ok((lists, next))
}

/// An administrator adds one.
///
/// # Errors
/// Forbidden for others; as [`Attributes::with`] says.
#[expect(clippy::too_many_arguments, reason = "what an attribute is made of")]
pub async fn add(
    tx: &Transaction,
    actor: &Actor,
    organization: OrganizationId,
    id: AttributeId,
    name: &str,
    of: Type,
    choices: &[String],
    shown: bool,
    now: OffsetDateTime,
) -> Result<Attributes, Fault> {
    let before = to_change(tx, actor, organization, now).await?;
    let after = before.with(id, name, of, choices, shown)?;
    save(tx, organization, &after, now).await?;
    let detail = json!({ "name": name.trim(), "type": of.name(), "shown": shown });
    let act = "contact_attribute.added";
    audit::keep(tx, actor, organization, act, id.to_string(), &detail, now).await?;
    Ok(after)
}

/// An administrator changes one.
///
/// # Errors
/// Forbidden for others; as [`Attributes::changed`] says.
pub async fn change(
    tx: &Transaction,
    actor: &Actor,
    organization: OrganizationId,
    (id, version, change): (AttributeId, i64, &Change),
    now: OffsetDateTime,
) -> Result<Attributes, Fault> {
    let before = to_change(tx, actor, organization, now).await?;
    let after = before.changed(id, version, change)?;
    save(tx, organization, &after, now).await?;
    let one = |of: &Attributes| of.list.iter().find(|attribute| attribute.id == id).cloned();
    if let (Some(was), Some(is)) = (one(&before), one(&after)) {
        let detail = audit::difference(&[
            ("name", was.name.into(), is.name.into()),
            ("shown", was.shown.into(), is.shown.into()),
            ("choices", was.choices.into(), is.choices.into()),
        ]);
        let act = "contact_attribute.changed";
        audit::keep(tx, actor, organization, act, id.to_string(), &detail, now).await?;
    }
    Ok(after)
}

/// An administrator archives one.
///
/// # Errors
/// Forbidden for others; not found.
pub async fn archive(
    tx: &Transaction,
    actor: &Actor,
    organization: OrganizationId,
    id: AttributeId,
    now: OffsetDateTime,
) -> Result<Attributes, Fault> {
    let before = to_change(tx, actor, organization, now).await?;
    let after = before.without(id)?;
    save(tx, organization, &after, now).await?;
    let name = before.list.iter().find(|attribute| attribute.id == id).map(|it| it.name.clone());
    let (act, detail) = ("contact_attribute.archived", json!({ "name": name }));
    audit::keep(tx, actor, organization, act, id.to_string(), &detail, now).await?;
    Ok(after)
}

/// An administrator puts them in another order.
///
/// # Errors
/// Forbidden for others; as [`Attributes::ordered`] says.
pub async fn order(
    tx: &Transaction,
    actor: &Actor,
    organization: OrganizationId,
    ids: &[AttributeId],
    version: i64,
    now: OffsetDateTime,
) -> Result<Attributes, Fault> {
    let before = to_change(tx, actor, organization, now).await?;
    let after = before.ordered(ids, version)?;
    save(tx, organization, &after, now).await?;
    let names: Vec<&str> = after.list.iter().map(|attribute| &*attribute.name).collect();
    let (act, detail) = ("contact_attribute.ordered", json!({ "order": names }));
    audit::keep(tx, actor, organization, act, String::new(), &detail, now).await?;
    Ok(after)
}

async fn to_change(
    tx: &Transaction,
    actor: &Actor,
    organization: OrganizationId,
    now: OffsetDateTime,
) -> Result<Attributes, Fault> {
    rights::admin(tx, organization, actor).await?;
    begin(tx, organization, now).await?;
    attributes::lock(tx, organization).await?;
    list(tx, organization, now).await
}

async fn save(
    tx: &Transaction,
    organization: OrganizationId,
    attributes: &Attributes,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    attributes::save(tx, organization, attributes, now).await?;
    let fact = Fact::ContactAttributesChanged(organization, attributes.clone());
    announce(tx, Some(organization), None, organization.uuid(), &fact, now).await
}
