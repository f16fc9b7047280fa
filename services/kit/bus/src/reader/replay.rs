//! Applying what was parked: by an operator's call, and by itself after an upgrade.

use kit_store::parked::{self, Parked};
use kit_store::{Scope, Store};
use kit_values::{Class, Fault};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::Reader;
use super::batch::{Reading, apply_part, read};
use super::event::{Apply, Delivery};

/// Parked events replayed in one go at a start.
const PAGE: i64 = 100;

/// Applies one parked event of `reader`, through the same inbox as its deliveries, and marks it
/// as replayed in the same transaction. Applying what has been applied since changes nothing.
///
/// # Errors
/// `NotFound` when this reader parked no such event; `Invalid` `still_unreadable` when this
/// release cannot read it either; else what applying it says. It stays parked.
pub async fn replay<A: Apply>(
    store: &Store,
    reader: &str,
    apply: &A,
    id: Uuid,
) -> Result<(), Fault> {
    let transaction = store.begin(&Scope::Unscoped).await?;
    let found = parked::show(&transaction, id).await?;
    transaction.rollback().await?;
    match found {
        Some(found) if found.what.source == reader => {
            replay_one(store, reader, apply, &found).await
        }
        _ => Err(Fault::not_found("a parked event")),
    }
}

async fn replay_one<A: Apply>(
    store: &Store,
    reader: &str,
    apply: &A,
    parked: &Parked,
) -> Result<(), Fault> {
    match read(apply, Delivery::parked(parked)).1 {
        Reading::Item(mut item) => {
            apply_part(store, reader, apply, &mut [&mut *item]).await?;
        }
        Reading::Ignored => {}
        Reading::Parked(_) => {
            return Err(Fault::new(
                Class::Invalid,
                "still_unreadable",
                "This release cannot read the event either; it stays parked.",
            ));
        }
    }
    // Events without an id of their own are not marked by applying them.
    let transaction = store.begin(&Scope::Unscoped).await?;
    parked::mark_replayed(&transaction, &[parked.what.id]).await?;
    transaction.commit().await
}

impl<A: Apply> Reader<A> {
    /// Replays what older releases parked as unknown to them. What still fails stays parked.
    pub(super) async fn replay_unknown(&self, stop: &CancellationToken) {
        let mut applied = 0_u64;
        let mut after = None;
        while !stop.is_cancelled() {
            let page = match self.unknown(after).await {
                Ok(page) => page,
                Err(fault) => {
                    tracing::warn!(reader = %self.plan.durable, %fault, "parked events could not be looked for");
                    return;
                }
            };
            let Some(last) = page.last() else { break };
            // Behind the page, whatever becomes of it: one that still fails hides no other.
            after = Some(last.what.id);
            for parked in page {
                let id = parked.what.id;
                match replay_one(&self.store, &self.plan.durable, &self.apply, &parked).await {
                    Ok(()) => applied += 1,
                    Err(fault) => {
                        tracing::warn!(reader = %self.plan.durable, %id, %fault, "a parked event could not be replayed");
                    }
                }
            }
        }
        if applied > 0 {
            tracing::info!(reader = %self.plan.durable, applied, "parked events were replayed");
        }
    }

    async fn unknown(&self, after: Option<Uuid>) -> Result<Vec<Parked>, Fault> {
        let transaction = self.store.begin(&Scope::Unscoped).await?;
        let page =
            parked::unknown_before(&transaction, &self.plan.durable, A::VERSION, after, PAGE)
                .await?;
        transaction.rollback().await?;
        Ok(page)
    }
}
