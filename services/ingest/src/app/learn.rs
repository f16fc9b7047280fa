//! Keeping what directory tells, and reading it back into memory.

use kit_store::{Scope, Store, Transaction};
use kit_values::Fault;

use crate::domain::{ApplicationId, Connection, Registration};
use crate::registry::Snapshot;
use crate::sealing::{Sealer, Secrets};
use crate::store;

/// Keeps applications and routes; what is older than what is kept changes nothing.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn learn(
    tx: &Transaction,
    applications: &[Registration],
    routes: &[Connection],
) -> Result<(), Fault> {
    store::upsert_applications(tx, applications).await?;
    store::upsert_routes(tx, routes).await
}

/// Keeps the secrets of one version of an application, sealed.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn seal(
    store: &Store,
    sealer: &Sealer,
    application: ApplicationId,
    version: i64,
    secrets: &Secrets,
) -> Result<(), Fault> {
    let kept = sealer.seal(application, version, secrets)?;
    store
        .transaction(&Scope::Unscoped, async |tx| store::seal(tx, application, kept, version).await)
        .await
}

/// Everything known, opened, with a text that tells when it is out of date; `None` while it is
/// still what `state` says.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn load(
    store: &Store,
    sealer: &Sealer,
    state: Option<&str>,
) -> Result<Option<(Snapshot, String)>, Fault> {
    store
        .transaction(&Scope::Unscoped, async |tx| {
            let now = store::state(tx).await?;
            if state == Some(now.as_str()) {
                return Ok(None);
            }
            let known = store::known(tx).await?;
            Ok(Some((Snapshot::open(known, sealer), now)))
        })
        .await
}
