//! What is done now and then: count deltas are folded into totals, and the inbox forgets.
//!
//! Counts are right at every moment without it (readers add the deltas); the sweep only keeps
//! the deltas few.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use kit_service::Runtime;
use kit_store::{Scope, Store, inbox};
use kit_values::{Fault, OrganizationId};
use tokio::time::{Instant, MissedTickBehavior};

use crate::app;

/// How often deltas are folded.
const FOLD_EVERY: Duration = Duration::from_millis(250);

/// How often the inbox forgets what is too old to come again.
const PRUNE_EVERY: Duration = Duration::from_mins(10);

/// Inbox rows deleted in one statement.
const PRUNE_LIMIT: i64 = 2_000;

/// How often what was noted is folded: a transaction notes before it commits, and the fold that
/// comes between finds nothing.
const TURNS: u8 = 2;

/// The organizations whose counts this process changed since the last folds.
#[derive(Debug, Clone, Default)]
pub struct Dirty(Arc<Mutex<BTreeMap<OrganizationId, u8>>>);

impl Dirty {
    /// Their counts have deltas, or will have once a transaction commits.
    pub fn note(&self, organizations: impl IntoIterator<Item = OrganizationId>) {
        let noted = organizations.into_iter().map(|organization| (organization, TURNS));
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(noted);
    }

    fn take(&self) -> BTreeSet<OrganizationId> {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = noted.keys().copied().collect();
        noted.retain(|_, turns| {
            *turns -= 1;
            *turns > 0
        });
        taken
    }
}

/// Sweeps until the process stops.
///
/// # Errors
/// None: a database that is away is waited for.
pub async fn run(store: Store, dirty: Dirty, runtime: Runtime) -> Result<(), Fault> {
    let mut fold = tokio::time::interval(FOLD_EVERY);
    fold.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut prune = tokio::time::interval_at(Instant::now() + PRUNE_EVERY, PRUNE_EVERY);
    prune.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = runtime.stop.cancelled() => return Ok(()),
            _ = fold.tick() => fold_once(&store, &dirty).await,
            _ = prune.tick() => {
                if let Err(fault) = inbox::prune(&store, inbox::KEPT_FOR, PRUNE_LIMIT).await {
                    tracing::info!(%fault, "the inbox could not be pruned");
                }
            }
        }
    }
}

async fn fold_once(store: &Store, dirty: &Dirty) {
    let organizations = dirty.take();
    if organizations.is_empty() {
        return;
    }
    let scope: Scope = organizations.iter().copied().collect();
    let fold = organizations.clone();
    let folded = store
        .transaction_retrying(&scope, async move |transaction| {
            app::fold_counts(transaction, &fold).await
        })
        .await;
    if let Err(fault) = folded {
        tracing::info!(%fault, "counts could not be folded yet");
        dirty.note(organizations);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_noted_before_it_is_committed_is_folded_once_more() {
        let (dirty, organization) = (Dirty::default(), OrganizationId::mint());
        dirty.note([organization]);
        assert_eq!(dirty.take(), BTreeSet::from([organization]));
        assert_eq!(dirty.take(), BTreeSet::from([organization]));
        assert!(dirty.take().is_empty());
    }
}
