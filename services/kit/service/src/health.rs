//! Readiness: each part of a process raises a flag; the process is ready when all are.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use kit_values::Fault;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

/// How often something outside the process is asked whether it is there.
const PROBE_EVERY: Duration = Duration::from_secs(2);

/// How long it may be away before the process says that it is not ready: a server that is started
/// again takes some seconds, and the others would be away for just as long.
const AWAY_FOR: Duration = Duration::from_secs(10);

/// The flags of one process.
#[derive(Clone, Debug)]
pub struct Health {
    parts: Arc<watch::Sender<BTreeMap<String, Option<String>>>>,
}

impl Default for Health {
    fn default() -> Self {
        Self { parts: Arc::new(watch::Sender::new(BTreeMap::new())) }
    }
}

/// One part's flag; starts unready with the reason "starting".
#[derive(Clone, Debug)]
pub struct HealthFlag {
    name: String,
    health: Health,
}

impl Health {
    /// Adds a part. A name given twice is one part.
    #[must_use]
    pub fn register(&self, name: impl Into<String>) -> HealthFlag {
        let flag = HealthFlag { name: name.into(), health: self.clone() };
        flag.set_unready("starting");
        flag
    }

    /// Every part that is not ready, with its reason; empty means ready.
    #[must_use]
    pub fn unready(&self) -> BTreeMap<String, String> {
        let parts = self.parts.borrow();
        parts.iter().filter_map(|(name, reason)| Some((name.clone(), reason.clone()?))).collect()
    }

    /// Whether every part is ready.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.parts.borrow().values().all(Option::is_none)
    }

    /// Resolves when the readiness differs from `known`, with the new one.
    pub async fn changed_from(&self, known: bool) -> bool {
        let mut receiver = self.parts.subscribe();
        // The sender lives in `self`, so waiting cannot fail.
        let _ = receiver.wait_for(|parts| parts.values().all(Option::is_none) != known).await;
        !known
    }

    fn set(&self, name: &str, reason: Option<&str>) {
        self.parts.send_if_modified(|parts| {
            if parts.get(name).is_some_and(|known| known.as_deref() == reason) {
                return false;
            }
            parts.insert(name.to_owned(), reason.map(ToOwned::to_owned));
            true
        });
    }
}

impl HealthFlag {
    /// This part can do its work.
    pub fn set_ready(&self) {
        self.health.set(&self.name, None);
    }

    /// Keeps the flag true to what `probe` says until `stop`: unready for this reason once it has
    /// failed for ten seconds, ready again with its next success.
    ///
    /// # Errors
    /// None: it is a task's body.
    pub async fn follow<F>(
        self,
        reason: &'static str,
        stop: CancellationToken,
        probe: impl Fn() -> F + Send + Sync,
    ) -> Result<(), Fault>
    where
        F: Future<Output = Result<(), Fault>> + Send,
    {
        let mut well = Instant::now();
        loop {
            let probed = tokio::select! {
                probed = probe() => probed,
                () = stop.cancelled() => return Ok(()),
            };
            match probed {
                Ok(()) => {
                    well = Instant::now();
                    self.set_ready();
                }
                Err(fault) if well.elapsed() >= AWAY_FOR => {
                    tracing::debug!(part = self.name, %fault, "not ready");
                    self.set_unready(reason);
                }
                Err(_) => {}
            }
            tokio::select! {
                () = sleep(PROBE_EVERY) => {}
                () = stop.cancelled() => return Ok(()),
            }
        }
    }

    /// This part cannot do its work, and why (lower case, no full stop).
    pub fn set_unready(&self, reason: &str) {
        self.health.set(&self.name, Some(reason));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[tokio::test]
    async fn a_process_is_ready_when_all_its_parts_are() {
        let health = Health::default();
        let relay = health.register("relay");
        let reader = health.register("reader");
        relay.set_ready();
        assert!(!health.is_ready());
        assert_eq!(health.unready(), BTreeMap::from([("reader".into(), "starting".into())]));
        reader.set_ready();
        assert!(health.changed_from(false).await);
        relay.set_unready("database is away");
        assert!(!health.changed_from(true).await);
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_is_away_for_a_moment_costs_no_readiness_and_one_that_stays_away_does() {
        let health = Health::default();
        let (away, stop) = (Arc::new(AtomicBool::new(false)), CancellationToken::new());
        let known = Arc::clone(&away);
        let probe = move || {
            let away = known.load(Ordering::Relaxed);
            async move { if away { Err(Fault::internal("away")) } else { Ok(()) } }
        };
        let flag = health.register("database");
        let following = flag.follow("the database is away", stop.clone(), probe);
        let checking = async {
            assert!(health.changed_from(false).await);
            let pass = async |seconds| sleep(Duration::from_secs(seconds)).await;
            away.store(true, Ordering::Relaxed);
            pass(8).await;
            assert!(health.is_ready(), "a moment");
            pass(5).await;
            assert_eq!(health.unready()["database"], "the database is away");
            away.store(false, Ordering::Relaxed);
            pass(3).await;
            assert!(health.is_ready());
            // Counted anew each time.
            away.store(true, Ordering::Relaxed);
            pass(8).await;
            assert!(health.is_ready());
            stop.cancel();
        };
        let (followed, ()) = tokio::join!(following, checking);
        followed.expect("ends with the stop");
    }
}
