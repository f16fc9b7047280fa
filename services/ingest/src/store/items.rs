//! Items by their key: the one place where an item is new or not.

use std::collections::{HashMap, HashSet};

use kit_store::{Row as _, Transaction, array};
use kit_values::{EventId, Fault, OrganizationId};
use sea_orm::Value;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::{ChannelId, ItemId, RequestId};

/// What makes two items the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyRow {
    /// Whose.
    pub organization: OrganizationId,
    /// The account.
    pub channel: ChannelId,
    /// The network's id.
    pub external_id: String,
    /// Which statement about it.
    pub aspect: String,
    /// Which version of the statement.
    pub version: String,
}

/// A row to admit.
#[derive(Debug, Clone)]
pub struct ItemRow {
    /// Its key.
    pub key: KeyRow,
    /// Its id.
    pub id: ItemId,
    /// The request that brought it.
    pub request: RequestId,
    /// Its place in the request.
    pub position: i32,
    /// The event that carries it on; `None` while it waits for its author.
    pub event: Option<EventId>,
    /// When it came.
    pub received_at: OffsetDateTime,
}

/// The five columns of keys.
pub(super) fn columns(keys: &[&KeyRow]) -> Vec<Value> {
    let column =
        |text: fn(&KeyRow) -> &String| array::texts(keys.iter().map(|key| text(key).clone()));
    vec![
        array::uuids(keys.iter().map(|key| key.organization.uuid())),
        array::uuids(keys.iter().map(|key| key.channel.uuid())),
        column(|key| &key.external_id),
        column(|key| &key.aspect),
        column(|key| &key.version),
    ]
}

/// Admits rows; gives the ids of those whose key is new. Rows are written in the order of their
/// keys, so that two batches never wait for each other in a circle.
pub async fn admit(tx: &Transaction, items: &[ItemRow]) -> Result<HashSet<ItemId>, Fault> {
    if items.is_empty() {
        return Ok(HashSet::new());
    }
    let mut sorted: Vec<&ItemRow> = items.iter().collect();
    // Of two equal keys the one that need not wait is the one that is new, else the earlier one.
    let order = |item: &ItemRow| item.event.is_none();
    sorted.sort_by(|left, right| left.key.cmp(&right.key).then(order(left).cmp(&order(right))));
    let keys: Vec<&KeyRow> = sorted.iter().map(|item| &item.key).collect();
    let mut values = columns(&keys);
    values.extend([
        array::uuids(sorted.iter().map(|item| item.id.uuid())),
        array::uuids(sorted.iter().map(|item| item.request.uuid())),
        array::integers(sorted.iter().map(|item| item.position)),
        array::nullable_uuids(sorted.iter().map(|item| item.event.map(EventId::uuid))),
        array::times(sorted.iter().map(|item| item.received_at)),
    ]);
    let admitted = tx.rows(include_str!("sql/item_admit.sql"), values).await?;
    admitted.iter().map(|row| Ok(ItemId::from_uuid(row.get::<Uuid>("id")?))).collect()
}

/// An item that waited for its author, whom a later item names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named {
    /// The one that waited.
    pub item: ItemId,
    /// The request that brought it.
    pub request: RequestId,
    /// The event that carries the later one on.
    pub event: EventId,
}

/// Carries on, by these events, those of the items with these keys that wait for their author.
pub async fn name(tx: &Transaction, later: &[(KeyRow, EventId)]) -> Result<Vec<Named>, Fault> {
    if later.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<&KeyRow> = later.iter().map(|(key, _)| key).collect();
    let mut values = columns(&keys);
    values.push(array::uuids(later.iter().map(|(_, event)| event.uuid())));
    let named = tx.rows(include_str!("sql/item_name.sql"), values).await?;
    named
        .iter()
        .map(|row| {
            Ok(Named {
                item: ItemId::from_uuid(row.get("id")?),
                request: RequestId::from_uuid(row.get("request_id")?),
                event: EventId::from_uuid(row.get("event_id")?),
            })
        })
        .collect()
}

/// The events that carried the items of these keys, where there are any yet.
pub async fn events(tx: &Transaction, keys: &[KeyRow]) -> Result<HashMap<KeyRow, EventId>, Fault> {
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let values = columns(&keys.iter().collect::<Vec<_>>());
    let mut events = HashMap::new();
    for row in tx.rows(include_str!("sql/item_events.sql"), values).await? {
        let key = KeyRow {
            organization: OrganizationId::from_uuid(row.get("organization_id")?),
            channel: ChannelId::from_uuid(row.get("channel_id")?),
            external_id: row.get("external_id")?,
            aspect: row.get("aspect")?,
            version: row.get("version")?,
        };
        if let Some(event) = row.get::<Option<Uuid>>("event_id")? {
            events.insert(key, EventId::from_uuid(event));
        }
    }
    Ok(events)
}

/// An item that waits for its author.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitingItem {
    /// Whose.
    pub organization: OrganizationId,
    /// Its id.
    pub id: ItemId,
    /// The request that brought it.
    pub request: RequestId,
    /// Its place in the request.
    pub position: i32,
}

/// Those of these items that still wait for their author, locked, by request and position.
pub async fn waiting(
    tx: &Transaction,
    items: &[(OrganizationId, ItemId)],
) -> Result<Vec<WaitingItem>, Fault> {
    let values = vec![
        array::uuids(items.iter().map(|(organization, _)| organization.uuid())),
        array::uuids(items.iter().map(|(_, item)| item.uuid())),
    ];
    let found = tx.rows(include_str!("sql/item_waiting.sql"), values).await?;
    found
        .iter()
        .map(|row| {
            Ok(WaitingItem {
                organization: OrganizationId::from_uuid(row.get("organization_id")?),
                id: ItemId::from_uuid(row.get("id")?),
                request: RequestId::from_uuid(row.get("request_id")?),
                position: row.get("position")?,
            })
        })
        .collect()
}

/// Records the events of items that no longer wait.
pub async fn proceed(
    tx: &Transaction,
    decided: &[(OrganizationId, ItemId, EventId)],
) -> Result<u64, Fault> {
    let values = vec![
        array::uuids(decided.iter().map(|(organization, ..)| organization.uuid())),
        array::uuids(decided.iter().map(|(_, item, _)| item.uuid())),
        array::uuids(decided.iter().map(|(.., event)| event.uuid())),
    ];
    tx.run(include_str!("sql/item_proceed.sql"), values).await
}
