//! How a pool reaches PostgreSQL.

use kit_values::{Fault, Secret};
use sea_orm::sqlx::ConnectOptions as _;
use sea_orm::sqlx::postgres::PgConnectOptions;
use serde::{Deserialize, Serialize};

use crate::pool::Pool;

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
pub(crate) fn pool(settings: &DatabaseSettings) -> Result<Pool, Fault> {
    let size = usize::try_from(settings.pool.max(1)).unwrap_or(1);
    Pool::new(options(&settings.url)?, size).map_err(Fault::internal)
}
