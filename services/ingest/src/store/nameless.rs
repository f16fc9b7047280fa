//! Items whose author is not known, or not by name.

use std::collections::BTreeSet;

use kit_store::{Row as _, Transaction, array};
use kit_values::{EventId, Fault, OrganizationId};
use sea_orm::Value;
use time::OffsetDateTime;
use uuid::Uuid;

use super::items::{KeyRow, columns};
use crate::domain::{ChannelId, ItemId, RequestId};

/// An item whose author delivery is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nameless {
    /// Whose.
    pub organization: OrganizationId,
    /// Its id.
    pub item: ItemId,
    /// The request that brought it.
    pub request: RequestId,
    /// Its place in the request.
    pub position: i32,
    /// The author's id at the network; empty while that is not known either.
    pub author: String,
}

/// Keeps them.
pub async fn keep_nameless(
    tx: &Transaction,
    wanted: &[Nameless],
    asked_at: OffsetDateTime,
) -> Result<(), Fault> {
    if wanted.is_empty() {
        return Ok(());
    }
    let values = vec![
        array::uuids(wanted.iter().map(|it| it.organization.uuid())),
        array::uuids(wanted.iter().map(|it| it.item.uuid())),
        array::uuids(wanted.iter().map(|it| it.request.uuid())),
        array::integers(wanted.iter().map(|it| it.position)),
        array::texts(wanted.iter().map(|it| it.author.clone())),
        array::times(wanted.iter().map(|_| asked_at)),
    ];
    tx.run(include_str!("sql/nameless_keep.sql"), values).await?;
    Ok(())
}

/// Those of these items that nobody has named yet, locked.
pub async fn nameless(
    tx: &Transaction,
    items: &[(OrganizationId, ItemId)],
) -> Result<Vec<Nameless>, Fault> {
    let values = vec![
        array::uuids(items.iter().map(|(organization, _)| organization.uuid())),
        array::uuids(items.iter().map(|(_, item)| item.uuid())),
    ];
    let found = tx.rows(include_str!("sql/nameless_lock.sql"), values).await?;
    found
        .iter()
        .map(|row| {
            Ok(Nameless {
                organization: OrganizationId::from_uuid(row.get("organization_id")?),
                item: ItemId::from_uuid(row.get("item_id")?),
                request: RequestId::from_uuid(row.get("request_id")?),
                position: row.get("position")?,
                author: row.get("author_id")?,
            })
        })
        .collect()
}

/// Whom an item was handed on with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// Whose.
    pub organization: OrganizationId,
    /// The item.
    pub item: ItemId,
    /// The author's id at the network.
    pub id: String,
    /// Not by id alone: nobody has to be asked any more.
    pub named: bool,
}

/// Records whom items were handed on with.
pub async fn record_authors(tx: &Transaction, told: &[Author]) -> Result<(), Fault> {
    if told.is_empty() {
        return Ok(());
    }
    let values = vec![
        array::uuids(told.iter().map(|it| it.organization.uuid())),
        array::uuids(told.iter().map(|it| it.item.uuid())),
        array::texts(told.iter().map(|it| it.id.clone())),
        array::booleans(told.iter().map(|it| it.named)),
    ];
    tx.run(include_str!("sql/nameless_name.sql"), values).await?;
    Ok(())
}

/// Records why nobody can tell who wrote items.
pub async fn record_refusals(
    tx: &Transaction,
    told: &[(OrganizationId, ItemId, String)],
) -> Result<(), Fault> {
    if told.is_empty() {
        return Ok(());
    }
    let values = vec![
        array::uuids(told.iter().map(|(organization, ..)| organization.uuid())),
        array::uuids(told.iter().map(|(_, item, _)| item.uuid())),
        array::texts(told.iter().map(|(.., reason)| reason.clone())),
    ];
    tx.run(include_str!("sql/nameless_refuse.sql"), values).await?;
    Ok(())
}

/// A later item that gives an author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Later {
    /// Its key.
    pub key: KeyRow,
    /// The event that would carry it on.
    pub event: EventId,
    /// The author's id at the network.
    pub author: String,
    /// Not by id alone.
    pub named: bool,
}

/// The items that were handed on without what these give, by the event that is to carry them on
/// once more; each once.
pub async fn named_later(
    tx: &Transaction,
    later: &[Later],
) -> Result<Vec<(ItemId, EventId)>, Fault> {
    if later.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<&KeyRow> = later.iter().map(|it| &it.key).collect();
    let mut values = columns(&keys);
    values.extend([
        array::uuids(later.iter().map(|it| it.event.uuid())),
        array::texts(later.iter().map(|it| it.author.clone())),
        array::booleans(later.iter().map(|it| it.named)),
    ]);
    let found = tx.rows(include_str!("sql/nameless_later.sql"), values).await?;
    found
        .iter()
        .map(|row| {
            let item = ItemId::from_uuid(row.get::<Uuid>("item_id")?);
            Ok((item, EventId::from_uuid(row.get("event_id")?)))
        })
        .collect()
}

/// A person of an account's network.
pub type PersonKey = (OrganizationId, ChannelId, String);

/// Those of these persons who may be asked for now; they are, and then not within a day.
pub async fn ask_persons(
    tx: &Transaction,
    persons: &BTreeSet<PersonKey>,
    now: OffsetDateTime,
) -> Result<BTreeSet<PersonKey>, Fault> {
    if persons.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut values = person_columns(persons);
    values.push(now.into());
    let rows = tx.rows(include_str!("sql/person_ask.sql"), values).await?;
    rows.iter()
        .map(|row| {
            Ok((
                OrganizationId::from_uuid(row.get("organization_id")?),
                ChannelId::from_uuid(row.get("channel_id")?),
                row.get("person_id")?,
            ))
        })
        .collect()
}

fn person_columns<'a>(persons: impl IntoIterator<Item = &'a PersonKey> + Clone) -> Vec<Value> {
    vec![
        array::uuids(persons.clone().into_iter().map(|(organization, ..)| organization.uuid())),
        array::uuids(persons.clone().into_iter().map(|(_, channel, _)| channel.uuid())),
        array::texts(persons.into_iter().map(|(.., person)| person.clone())),
    ]
}

/// Nobody asks again soon who these persons are, who were named.
pub async fn spare_persons(tx: &Transaction, persons: &[PersonKey]) -> Result<(), Fault> {
    if persons.is_empty() {
        return Ok(());
    }
    tx.run(include_str!("sql/person_spare.sql"), person_columns(persons)).await?;
    Ok(())
}
