//! The servers that all test processes of a clone share: started by the first, left running.

use std::fs::{self, File};
use std::path::Path;

use kit_service::servers::{self, Options, Postgres, Redis};
use kit_values::{Fault, Secret};
use serde::{Deserialize, Serialize};
use tokio::sync::OnceCell;

use crate::place;

/// Which servers are shared. Every test has a NATS server of its own: stream names are fixed.
const SHARED: [&str; 2] = ["postgres", "redis"];

/// Where the shared servers are.
#[derive(Debug, Clone)]
pub struct SharedServers {
    /// Address of PostgreSQL's administrator.
    pub postgres: Secret<String>,
    /// Address of Redis.
    pub redis: Secret<String>,
}

/// As it stands in the file beside them; [`Secret`] never writes itself.
#[derive(Serialize, Deserialize)]
struct Written {
    postgres: String,
    redis: String,
}

static SERVERS: OnceCell<SharedServers> = OnceCell::const_new();

/// The shared servers, started when they are not running: nothing is flushed to disk, and they
/// outlive the test. `tests/run` stops them ([`stop_shared`]).
///
/// # Panics
/// When they cannot be started; the sentence says what to do.
pub async fn servers() -> &'static SharedServers {
    SERVERS.get_or_init(start).await
}

async fn start() -> SharedServers {
    let data = place::shared();
    fs::create_dir_all(&data).expect("the folder of the test servers can be made");
    let lock =
        File::create(data.join("shared.lock")).expect("the lock of the test servers can be made");
    // One process starts them, the others wait here. Nothing else of a test runs meanwhile.
    lock.lock().expect("the lock of the test servers can be had");
    let written = data.join("endpoints.json");
    if servers::all_alive(&data, &SHARED)
        && let Some(found) = read(&written)
    {
        return found;
    }
    let found = match start_in(&data).await {
        Ok(found) => found,
        Err(first) => {
            // What was not forced to disk does not survive a power cut: begin anew, once.
            servers::stop_survivors(&data)
                .expect("what is left of the test servers can be stopped");
            let _ = fs::remove_dir_all(data.join("postgres"));
            let second = start_in(&data).await;
            second.inspect_err(|_| eprintln!("{first}")).expect("the test servers start")
        }
    };
    let text = serde_json::to_string(&found).expect("plain text");
    fs::write(&written, text).expect("the folder of the test servers can be written to");
    drop(lock);
    SharedServers { postgres: Secret::new(found.postgres), redis: Secret::new(found.redis) }
}

async fn start_in(data: &Path) -> Result<Written, Fault> {
    let options = Options { detached: true, ..Options::test()? };
    let postgres = Postgres::start(data, &options).await?;
    let redis = Redis::start(data, &options).await?;
    // Detached: they go on when these are dropped.
    Ok(Written { postgres: postgres.url().expose().clone(), redis: redis.url().expose().clone() })
}

fn read(path: &Path) -> Option<SharedServers> {
    let found: Written = serde_json::from_str(&fs::read_to_string(path).ok()?).ok()?;
    Some(SharedServers { postgres: Secret::new(found.postgres), redis: Secret::new(found.redis) })
}

/// Stops the shared servers of this clone, if they are running.
///
/// # Panics
/// When one of them does not end.
pub fn stop_shared() {
    servers::stop_survivors(&place::shared()).expect("the test servers end when asked to");
}
