//! Hands out work as soon as there is any: one planner of this process, woken by what was
//! committed here, at work for any number of organizations at a time and for each only once.
//!
//! Processes agree through PostgreSQL alone. Who finds another planner at work leaves a mark and
//! tries once more; the one at work looks for marks after its transaction has ended. So whatever
//! was committed before the mark is planned by one of the two.
//!
//! Deliberately absent: any memory of what waits. A process that dies loses nothing but wakes, and
//! the sweep of every other process wakes for what waits.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use kit_store::Store;
use kit_values::{Fault, OrganizationId, now};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::app::{self, Planned, Surroundings};
use crate::metrics;

/// Longest wait for a commit that woke the planner; after it, the sweep finds what came of it.
const COMMIT_WAIT: Duration = Duration::from_secs(2);

/// First wait for it; doubled each time, up to [`COMMIT_PAUSE`].
const COMMIT_LOOK: Duration = Duration::from_millis(1);

/// Longest pause between two looks for a commit.
const COMMIT_PAUSE: Duration = Duration::from_millis(20);

/// Wait after a plan that was cut off, doubled each time up to a second.
const CUT_WAIT: Duration = Duration::from_millis(50);

/// Failures in a row after which an organization is left to the sweep: with a fault that lasts it
/// would keep the place of others.
const MOST_FAILURES: u32 = 3;

/// Pause after a plan of which nothing could be kept, because others hold what it needs; and how
/// many such plans in a row before it is left to the sweep.
const HELD_WAIT: Duration = Duration::from_millis(20);
const MOST_HELD: u32 = 10;

/// Organizations planned at once, so that connections are left for everything else.
const AT_ONCE: usize = 2;

/// Transactions that one wake waits for by name; more are left to the sweep.
const MOST_CAUSES: usize = 256;

/// Why an organization is to be planned.
#[derive(Debug, Clone)]
struct Wake {
    /// When the first cause of it happened.
    since: Instant,
    /// Transactions that have still to be committed.
    causes: Vec<String>,
}

#[derive(Debug, Default)]
struct Shared {
    woken: Mutex<BTreeMap<OrganizationId, Wake>>,
    bell: Notify,
}

/// Wakes the planner of this process; clones wake the same one.
#[derive(Debug, Clone, Default)]
pub struct Waker(Arc<Shared>);

impl Waker {
    /// Something that was committed may let somebody be handed something.
    pub fn wake(&self, organization: OrganizationId) {
        self.wake_after(organization, None);
    }

    /// The same, for a transaction that is about to be committed.
    pub fn wake_after(&self, organization: OrganizationId, transaction: Option<String>) {
        let mut woken = self.0.woken.lock().unwrap_or_else(PoisonError::into_inner);
        let wake = woken
            .entry(organization)
            .or_insert_with(|| Wake { since: Instant::now(), causes: Vec::new() });
        if wake.causes.len() < MOST_CAUSES {
            wake.causes.extend(transaction);
        }
        drop(woken);
        self.0.bell.notify_one();
    }

    /// Takes the oldest wake of those that `busy` does not hold.
    fn take(&self, busy: &BTreeSet<OrganizationId>) -> Option<(OrganizationId, Wake)> {
        let mut woken = self.0.woken.lock().unwrap_or_else(PoisonError::into_inner);
        let oldest = woken
            .iter()
            .filter(|(organization, _)| !busy.contains(*organization))
            .min_by_key(|(_, wake)| wake.since)
            .map(|(organization, _)| *organization)?;
        woken.remove_entry(&oldest)
    }
}

/// What follows a plan.
enum Next {
    /// Another one, at once.
    Again,
    /// Another one, soon: others hold the rows that it needs.
    Held,
    /// Nothing.
    Done,
}

/// Plans.
#[derive(Debug, Clone)]
pub struct Planner {
    store: Store,
    surroundings: Surroundings,
    waker: Waker,
}

