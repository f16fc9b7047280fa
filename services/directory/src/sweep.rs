//! What is tidied up by the clock: throttle rows that say nothing any more, tokens that are over.

use std::time::Duration;

use kit_service::Runtime;
use kit_store::{Scope, Store};
use kit_values::Fault;

use crate::store::{throttle, tokens};

const EVERY: Duration = Duration::from_mins(10);

/// Sweeps until the process stops. A sweep that fails is done by the next one.
pub async fn run(store: Store, runtime: Runtime) -> Result<(), Fault> {
    loop {
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
