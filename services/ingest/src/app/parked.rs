//! Operators' calls about what is parked: unreadable items of webhooks, and events of directory
//! that could not be applied.

use std::collections::BTreeMap;

use kit_store::parked::{self, Filter, Parked};
use kit_store::{Scope, Store};
use kit_values::{Class, Fault};
use networks::Network;

use super::effects::Pointer;
use super::redecide::{is_open, parse, redecide};
use crate::domain::{ItemId, ParkedId, Shelved};
use crate::registry::Snapshot;
use crate::store;

/// Items looked at together at a start.
const PAGE: i64 = 100;

/// One page, oldest first.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn list(
    store: &Store,
    limit: i64,
    after: Option<ParkedId>,
) -> Result<Vec<Shelved>, Fault> {
    let filter = Filter { limit, after: after.map(ParkedId::uuid), ..Filter::default() };
    let found =
        store.transaction(&Scope::Unscoped, async |tx| parked::list(tx, &filter).await).await?;
    Ok(found.iter().map(|parked| shelved(parked, bytes(parked))).collect())
}

/// One of them, with the bytes that it was parked for: a webhook's whole body.
///
/// # Errors
/// Not found for an unknown id.
pub async fn show(store: &Store, id: ParkedId) -> Result<(Shelved, Vec<u8>), Fault> {
    store
        .transaction(&Scope::Unscoped, async |tx| {
            let found = parked::show(tx, id.uuid()).await?;
            let found = found.ok_or_else(|| Fault::not_found("parked item"))?;
            let body = match pointer(&found) {
                Some(pointer) => store::body(tx, pointer.request).await?.unwrap_or_default(),
                None => found.what.payload.clone(),
            };
            Ok((shelved(&found, body.len()), body))
        })
        .await
}

fn pointer(parked: &Parked) -> Option<Pointer> {
    parked
        .what
        .source
        .starts_with("hooks/")
        .then(|| serde_json::from_slice(&parked.what.payload).ok())?
}

fn shelved(parked: &Parked, bytes: usize) -> Shelved {
    let what = &parked.what;
    Shelved {
        id: ParkedId::from_uuid(what.id),
        reason: what.reason.clone(),
        detail: what.detail.clone(),
        parked_at: parked.parked_at,
        organization: what.organization,
        source: what.source.clone(),
        bytes,
        replayed_at: parked.replayed_at,
    }
}

fn bytes(parked: &Parked) -> usize {
    pointer(parked).map_or(parked.what.payload.len(), |pointer| pointer.bytes)
}

/// Reads a parked item of a webhook again and decides it; `Ok(false)` when it was not parked by
/// the entrance.
///
/// # Errors
/// Not found for an unknown id; Rejected, with why, when it stays parked.
pub async fn replay(store: &Store, known: &Snapshot, id: ParkedId) -> Result<bool, Fault> {
    store
        .transaction_retrying(&Scope::Unscoped, async |tx| {
            let found = parked::show(tx, id.uuid()).await?;
            let found = found.ok_or_else(|| Fault::not_found("parked item"))?;
            let Some(pointer) = pointer(&found) else { return Ok(false) };
            if found.replayed_at.is_some() {
                return Ok(true);
            }
            let mut requests = store::lock(tx, &[pointer.request]).await?;
            let Some(request) = requests.pop() else {
                return Err(Fault::not_found("request"));
            };
            let items = parse(&request);
            let place = usize::try_from(pointer.position).unwrap_or(usize::MAX);
            let wanted: Vec<(i32, ItemId)> = if items.len() == request.outcomes.len() {
                vec![(pointer.position, pointer.item)]
            } else if request.outcomes.len() == 1 {
                // The whole body was unreadable; now it has all its items.
                let first = std::iter::once(pointer.item);
                (0..)
                    .zip(first.chain(std::iter::repeat_with(ItemId::mint)))
                    .take(items.len())
                    .collect()
            } else {
                return Err(stays("reading_changed", "Its body reads differently by now."));
            };
            let open = request.outcomes.get(place).is_some_and(is_open);
            let unreadable = items
                .get(place)
                .is_none_or(|item| matches!(item.reading, networks::Reading::Unreadable { .. }));
            if unreadable || !open {
                return Err(stays(
                    "still_unreadable",
                    "This release cannot read it either; it stays parked.",
                ));
            }
            let wanted = BTreeMap::from([(pointer.request, wanted)]);
            redecide(tx, known, vec![request], &wanted).await?;
            parked::mark_replayed(tx, &[id.uuid()]).await?;
            Ok(true)
        })
        .await
}

fn stays(code: &'static str, sentence: &'static str) -> Fault {
    Fault::new(Class::Rejected, code, sentence)
}

/// Tries again what older releases could not read; gives how many could be read now.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn replay_outdated(store: &Store, known: &Snapshot) -> Result<usize, Fault> {
    let mut replayed = 0;
    for network in Network::ALL {
        let source = format!("hooks/{network}");
        let mut after = None;
        loop {
            let page = store
                .transaction(&Scope::Unscoped, async |tx| {
                    parked::unknown_before(tx, &source, networks::VERSION, after, PAGE).await
                })
                .await?;
            let Some(last) = page.last() else { break };
            // Behind the page, whatever becomes of it: one that stays parked hides no other.
            after = Some(last.what.id);
            for parked in page {
                let id = ParkedId::from_uuid(parked.what.id);
                match replay(store, known, id).await {
                    Ok(_) => replayed += 1,
                    Err(fault) if fault.class().is_infrastructure() => return Err(fault),
                    Err(fault) => {
                        tracing::info!(parked = %id, code = fault.code(), "a parked item stays parked");
                    }
                }
            }
        }
    }
    Ok(replayed)
}
