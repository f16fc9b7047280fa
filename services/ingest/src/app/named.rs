//! An item that came without its author, or without the author's name, when the same item comes
//! again with it.
//!
//! While the first one waits, the later one carries the message on, at once, and the one that
//! waited is its duplicate. Once the first was handed on without it, the later one is a duplicate,
//! and the first is handed on once more, with what the later one knows.

use std::collections::{HashMap, HashSet};

use kit_store::Transaction;
use kit_store::outbox::Message;
use kit_values::{EventId, Fault};
use networks::Person;

use super::draft::Draft;
use crate::domain::{ItemId, RequestId, Settled};
use crate::store::{self, Author, Later, Named};

/// The drafts that were not admitted and say who wrote them.
fn later<'a, 'b>(
    drafts: &'a [Draft<'b>],
    admitted: &'a HashSet<ItemId>,
) -> impl Iterator<Item = (&'a Draft<'b>, &'b Person)> {
    drafts
        .iter()
        .filter(|draft| !admitted.contains(&draft.id))
        .filter_map(|draft| Some((draft, draft.author()?)))
}

/// Lets those of these drafts that were not admitted carry on the items that wait for nothing but
/// the author whom they name; gives what waits no more, by the draft that took its place.
pub(super) async fn name(
    tx: &Transaction,
    drafts: &[Draft<'_>],
    admitted: &HashSet<ItemId>,
) -> Result<HashMap<ItemId, Named>, Fault> {
    let by_event: HashMap<EventId, (&Draft<'_>, &Person)> =
        later(drafts, admitted).map(|found| (found.0.event, found)).collect();
    let keyed: Vec<_> = later(drafts, admitted)
        .filter_map(|(draft, _)| Some((draft.key()?, draft.event)))
        .collect();
    let (mut named, mut authors) = (HashMap::new(), Vec::new());
    for found in store::name(tx, &keyed).await? {
        let Some((draft, author)) = by_event.get(&found.event) else { continue };
        authors.extend(draft.route.map(|route| Author {
            organization: route.organization,
            item: found.item,
            id: author.id.clone(),
            named: author.is_named(),
        }));
        named.insert(draft.id, found);
    }
    store::record_authors(tx, &authors).await?;
    Ok(named)
}

/// The events that hand on once more, each once, what was handed on without what these drafts,
/// which were not admitted, say of its author.
pub(super) async fn name_later(
    tx: &Transaction,
    drafts: &[Draft<'_>],
    admitted: &HashSet<ItemId>,
) -> Result<Vec<Message>, Fault> {
    let told: Vec<Later> = later(drafts, admitted)
        .filter_map(|(draft, author)| {
            Some(Later {
                key: draft.key()?,
                event: draft.event,
                author: author.id.clone(),
                named: author.is_named(),
            })
        })
        .collect();
    let found = store::named_later(tx, &told).await?;
    let message = |(item, event): (ItemId, EventId)| {
        let draft = drafts.iter().find(|draft| draft.event == event)?;
        draft.message_of(item)
    };
    Ok(found.into_iter().filter_map(message).collect())
}

/// Records that they wait no more. What the transaction writes about their requests otherwise
/// must be written before.
pub(super) async fn close(tx: &Transaction, named: &[Named]) -> Result<(), Fault> {
    if named.is_empty() {
        return Ok(());
    }
    let mut requests: Vec<RequestId> = named.iter().map(|named| named.request).collect();
    requests.sort_unstable();
    requests.dedup();
    let mut settled = Vec::new();
    for request in store::lock(tx, &requests).await? {
        let mut outcomes = request.outcomes;
        for entry in &mut outcomes {
            if named.iter().any(|named| named.item == entry.item) {
                entry.outcome = Settled::Duplicate;
                entry.reason = String::new();
            }
        }
        settled.push((request.id, outcomes));
    }
    store::settle(tx, &settled).await
}
