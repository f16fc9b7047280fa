//! What happens by itself: the registry follows its tables and directory, items whose account
//! was connected are replayed, items without an author proceed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use kit_service::HealthFlag;
use kit_store::timer::{Handler, Timer};
use kit_store::{Scope, Store, Transaction};
use kit_values::Fault;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::app;
use crate::directory::Directory;
use crate::registry::Registry;
use crate::sealing::Sealer;

/// How often the tables are looked at: another process of this service may have written them.
const LOOK: Duration = Duration::from_secs(1);

/// How soon after a ring: the ring comes just before its commit.
const SOON: Duration = Duration::from_millis(30);

/// How often directory is asked for everything, once it has answered.
const RELOAD: Duration = Duration::from_secs(30);

/// How often until then.
const RETRY: Duration = Duration::from_millis(250);

/// Keeps the registry what the tables say, and the tables what directory says.
pub struct Keeper {
    /// The tables.
    pub store: Store,
    /// What is kept in memory.
    pub registry: Arc<Registry>,
    /// Opens and seals secrets.
    pub sealer: Sealer,
    /// Who knows.
    pub directory: Directory,
    /// Rung when a reader has written routes.
    pub changed: Arc<Notify>,
    /// Ready once the registry was loaded.
    pub flag: HealthFlag,
}

impl Keeper {
    /// Runs until `stop`.
    ///
    /// # Errors
    /// None: what is away is waited for.
    pub async fn run(self, stop: CancellationToken) -> Result<(), Fault> {
        let mut state: Option<String> = None;
        let mut asked: Option<Instant> = None;
        let mut outdated = true;
        loop {
            match self.follow(&mut state).await {
                Ok(()) => self.flag.set_ready(),
                Err(fault) => {
                    tracing::warn!(code = fault.code(), "the registry waits for the database");
                }
            }
            if state.is_some() {
                if asked.is_none_or(|asked| asked.elapsed() >= RELOAD) && self.ask().await {
                    asked = Some(Instant::now());
                    self.follow(&mut state).await.ok();
                }
                if self.fetch().await {
                    self.follow(&mut state).await.ok();
                }
                self.replay(&mut outdated, &stop).await;
            }
            let pause = if asked.is_none() { RETRY } else { LOOK };
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                () = self.changed.notified() => tokio::time::sleep(SOON).await,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Reads the tables again if they changed.
    async fn follow(&self, state: &mut Option<String>) -> Result<(), Fault> {
        let loaded = app::load(&self.store, &self.sealer, state.as_deref()).await?;
        if let Some((snapshot, now)) = loaded {
            self.registry.replace(snapshot);
            *state = Some(now);
            tracing::debug!("applications and routes were loaded");
        }
        Ok(())
    }

    /// Asks directory for everything; gives whether it answered and the answer is kept.
    async fn ask(&self) -> bool {
        let kept = async {
            let (applications, routes) = self.directory.routes().await?;
            self.store
                .transaction_retrying(&Scope::Unscoped, async |tx| {
                    app::learn(tx, &applications, &routes).await
                })
                .await
        };
        match kept.await {
            Ok(()) => true,
            Err(fault) => {
                tracing::debug!(code = fault.code(), "directory did not tell its routes yet");
                false
            }
        }
    }

    /// Fetches the secrets that are missing or old; gives whether any came.
    async fn fetch(&self) -> bool {
        let known = self.registry.now();
        let mut came = false;
        for &(application, version) in known.wanted() {
            let sealed = async {
                let (secrets, version) = self.directory.secrets(application, version).await?;
                app::seal(&self.store, &self.sealer, application, version, &secrets).await
            };
            match sealed.await {
                Ok(()) => came = true,
                Err(fault) => {
                    tracing::debug!(%application, code = fault.code(), "an application's secrets are not to be had yet");
                }
            }
        }
        came
    }

    /// Decides what had to wait for an account, or for a newer release.
    async fn replay(&self, outdated: &mut bool, stop: &CancellationToken) {
        let known = self.registry.now();
        while !stop.is_cancelled() {
            match app::replay_routed(&self.store, &known).await {
                Ok(0) => break,
                Ok(items) => {
                    tracing::info!(items, "items of a newly connected account were replayed");
                }
                Err(fault) => {
                    tracing::warn!(code = fault.code(), "waiting items could not be replayed yet");
                    return;
                }
            }
        }
        if *outdated {
            match app::replay_outdated(&self.store, &known).await {
                Ok(0) => *outdated = false,
                Ok(items) => {
                    *outdated = false;
                    tracing::info!(items, "items parked by an older release were replayed");
                }
                Err(fault) => {
                    tracing::warn!(code = fault.code(), "parked items could not be replayed yet");
                }
            }
        }
    }
}

/// Fires the timers of items that wait for their author.
pub struct Authors {
    /// Tells where the items go.
    pub registry: Arc<Registry>,
}

impl Handler for Authors {
    async fn fire(&self, tx: &Transaction, due: Vec<Timer>) -> Result<(), Fault> {
        let due: Vec<Timer> =
            due.into_iter().filter(|timer| timer.kind == app::AUTHOR_TIMER).collect();
        app::proceed(tx, &self.registry.now(), &due).await
    }
}
