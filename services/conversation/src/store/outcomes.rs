//! How far events got, from the kit's tables in this schema.

use std::collections::BTreeMap;

use kit_store::{Row as _, Transaction, array};
use kit_values::{EventId, Fault};
use uuid::Uuid;

use crate::domain::view::Progress;

/// The progress of each event, in the order asked.
pub async fn outcomes(
    transaction: &Transaction,
    readers: &[String],
    events: &[EventId],
) -> Result<Vec<(EventId, Progress)>, Fault> {
    let values = vec![
        array::uuids(events.iter().map(|event| event.uuid())),
        array::texts(readers.iter().cloned()),
    ];
    let rows = transaction.rows(include_str!("sql/outcomes.sql"), values).await?;
    let mut known: BTreeMap<EventId, Progress> = BTreeMap::new();
    for row in &rows {
        let event = EventId::from_uuid(row.get::<Uuid>("event_id")?);
        let parked: Option<String> = row.get("parked")?;
        let progress = match parked {
            _ if row.get("waits")? => Progress::Waiting,
            _ if row.get("admitted")? => Progress::Applied,
            Some(reason) => Progress::Parked(reason),
            None => Progress::Awaited,
        };
        known.insert(event, progress);
    }
    Ok(events
        .iter()
        .map(|event| (*event, known.get(event).cloned().unwrap_or(Progress::Awaited)))
        .collect())
}
