//! An item whose author nobody named within a minute proceeds as "someone on the network".

use std::collections::HashMap;

use kit_store::timer::Timer;
use kit_store::{Transaction, outbox};
use kit_values::{Class, Fault};

use super::draft::Draft;
use super::redecide::{origin, parse, place};
use crate::domain::{ItemId, RequestId, Settled};
use crate::metrics::{count_outcomes, counted};
use crate::registry::Snapshot;
use crate::store::{self, Entry};

/// The kind of the timer that ends the wait.
pub const AUTHOR_TIMER: &str = "author_missing";

/// Hands on the items of due timers that still wait, in the timers' transaction, which sees
/// their organizations.
///
/// # Errors
/// Unavailable when the database is away or an application is not known yet; not found when an
/// account has gone to somebody else meanwhile, which must hold up no other item.
pub async fn proceed(tx: &Transaction, known: &Snapshot, due: &[Timer]) -> Result<(), Fault> {
    let items: Vec<_> =
        due.iter().map(|timer| (timer.organization, ItemId::from_uuid(timer.aggregate))).collect();
    let waiting = store::waiting(tx, &items).await?;
    if waiting.is_empty() {
        return Ok(());
    }
    let mut ids: Vec<RequestId> = waiting.iter().map(|item| item.request).collect();
    ids.dedup();
    let mut bodies = HashMap::new();
    for request in store::lock(tx, &ids).await? {
        let origin = origin(known, &request).ok_or_else(unknown)?;
        let items = parse(&request);
        bodies.insert(request.id, (origin, items, request.outcomes));
    }
    let (mut messages, mut decided, mut entries) = (Vec::new(), Vec::new(), Vec::new());
    for waits in &waiting {
        let Some((origin, items, outcomes)) = bodies.get_mut(&waits.request) else { continue };
        let place_in_body = usize::try_from(waits.position).unwrap_or(usize::MAX);
        let Some(item) = items.get(place_in_body) else { continue };
        let route = known
            .route(origin.application.id, &item.account)
            .filter(|route| route.organization == waits.organization)
            .ok_or_else(|| Fault::not_found("route to the account of a kept item"))?;
        let draft = Draft::new(origin, place_in_body, item, waits.id, Some(route));
        messages.extend(draft.message());
        decided.push((waits.organization, waits.id, draft.event));
        let entry = stored(outcomes.get(place_in_body), &draft);
        entries.push(entry.clone());
        place(outcomes, waits.position, entry);
    }
    store::proceed(tx, &decided).await?;
    outbox::append(tx, messages).await?;
    let settled: Vec<_> = bodies.into_iter().map(|(id, (_, _, outcomes))| (id, outcomes)).collect();
    store::settle(tx, &settled).await?;
    count_outcomes(&counted(&entries));
    Ok(())
}

/// The entry of an item that waits no more.
pub(super) fn stored(kept: Option<&Entry>, draft: &Draft<'_>) -> Entry {
    let key = draft.key();
    let base = kept.cloned().unwrap_or_else(|| Entry {
        item: draft.id,
        kind: draft.item.kind.clone(),
        external_id: draft.item.external_id.clone(),
        outcome: Settled::Waiting,
        reason: String::new(),
        organization: draft.route.map(|route| route.organization),
        channel: draft.route.map(|route| route.channel),
        aspect: key.as_ref().map(|key| key.aspect.clone()).unwrap_or_default(),
        version: key.map(|key| key.version).unwrap_or_default(),
        event: None,
        parked: None,
    });
    Entry { outcome: Settled::Stored, reason: String::new(), event: Some(draft.event), ..base }
}

pub(super) fn unknown() -> Fault {
    Fault::new(
        Class::Unavailable,
        "application_unknown",
        "The application of a kept item is not known yet.",
    )
}
