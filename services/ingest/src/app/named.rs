//! An item that waits for its author, when the same item comes again with its author: the later
//! one carries the message on, at once, and the one that waited is its duplicate.
//!
//! Deliberately absent: an author who becomes known after the wait
//! (`decisions/0015-what-is-not-known-of-an-author.md`).

use std::collections::{HashMap, HashSet};

use kit_store::Transaction;
use kit_values::Fault;

use super::draft::Draft;
use crate::domain::{ItemId, Reading, RequestId, Settled};
use crate::store::{self, Named};

/// Lets those of these drafts that were not admitted carry on the items that wait for nothing but
/// the author whom they name; gives what waits no more, by the draft that took its place.
pub(super) async fn name(
    tx: &Transaction,
    drafts: &[Draft<'_>],
    admitted: &HashSet<ItemId>,
) -> Result<HashMap<ItemId, Named>, Fault> {
    let is_later = |draft: &&Draft<'_>| {
        draft.reading() == Reading::Message { has_author: true } && !admitted.contains(&draft.id)
    };
    let drafts: Vec<&Draft<'_>> = drafts.iter().filter(is_later).collect();
    let later: Vec<_> =
        drafts.iter().filter_map(|draft| Some((draft.key()?, draft.event))).collect();
    let named = store::name(tx, &later).await?;
    let draft_of = |named: &Named| drafts.iter().find(|draft| draft.event == named.event);
    Ok(named.into_iter().filter_map(|named| Some((draft_of(&named)?.id, named))).collect())
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
