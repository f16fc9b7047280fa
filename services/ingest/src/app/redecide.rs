//! Deciding again items that were kept: when their account is connected, or when a newer
//! release can read them.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use kit_store::{Scope, Store, Transaction};
use kit_values::Fault;
use networks::{Item, Network};

use super::draft::{Draft, Origin};
use super::effects::{scope, settle};
use super::named;
use crate::domain::{ItemId, RequestId, Settled};
use crate::metrics::{count_outcomes, counted};
use crate::registry::Snapshot;
use crate::store::{self, Entry, RequestRow};

/// Requests whose items are decided in one transaction.
const REQUESTS: i64 = 50;

/// Most bytes of their bodies, but for a single larger request.
const BYTES: i64 = 16 << 20;

/// Decides the items whose account has been connected since they came; gives how many wait no
/// more. The caller goes on until it gets none: an account that the tables know already and
/// `known` does not yet is for the next time.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn replay_routed(store: &Store, known: &Snapshot) -> Result<usize, Fault> {
    let (tallies, count) = store
        .transaction_retrying(&Scope::Unscoped, async |tx| {
            let requests = store::routed(tx, REQUESTS, BYTES).await?;
            if requests.is_empty() {
                return Ok((HashMap::new(), 0));
            }
            let requests = store::lock(tx, &requests).await?;
            let ids: Vec<RequestId> = requests.iter().map(|request| request.id).collect();
            let taken = store::take(tx, &ids).await?;
            let mut wanted: BTreeMap<RequestId, Vec<(i32, ItemId)>> = BTreeMap::new();
            for (request, position, item) in taken.iter().copied() {
                wanted.entry(request).or_default().push((position, item));
            }
            let entries = redecide(tx, known, requests, &wanted).await?;
            let decided: Vec<Entry> =
                entries.into_iter().filter(|entry| entry.channel.is_some()).collect();
            Ok((counted(&decided), decided.len()))
        })
        .await?;
    count_outcomes(&tallies);
    Ok(count)
}

/// The items of a kept body, read by this release.
pub(super) fn parse(request: &RequestRow) -> Vec<Item> {
    request
        .network
        .parse::<Network>()
        .map_or_else(|_| Vec::new(), |network| networks::parse(network, &request.body))
}

/// Where a kept request came from; `None` while its application is not known here.
pub(super) fn origin(known: &Snapshot, request: &RequestRow) -> Option<Origin> {
    Some(Origin {
        request: request.id,
        application: Arc::clone(known.application(request.application)?),
        received_at: request.received_at,
        trace: kit_service::telemetry::trace_context(),
    })
}

/// Decides `wanted` of these locked requests, writes the effects and the requests' outcomes, and
/// gives the new entries.
pub(super) async fn redecide(
    tx: &Transaction,
    known: &Snapshot,
    requests: Vec<RequestRow>,
    wanted: &BTreeMap<RequestId, Vec<(i32, ItemId)>>,
) -> Result<Vec<Entry>, Fault> {
    let mut bodies = Vec::new();
    for request in &requests {
        let origin = origin(known, request).ok_or_else(|| {
            Fault::new(
                kit_values::Class::Unavailable,
                "application_unknown",
                "The application of a kept request is not known yet.",
            )
        })?;
        bodies.push((origin, parse(request)));
    }
    let mut drafts = Vec::new();
    for (origin, items) in &bodies {
        for (position, id) in wanted.get(&origin.request).into_iter().flatten() {
            let place = usize::try_from(*position).unwrap_or(usize::MAX);
            // A body reads the same by every release, or its items would be parked anew.
            let Some(item) = items.get(place) else { continue };
            let route = known.route(origin.application.id, &item.account);
            drafts.push(Draft::new(origin, place, item, *id, route));
        }
    }
    tx.rescope(&scope(&drafts)).await?;
    let sizes: HashMap<RequestId, usize> =
        requests.iter().map(|request| (request.id, request.body.len())).collect();
    let size = |id| sizes.get(&id).copied().unwrap_or(0);
    let (entries, effects) = settle(tx, &drafts, size).await?;
    let named = effects.save(tx).await?;
    let settled = requests.into_iter().map(|request| {
        let mut outcomes = request.outcomes;
        for (draft, entry) in drafts.iter().zip(&entries) {
            if draft.origin.request == request.id {
                place(&mut outcomes, draft.position, entry.clone());
            }
        }
        (request.id, outcomes)
    });
    store::settle(tx, &settled.collect::<Vec<_>>()).await?;
    named::close(tx, &named).await?;
    Ok(entries)
}

/// Puts an entry at its position; a body that used to be one unreadable item may have more now.
pub(super) fn place(outcomes: &mut Vec<Entry>, position: i32, entry: Entry) {
    let position = usize::try_from(position).unwrap_or(usize::MAX);
    match outcomes.get_mut(position) {
        Some(kept) => *kept = entry,
        None => outcomes.push(entry),
    }
}

/// Whether an entry may still change.
pub(super) const fn is_open(entry: &Entry) -> bool {
    matches!(entry.outcome, Settled::Waiting | Settled::Parked)
}
