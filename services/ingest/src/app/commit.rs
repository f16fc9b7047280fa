//! A batch of webhooks becomes durable: raw requests, items, events, in one transaction.
//!
//! Eight statements at most, whatever the size: begin, items, outbox, unrouted, parked, timers,
//! requests, commit. More for what is rare: messages that came again, and authors who are not
//! known, or not by name; each a few, whatever the size.

use std::sync::Arc;

use bytes::Bytes;
use kit_store::Store;
use kit_values::Fault;
use networks::{Item, Reading};
use time::OffsetDateTime;

use super::draft::{Draft, Origin};
use super::effects::{scope, settle};
use super::named;
use crate::domain::{ItemId, RequestId};
use crate::metrics::{count_outcomes, counted};
use crate::registry::{Application, Snapshot};
use crate::store::{self, Entry, RequestRow};

/// A verified and parsed webhook.
#[derive(Debug, Clone)]
pub struct Arrived {
    /// Its id, the receipt.
    pub request: RequestId,
    /// Whose callback it came to.
    pub application: Arc<Application>,
    /// When its body was complete.
    pub received_at: OffsetDateTime,
    /// The body as it came.
    pub body: Bytes,
    /// What is in it.
    pub items: Vec<Item>,
    /// W3C `traceparent`.
    pub trace: Option<String>,
}

impl Arrived {
    fn origin(&self) -> Origin {
        Origin {
            request: self.request,
            application: Arc::clone(&self.application),
            received_at: self.received_at,
            trace: self.trace.clone(),
        }
    }
}

/// Commits all of them or none.
///
/// # Errors
/// Unavailable when the database is away; after any error nothing is known to be kept.
pub async fn commit(
    store: &Store,
    known: &Snapshot,
    arrived: &[impl AsRef<Arrived>],
) -> Result<(), Fault> {
    let arrived: Vec<&Arrived> = arrived.iter().map(AsRef::as_ref).collect();
    let origins: Vec<Origin> = arrived.iter().map(|request| request.origin()).collect();
    let mut drafts = Vec::new();
    for (request, origin) in arrived.iter().zip(&origins) {
        for (position, item) in request.items.iter().enumerate() {
            let route = known.route(origin.application.id, &item.account);
            drafts.push(Draft::new(origin, position, item, ItemId::mint(), route));
        }
    }
    let scope = scope(&drafts);
    let tallies = store
        .transaction_retrying(&scope, async |tx| {
            let bytes = |id| size_of(&arrived, id);
            let (entries, effects) = settle(tx, &drafts, bytes).await?;
            let named = effects.save(tx).await?;
            let tallies = counted(&entries);
            store::insert(tx, rows(&arrived, entries)).await?;
            named::close(tx, &named).await?;
            Ok(tallies)
        })
        .await?;
    count_outcomes(&tallies);
    Ok(())
}

/// The bytes of one request among the batch's.
fn size_of(arrived: &[&Arrived], id: RequestId) -> usize {
    arrived.iter().find(|request| request.request == id).map_or(0, |request| request.body.len())
}

fn rows(arrived: &[&Arrived], entries: Vec<Entry>) -> Vec<RequestRow> {
    let mut entries = entries.into_iter();
    let rows = arrived.iter().map(|request| RequestRow {
        id: request.request,
        application: request.application.id,
        network: request.application.network.as_str().to_owned(),
        received_at: request.received_at,
        body: request.body.to_vec(),
        outcomes: entries.by_ref().take(request.items.len()).collect(),
    });
    rows.collect()
}

/// The same webhook with all its items as one that could not be stored: for a request that alone
/// makes its transaction fail, so that it is kept with its reason instead of being refused for
/// ever.
#[must_use]
pub fn park_whole(arrived: &Arrived) -> Arrived {
    let reading = Reading::Unreadable {
        reason: "not_storable",
        detail: "storing its items failed".to_owned(),
    };
    let item =
        Item { account: String::new(), kind: String::new(), external_id: String::new(), reading };
    Arrived { items: vec![item], ..arrived.clone() }
}
