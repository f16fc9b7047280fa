//! How far ingest's events got here.

use kit_store::Transaction;
use kit_values::{EventId, Fault};

use crate::domain::view::Progress;
use crate::store;

/// The progress of each event. Whether one waits in the side table is seen only by a
/// transaction that declares its organization; another sees it as applied, which it is but for
/// that.
pub async fn outcomes(
    transaction: &Transaction,
    readers: &[String],
    events: &[EventId],
) -> Result<Vec<(EventId, Progress)>, Fault> {
    store::outcomes(transaction, readers, events).await
}
