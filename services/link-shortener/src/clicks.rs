//! Clicks are counted in memory and written once a second: following a link waits for no
//! database. A crash loses at most that second's counts, never a link.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use kit_service::Runtime;
use kit_store::{Scope, Store};
use kit_values::Fault;
use time::OffsetDateTime;
use tokio::sync::mpsc;

use crate::store::{self, Hour, Target};

const EVERY: Duration = Duration::from_secs(1);
/// Most clicks that wait to be counted; more are not counted, but still led on.
const MOST: usize = 100_000;

/// Where requests report clicks.
#[derive(Clone)]
pub struct Clicks(mpsc::Sender<Hour>);

/// The other end.
pub struct Counting {
    store: Store,
    clicks: mpsc::Receiver<Hour>,
}

impl Clicks {
    /// Both ends.
    #[must_use]
    pub fn new(store: Store) -> (Self, Counting) {
        let (sender, clicks) = mpsc::channel(MOST);
        (Self(sender), Counting { store, clicks })
    }

    /// Somebody followed a link.
    pub fn note(&self, target: &Target, bot: bool, now: OffsetDateTime) {
        let began =
            now - Duration::from_secs(u64::from(now.minute()) * 60 + u64::from(now.second()));
        let began = began.replace_nanosecond(0).unwrap_or(began);
        let hour = Hour { organization: target.organization, link: target.link, began, bot };
        if self.0.try_send(hour).is_err() {
            metrics::counter!("link_clicks_not_counted").increment(1);
        }
    }
}

impl Counting {
    /// Writes until the process stops, and what is left then.
    ///
    /// # Errors
    /// Never; what cannot be written is written later.
    pub async fn run(mut self, runtime: Runtime) -> Result<(), Fault> {
        let mut counts: HashMap<Hour, i64> = HashMap::new();
        loop {
            let stopping = tokio::select! {
                () = runtime.stop.cancelled() => true,
                () = tokio::time::sleep(EVERY) => false,
            };
            while let Ok(hour) = self.clicks.try_recv() {
                *counts.entry(hour).or_default() += 1;
            }
            if !counts.is_empty() {
                match self.write(&counts).await {
                    Ok(()) => counts.clear(),
                    Err(fault) => tracing::warn!(%fault, "counting clicks failed"),
                }
            }
            if stopping {
                return Ok(());
            }
        }
    }

    async fn write(&self, counts: &HashMap<Hour, i64>) -> Result<(), Fault> {
        let organizations: BTreeSet<_> = counts.keys().map(|hour| hour.organization).collect();
        self.store
            .transaction_retrying(&Scope::Organizations(organizations), async |transaction| {
                store::count(transaction, counts).await
            })
            .await
    }
}
