//! Raw requests, byte for byte, with what became of their items.

use kit_store::{Row as _, Transaction, array};
use kit_values::Fault;
use sea_orm::QueryResult;
use time::OffsetDateTime;
use uuid::Uuid;

use super::entry::{self, Entry};
use crate::domain::{ApplicationId, RequestId};

/// One webhook request.
#[derive(Debug, Clone)]
pub struct RequestRow {
    /// Its id.
    pub id: RequestId,
    /// The application whose callback it came to.
    pub application: ApplicationId,
    /// The network's word.
    pub network: String,
    /// When its body was complete.
    pub received_at: OffsetDateTime,
    /// The body as it came.
    pub body: Vec<u8>,
    /// What became of its items.
    pub outcomes: Vec<Entry>,
}

/// Writes requests.
pub async fn insert(tx: &Transaction, requests: Vec<RequestRow>) -> Result<(), Fault> {
    let outcomes: Vec<String> =
        requests.iter().map(|request| entry::write(&request.outcomes)).collect::<Result<_, _>>()?;
    let values = vec![
        array::uuids(requests.iter().map(|request| request.id.uuid())),
        array::uuids(requests.iter().map(|request| request.application.uuid())),
        array::texts(requests.iter().map(|request| request.network.clone())),
        array::times(requests.iter().map(|request| request.received_at)),
        array::bytes(requests.into_iter().map(|request| request.body)),
        array::texts(outcomes),
    ];
    tx.run(include_str!("sql/request_insert.sql"), values).await?;
    Ok(())
}

/// These requests, locked in the order of their ids.
pub async fn lock(tx: &Transaction, ids: &[RequestId]) -> Result<Vec<RequestRow>, Fault> {
    let values = vec![array::uuids(ids.iter().map(|id| id.uuid()))];
    tx.rows(include_str!("sql/request_lock.sql"), values).await?.iter().map(read).collect()
}

fn read(row: &QueryResult) -> Result<RequestRow, Fault> {
    Ok(RequestRow {
        id: RequestId::from_uuid(row.get::<Uuid>("id")?),
        application: ApplicationId::from_uuid(row.get("application_id")?),
        network: row.get("network")?,
        received_at: row.get("received_at")?,
        body: row.get("body")?,
        outcomes: entry::read(&row.get::<String>("outcomes")?)?,
    })
}

/// What became of the items of one request; `None` for an unknown one.
pub async fn outcomes(tx: &Transaction, id: RequestId) -> Result<Option<Vec<Entry>>, Fault> {
    tx.rows(include_str!("sql/request_outcomes.sql"), vec![id.uuid().into()])
        .await?
        .first()
        .map(|row| entry::read(&row.get::<String>("outcomes")?))
        .transpose()
}

/// The raw body of one request.
pub async fn body(tx: &Transaction, id: RequestId) -> Result<Option<Vec<u8>>, Fault> {
    tx.rows(include_str!("sql/request_body.sql"), vec![id.uuid().into()])
        .await?
        .first()
        .map(|row| row.get("body"))
        .transpose()
}

/// Records what became of items that had waited or were parked. The requests must be locked.
pub async fn settle(tx: &Transaction, requests: &[(RequestId, Vec<Entry>)]) -> Result<(), Fault> {
    let texts: Vec<String> =
        requests.iter().map(|(_, entries)| entry::write(entries)).collect::<Result<_, _>>()?;
    let values = vec![array::uuids(requests.iter().map(|(id, _)| id.uuid())), array::texts(texts)];
    tx.run(include_str!("sql/request_settle.sql"), values).await?;
    Ok(())
}
