//! How a pool reaches PostgreSQL.

use std::time::Duration;

use kit_values::{Fault, Secret};
use sea_orm::sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sea_orm::sqlx::{ConnectOptions as _, Connection as _};
use serde::{Deserialize, Serialize};

/// How long a caller waits for a connection: PostgreSQL being away must show quickly.
pub(crate) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(2);

/// A connection idle for less than this is used without a round trip to try it first.
const TRUSTED_WHILE_IDLE: Duration = Duration::from_secs(30);

/// A connection whose line is silent for this long after use is given up.
const RELEASE_TIMEOUT: Duration = Duration::from_secs(2);

/// Where the database is and how many connections to hold.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseSettings {
    /// `postgres://role:password@host:port/database`; the role decides schema and rights.
    pub url: Secret<String>,
    /// Most connections at a time.
    #[serde(default = "default_pool")]
    pub pool: u32,
}

const fn default_pool() -> u32 {
    4
}

impl DatabaseSettings {
    /// Settings with the default pool of four.
    #[must_use]
    pub const fn new(url: Secret<String>) -> Self {
        Self { url, pool: default_pool() }
    }
}

/// Options of one connection: no statement is ever logged, since parameters and texts may carry
/// customers' words.
pub(crate) fn options(url: &Secret<String>) -> Result<PgConnectOptions, Fault> {
    let options: PgConnectOptions = url.expose().parse().map_err(|_| {
        // The parser's error may quote the address, password included.
        Fault::invalid(
            "database_url",
            "url",
            "The database address is not of the form postgres://role:password@host:port/database.",
        )
    })?;
    Ok(options.disable_statement_logging())
}

/// A pool that connects when first used.
pub(crate) fn pool(settings: &DatabaseSettings) -> Result<PgPool, Fault> {
    Ok(PgPoolOptions::new()
        .max_connections(settings.pool.max(1))
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .idle_timeout(Duration::from_mins(5))
        .max_lifetime(Duration::from_hours(1))
        // BEGIN is the first round trip; a try before each would double it.
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for >= TRUSTED_WHILE_IDLE {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        // Without a limit, a connection whose peer went silent would hold its place for ever.
        .after_release(|connection, _| {
            Box::pin(async move {
                match tokio::time::timeout(RELEASE_TIMEOUT, connection.ping()).await {
                    Ok(result) => result.map(|()| true),
                    Err(_) => Err(sea_orm::sqlx::Error::PoolTimedOut),
                }
            })
        })
        .connect_lazy_with(options(&settings.url)?))
}
