//! Delivery says who wrote an item whose author was wanted.
//!
//! One that still waits is handed on at once, with its author. One that was handed on without is
//! handed on once more, as it came, now with its author; whoever keeps it tells by that that the
//! author became known. However often and in whatever order it is told: once.

use std::collections::{HashMap, HashSet};

use kit_store::{Transaction, outbox};
use kit_values::Fault;
use networks::{Fact, Item, Reading};

use super::draft::Draft;
use super::proceed::{stored, unknown};
use super::redecide::{origin, parse, place};
use crate::domain::{ItemId, RequestId};
use crate::metrics::{count_answers, count_outcomes, counted};
use crate::registry::Snapshot;
use crate::store::{self, Author, Nameless};
use crate::wire::authors::Told;

/// Hands on the items of these answers, in a transaction that sees their organizations.
///
/// # Errors
/// Unavailable when the database is away or an application is not known yet.
pub async fn answered(tx: &Transaction, known: &Snapshot, told: Vec<Told>) -> Result<(), Fault> {
    let items: Vec<_> = told.iter().map(|told| (told.organization, told.item)).collect();
    // In the order in which everybody locks: what waits, what is kept of it, its request.
    let waiting = store::waiting(tx, &items).await?;
    let waiting: HashSet<ItemId> = waiting.into_iter().map(|item| item.id).collect();
    let wanted = store::nameless(tx, &items).await?;
    let wanted: HashMap<ItemId, Nameless> =
        wanted.into_iter().map(|kept| (kept.item, kept)).collect();
    let (mut found, mut refused) = (HashMap::new(), Vec::new());
    for told in told {
        let Some(kept) = wanted.get(&told.item) else { continue };
        match told.who {
            Ok(author) if tells(kept, &author) => {
                found.entry(told.item).or_insert((kept, author));
            }
            Ok(_) => refused.push((kept.organization, kept.item, "withheld".to_owned())),
            Err(reason) => refused.push((kept.organization, kept.item, reason)),
        }
    }
    count_answers(found.len(), refused.len());
    store::record_refusals(tx, &refused).await?;
    if found.is_empty() {
        return Ok(());
    }
    let mut ids: Vec<RequestId> = found.values().map(|(kept, _)| kept.request).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut bodies = HashMap::new();
    for request in store::lock(tx, &ids).await? {
        let origin = origin(known, &request).ok_or_else(unknown)?;
        bodies.insert(request.id, (origin, parse(&request), request.outcomes));
    }
    let (mut messages, mut decided, mut spared) = (Vec::new(), Vec::new(), Vec::new());
    let (mut authors, mut entries, mut changed) = (Vec::new(), Vec::new(), HashSet::new());
    for (kept, author) in found.into_values() {
        let Some((origin, items, outcomes)) = bodies.get_mut(&kept.request) else { continue };
        let position = usize::try_from(kept.position).unwrap_or(usize::MAX);
        let Some(item) = items.get(position) else { continue };
        let route = known
            .route(origin.application.id, &item.account)
            .filter(|route| route.organization == kept.organization);
        let organization = kept.organization;
        let (id, named) = (author.id.clone(), author.is_named());
        // An account that went to somebody else meanwhile holds up no other.
        let (Some(route), Some(item)) = (route, item.written_by(author)) else { continue };
        let draft = Draft::new(origin, position, &item, kept.item, Some(route));
        if !kept.author.is_empty() {
            spared.push((organization, route.channel, id.clone()));
        }
        authors.push(Author { organization, item: kept.item, id, named });
        if waiting.contains(&kept.item) {
            messages.extend(draft.message());
            decided.push((organization, kept.item, draft.event));
            let entry = stored(outcomes.get(position), &draft);
            entries.push(entry.clone());
            place(outcomes, kept.position, entry);
            changed.insert(kept.request);
        } else if !is_own(&item) {
            messages.extend(draft.message());
        }
    }
    store::record_authors(tx, &authors).await?;
    store::spare_persons(tx, &spared).await?;
    store::proceed(tx, &decided).await?;
    outbox::append(tx, messages).await?;
    let settled = bodies.into_iter().filter(|(id, _)| changed.contains(id));
    let settled: Vec<_> = settled.map(|(id, (_, _, outcomes))| (id, outcomes)).collect();
    store::settle(tx, &settled).await?;
    count_outcomes(&counted(&entries));
    Ok(())
}

/// Whether this says more than was known. Nobody else can have written what one person did.
fn tells(kept: &Nameless, author: &networks::Person) -> bool {
    !author.id.is_empty()
        && (kept.author.is_empty() || (kept.author == author.id && author.is_named()))
}

/// What turns out to be the account's own after it was handed on as a customer's cannot be taken
/// back by naming the account as a customer.
fn is_own(item: &Item) -> bool {
    match &item.reading {
        Reading::Report(report) => matches!(report.fact, Fact::Own(_)),
        Reading::Ignored(_) | Reading::Unreadable { .. } => false,
    }
}
