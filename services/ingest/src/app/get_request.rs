//! What became of one webhook, by its receipt.

use kit_store::{Scope, Store};
use kit_values::Fault;

use crate::domain::{Fate, RequestId, Settled};
use crate::store::{self, Entry, KeyRow};

/// The items of a request, in the order of its body. A duplicate names the event that carried
/// the item the first time.
///
/// # Errors
/// Not found for an unknown receipt.
pub async fn get_request(store: &Store, request: RequestId) -> Result<Vec<Fate>, Fault> {
    let outcomes =
        store.transaction(&Scope::Unscoped, async |tx| store::outcomes(tx, request).await).await?;
    let mut entries = outcomes.ok_or_else(|| Fault::not_found("request"))?;
    let keys: Vec<KeyRow> = entries.iter().filter_map(duplicated).collect();
    if !keys.is_empty() {
        let scope: Scope = keys.iter().map(|key| key.organization).collect();
        let events = store.transaction(&scope, async |tx| store::events(tx, &keys).await).await?;
        for entry in &mut entries {
            if let Some(key) = duplicated(entry) {
                entry.event = events.get(&key).copied();
            }
        }
    }
    Ok(entries.into_iter().map(fate).collect())
}

fn fate(entry: Entry) -> Fate {
    Fate {
        item: entry.item,
        kind: entry.kind,
        external_id: entry.external_id,
        outcome: entry.outcome,
        reason: entry.reason,
        event: entry.event,
    }
}

fn duplicated(entry: &Entry) -> Option<KeyRow> {
    if entry.outcome != Settled::Duplicate {
        return None;
    }
    Some(KeyRow {
        organization: entry.organization?,
        channel: entry.channel?,
        external_id: entry.external_id.clone(),
        aspect: entry.aspect.clone(),
        version: entry.version.clone(),
    })
}
