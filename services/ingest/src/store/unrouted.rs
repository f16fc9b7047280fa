//! Items of accounts that nobody has connected yet.

use kit_store::{Row as _, Transaction, array};
use kit_values::Fault;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::{ApplicationId, ItemId, RequestId};

/// One item that waits for its account.
#[derive(Debug, Clone)]
pub struct Unrouted {
    /// Its id.
    pub item: ItemId,
    /// The application whose callback it came to.
    pub application: ApplicationId,
    /// The account at the network.
    pub account: String,
    /// The request that brought it.
    pub request: RequestId,
    /// Its place in the request.
    pub position: i32,
    /// When it came.
    pub kept_at: OffsetDateTime,
}

/// Keeps them.
pub async fn keep(tx: &Transaction, items: &[Unrouted]) -> Result<(), Fault> {
    if items.is_empty() {
        return Ok(());
    }
    let values = vec![
        array::uuids(items.iter().map(|item| item.item.uuid())),
        array::uuids(items.iter().map(|item| item.application.uuid())),
        array::texts(items.iter().map(|item| item.account.clone())),
        array::uuids(items.iter().map(|item| item.request.uuid())),
        array::integers(items.iter().map(|item| item.position)),
        array::times(items.iter().map(|item| item.kept_at)),
    ];
    tx.run(include_str!("sql/unrouted_keep.sql"), values).await?;
    Ok(())
}

/// Requests with items whose account is connected by now, oldest first: `limit` at most, and no
/// more than have `bytes` of bodies together, but for a single larger one.
pub async fn routed(tx: &Transaction, limit: i64, bytes: i64) -> Result<Vec<RequestId>, Fault> {
    let values = vec![limit.into(), bytes.into()];
    let found = tx.rows(include_str!("sql/unrouted_routed.sql"), values).await?;
    found.iter().map(|row| Ok(RequestId::from_uuid(row.get("request_id")?))).collect()
}

/// Takes out those of these requests' items whose account is connected, for this transaction to
/// decide them. The requests must be locked.
pub async fn take(
    tx: &Transaction,
    requests: &[RequestId],
) -> Result<Vec<(RequestId, i32, ItemId)>, Fault> {
    let values = vec![array::uuids(requests.iter().map(|id| id.uuid()))];
    let taken = tx.rows(include_str!("sql/unrouted_take.sql"), values).await?;
    let mut taken: Vec<_> = taken
        .iter()
        .map(|row| {
            Ok((
                RequestId::from_uuid(row.get("request_id")?),
                row.get("position")?,
                ItemId::from_uuid(row.get::<Uuid>("item_id")?),
            ))
        })
        .collect::<Result<_, Fault>>()?;
    taken.sort_unstable();
    Ok(taken)
}