impl Planner {
    /// Plans when `waker` wakes it.
    #[must_use]
    pub const fn new(store: Store, surroundings: Surroundings, waker: Waker) -> Self {
        Self { store, surroundings, waker }
    }

    /// Plans until `stop`; plans that have begun are finished first.
    ///
    /// # Errors
    /// None: a database that is away is waited for.
    pub async fn run(self, stop: CancellationToken) -> Result<(), Fault> {
        let mut busy = BTreeSet::new();
        let mut plans = FuturesUnordered::new();
        loop {
            while !stop.is_cancelled() && busy.len() < AT_ONCE {
                let Some((organization, wake)) = self.waker.take(&busy) else { break };
                busy.insert(organization);
                plans.push(self.plan(organization, wake, &stop));
            }
            tokio::select! {
                Some(organization) = plans.next() => {
                    busy.remove(&organization);
                }
                () = self.waker.0.bell.notified(), if !stop.is_cancelled() => {}
                () = stop.cancelled(), if !plans.is_empty() => {
                    while plans.next().await.is_some() {}
                    return Ok(());
                }
                () = stop.cancelled() => return Ok(()),
            }
        }
    }

    /// Plans an organization until there is nothing to place and nobody asked again.
    async fn plan(
        &self,
        organization: OrganizationId,
        mut wake: Wake,
        stop: &CancellationToken,
    ) -> OrganizationId {
        let mut failures = 0;
        let mut held = 0;
        let mut marked = false;
        let mut pause = COMMIT_LOOK;
        while !stop.is_cancelled() {
            let outcome = self.once(organization, &mut wake, &mut marked, &mut pause).await;
            match outcome {
                Ok(Next::Again) => (failures, held) = (0, 0),
                Ok(Next::Done) => break,
                Ok(Next::Held) => {
                    (failures, held) = (0, held + 1);
                    if held == MOST_HELD {
                        break;
                    }
                    tokio::time::sleep(HELD_WAIT).await;
                }
                Err(fault) => {
                    failures += 1;
                    tracing::info!(%organization, %fault, failures, "a plan was cut off");
                    if failures == MOST_FAILURES {
                        break;
                    }
                    let wait = (CUT_WAIT * (1 << failures.min(4))).min(Duration::from_secs(1));
                    tokio::select! {
                        () = tokio::time::sleep(wait) => {}
                        () = stop.cancelled() => {}
                    }
                }
            }
        }
        organization
    }

    /// One plan, and what should follow.
    async fn once(
        &self,
        organization: OrganizationId,
        wake: &mut Wake,
        marked: &mut bool,
        pause: &mut Duration,
    ) -> Result<Next, Fault> {
        let began = Instant::now();
        let planned =
            app::plan_once(&self.store, &self.surroundings, organization, &wake.causes, now())
                .await;
        match planned {
            Err(fault) => {
                metrics::planned(began.elapsed(), "cut");
                Err(fault)
            }
            Ok(Planned::TooEarly) => {
                if wake.since.elapsed() > COMMIT_WAIT {
                    wake.causes.clear();
                }
                tokio::time::sleep(*pause).await;
                *pause = (*pause * 2).min(COMMIT_PAUSE);
                Ok(Next::Again)
            }
            // Whoever is at work began before this try and sees the mark when it has ended.
            Ok(Planned::Busy) if *marked => {
                metrics::planned(began.elapsed(), "left");
                Ok(Next::Done)
            }
            Ok(Planned::Busy) => {
                app::ask_for_plan(&self.store, organization).await?;
                *marked = true;
                Ok(Next::Again)
            }
            Ok(Planned::Done { placed, refused, more, mark }) => {
                metrics::planned(began.elapsed(), "done");
                metrics::assigned(placed, refused, wake.since.elapsed());
                wake.causes.clear();
                if placed == 0 && refused > 0 {
                    return Ok(Next::Held);
                }
                let again = more
                    || refused > 0
                    || app::is_asked_again(&self.store, organization, mark).await?;
                Ok(if again { Next::Again } else { Next::Done })
            }
        }
    }
}
