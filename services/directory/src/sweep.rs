//! What is done by the clock: throttle rows that say nothing any more and tokens that are over are
//! tidied up, and audit chains are checked.

use std::time::Duration;

use kit_service::Runtime;
use kit_store::{Scope, Store};
use kit_values::{Fault, OrganizationId};
use uuid::Uuid;

use crate::app::audit::Chains;
use crate::store::{members, throttle, tokens};

const EVERY: Duration = Duration::from_mins(10);
/// Organizations that are asked for at a time.
const PAGE: u16 = 200;

/// Sweeps until the process stops. A sweep that fails is done by the next one.
pub async fn run(store: Store, chains: Chains, runtime: Runtime) -> Result<(), Fault> {
    loop {
        if let Err(fault) = check(&store, &chains, &runtime).await {
            tracing::warn!(%fault, "checking the audit failed");
        }
        tokio::select! {
            () = runtime.stop.cancelled() => return Ok(()),
            () = tokio::time::sleep(EVERY) => {}
        }
        let now = kit_values::now();
        let swept = store
            .transaction(&Scope::Unscoped, async |tx| {
                throttle::sweep(tx, now).await?;
                tokens::sweep(tx, now).await
            })
            .await;
        if let Err(fault) = swept {
            tracing::warn!(%fault, "sweeping the sign-in throttle and tokens failed");
        }
    }
}

/// Checks a part of every organization's audit.
async fn check(store: &Store, chains: &Chains, runtime: &Runtime) -> Result<(), Fault> {
    let mut after = Uuid::nil();
    loop {
        let organizations = store
            .transaction(&Scope::Unscoped, async |tx| {
                members::organizations_after(tx, after, PAGE).await
            })
            .await?;
        for organization in &organizations {
            if runtime.stop.is_cancelled() {
                return Ok(());
            }
            // One that cannot be checked must not keep those behind it from it.
            if let Err(fault) = chains.check(store, *organization, kit_values::now()).await {
                tracing::warn!(%organization, %fault, "checking the audit failed");
            }
        }
        let last = organizations.last().copied().map(OrganizationId::uuid);
        match last.filter(|_| organizations.len() == usize::from(PAGE)) {
            Some(last) => after = last,
            None => return Ok(()),
        }
    }
}
