//! What happens by itself: leases end, directory is asked for everything, ages are measured, and
//! what is not needed any more is forgotten.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use kit_service::HealthFlag;
use kit_store::timer::{Handler, Timer};
use kit_store::{Scope, Store, Transaction};
use kit_values::Fault;
use tokio_util::sync::CancellationToken;

use crate::directory::Directory;
use crate::wire::directory::Told;
use crate::{app, metrics};

/// How often leases are looked at.
const LOOK: Duration = Duration::from_secs(1);

/// How often directory is asked for everything, once it has answered, and until then.
const RELOAD: Duration = Duration::from_secs(30);
const RETRY: Duration = Duration::from_millis(250);

/// How often what is old is forgotten.
const FORGET: Duration = Duration::from_mins(10);

/// Ends leases, measures and forgets, until `stop`.
///
/// # Errors
/// None: a database that is away is waited for.
pub async fn run(store: Store, stop: CancellationToken) -> Result<(), Fault> {
    let mut away = false;
    let mut forget_due = Instant::now();
    while !stop.is_cancelled() {
        match look(&store, &mut forget_due).await {
            Ok(()) => away = false,
            Err(fault) => {
                if !away {
                    tracing::warn!(code = fault.code(), "leases cannot be looked at yet");
                }
                away = true;
            }
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
    Ok(())
}

async fn look(store: &Store, forget_due: &mut Instant) -> Result<(), Fault> {
    loop {
        let (ended, more) = store
            .transaction_retrying(&Scope::Unscoped, async |transaction| {
                app::expire(transaction).await
            })
            .await?;
        if ended > 0 {
            tracing::info!(attempts = ended, "leases ended");
        }
        if !more {
            break;
        }
    }
    let ages =
        store.transaction(&Scope::Unscoped, async |transaction| app::ages(transaction).await);
    for (network, age) in ages.await? {
        metrics::runnable_age(network, age);
    }
    if Instant::now() >= *forget_due {
        store
            .transaction(&Scope::Unscoped, async |transaction| {
                app::forget_budgets(transaction).await
            })
            .await?;
        while store
            .transaction(&Scope::Unscoped, async |transaction| {
                app::forget_lookups(transaction).await
            })
            .await?
        {}
        *forget_due = Instant::now() + FORGET;
    }
    Ok(())
}

/// Fires the timers of this service.
#[derive(Debug, Clone, Copy)]
pub struct Forgetful;

impl Handler for Forgetful {
    async fn fire(&self, transaction: &Transaction, due: Vec<Timer>) -> Result<(), Fault> {
        app::forget_texts(transaction, due).await
    }
}

/// Asks directory for everything, again and again, until `stop`: events older than a day are
/// gone.
///
/// # Errors
/// None: whoever is away is waited for.
pub async fn follow_directory(
    store: Store,
    directory: Directory,
    flag: HealthFlag,
    stop: CancellationToken,
) -> Result<(), Fault> {
    while !stop.is_cancelled() {
        let pause = match reload(&store, &directory).await {
            Ok(()) => {
                flag.set_ready();
                RELOAD
            }
            Err(fault) => {
                tracing::debug!(code = fault.code(), "directory did not tell its accounts yet");
                RETRY
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
    Ok(())
}

async fn reload(store: &Store, directory: &Directory) -> Result<(), Fault> {
    let told = directory.routes().await?;
    let organizations: BTreeSet<_> = told
        .iter()
        .filter_map(|told| match told {
            Told::Account(organization, _) => Some(*organization),
            Told::Application(..) => None,
        })
        .collect();
    store
        .transaction_retrying(&Scope::Organizations(organizations), async move |transaction| {
            app::learn(transaction, told).await
        })
        .await
}
