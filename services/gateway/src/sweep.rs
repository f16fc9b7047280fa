//! What is done by the clock: sessions that are over end their sockets, and go.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use kit_service::Runtime;
use kit_store::Store;
use kit_values::Fault;
use tokio::time::{MissedTickBehavior, interval};

use crate::app::sessions;
use crate::live::hub::Hub;

/// How often the sessions of open sockets are checked: a revoked session ends its sockets within
/// five seconds (`reference/reliability.md` (b) 9), also when another gateway revoked it.
const CHECK: Duration = Duration::from_secs(2);
/// How often sessions that are over are dropped.
const SWEEP: Duration = Duration::from_mins(10);

/// Checks and sweeps until the process stops. What fails is done by the next round.
pub async fn run(store: Store, hub: Arc<Hub>, runtime: Runtime) -> Result<(), Fault> {
    let mut check = interval(CHECK);
    let mut sweep = interval(SWEEP);
    check.set_missed_tick_behavior(MissedTickBehavior::Delay);
    sweep.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let outcome = tokio::select! {
            () = runtime.stop.cancelled() => return Ok(()),
            _ = check.tick() => end_sockets(&store, &hub).await,
            _ = sweep.tick() => sessions::sweep(&store).await,
        };
        if let Err(fault) = outcome {
            // Nobody loses a session because the database is away.
            tracing::warn!(%fault, "sessions could not be checked");
        }
    }
}

async fn end_sockets(store: &Store, hub: &Hub) -> Result<(), Fault> {
    let open = hub.sessions();
    if open.is_empty() {
        return Ok(());
    }
    let alive = sessions::alive(store, open.iter().copied().collect()).await?;
    let alive: BTreeSet<_> = alive.into_iter().collect();
    let over: BTreeSet<_> = open.difference(&alive).copied().collect();
    if !over.is_empty() {
        hub.cut_sessions(&over);
    }
    Ok(())
}
