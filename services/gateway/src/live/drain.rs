//! The end of the live feed: every socket is told to go, spread over a while, and is served until
//! then.

use std::sync::Arc;
use std::time::Duration;

use kit_service::Runtime;
use kit_values::Fault;
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tokio_util::sync::DropGuard;

use super::hub::Hub;
use crate::domain::drain::farewells;

/// How long to wait, after the last one was told, for those that do not answer.
const ANSWERS: Duration = Duration::from_secs(2);

/// Waits for the process's stop, spreads the farewells over `window`, and lets go of `rest`, what
/// the sockets need to the last.
pub async fn run(
    hub: Arc<Hub>,
    window: Duration,
    runtime: Runtime,
    rest: DropGuard,
) -> Result<(), Fault> {
    runtime.stop.cancelled().await;
    let keys = hub.close_doors();
    if !keys.is_empty() {
        let (sockets, seconds) = (keys.len(), window.as_secs());
        tracing::info!(sockets, seconds, "telling the sockets to go");
    }
    let began = Instant::now();
    for (key, farewell) in keys.iter().zip(farewells(keys.len(), window)) {
        if timeout_at(began + farewell.at, deserted(&hub)).await.is_ok() {
            break;
        }
        hub.dismiss(*key, farewell.after);
    }
    // Those that do not read will notice by themselves.
    let _ = timeout(ANSWERS, deserted(&hub)).await;
    drop(rest);
    Ok(())
}

/// Resolves when no socket is left.
async fn deserted(hub: &Hub) {
    while hub.sockets() > 0 {
        sleep(Duration::from_millis(20)).await;
    }
}
