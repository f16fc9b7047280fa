//! What an earlier try of the same message has brought to the network after all.

use std::collections::{BTreeMap, BTreeSet};

use kit_store::Transaction;
use kit_values::Fault;

use crate::domain::attempt::{Sent, State};
use crate::domain::words::{Action, Key};
use crate::store;

/// Which of these attempts must not be made, since the network has the message from an earlier
/// one, and where. A person who had not seen that may have asked for another.
///
/// # Errors
/// Unavailable when the database is away.
pub(super) async fn arrived(
    transaction: &Transaction,
    keys: impl Iterator<Item = &Key>,
) -> Result<BTreeMap<Key, Sent>, Fault> {
    let retried: BTreeSet<Key> =
        keys.filter(|key| key.action == Action::Send && key.attempt > 1).copied().collect();
    let earlier = store::earlier(transaction, &retried).await?;
    let sent = retried.into_iter().filter_map(|key| {
        let tries = earlier.range(Key { attempt: 1, ..key }..key);
        let mut places = tries.filter_map(|(_, entry)| match &entry.attempt.state {
            State::Sent(sent) if !sent.external_id.is_empty() => Some(sent.clone()),
            _ => None,
        });
        Some((key, places.next()?))
    });
    Ok(sent.collect())
}
