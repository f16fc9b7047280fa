//! Micro-batches: webhooks that arrive while others are being committed share one transaction.
//!
//! Nothing waits for a batch to fill: a committer takes whatever has queued up, and while it
//! commits more queues up for the next. At low load a webhook is committed alone and at once; at
//! high load hundreds share one flush. A submission that nobody waits for any more is dropped, so
//! that a database that is away leaves no backlog behind.

use std::sync::Arc;
use std::time::{Duration, Instant};

use kit_store::Store;
use kit_values::{Class, Fault};
use tokio::sync::{Mutex, mpsc, oneshot};

use crate::app::{Arrived, commit, park_whole};
use crate::metrics::{BATCH, COMMIT};
use crate::registry::{Registry, Snapshot};
use crate::sabotage;

/// Committers at a time: one flushes while the other collects.
const COMMITTERS: usize = 2;

/// Most requests in one transaction.
const REQUESTS: usize = 256;

/// Most items in one transaction, but for a single larger request.
const ITEMS: usize = 4_000;

/// Most bytes of bodies in one transaction, but for a single larger request.
const BYTES: usize = 16 << 20;

/// Longest time from a complete body to its commit (`product.md`: 503, never a wait without
/// end). The networks give at least five seconds.
pub const PATIENCE: Duration = Duration::from_secs(2);

struct Submission {
    arrived: Arc<Arrived>,
    since: Instant,
    answer: oneshot::Sender<Result<(), Fault>>,
}

impl AsRef<Arrived> for Submission {
    fn as_ref(&self) -> &Arrived {
        &self.arrived
    }
}

/// Takes webhooks to commit.
#[derive(Clone)]
pub struct Batcher {
    queue: mpsc::Sender<Submission>,
}

/// The committing side; ends when every [`Batcher`] is gone and the queue is empty.
pub struct Committers {
    queue: Arc<Mutex<mpsc::Receiver<Submission>>>,
    store: Store,
    registry: Arc<Registry>,
}

impl std::fmt::Debug for Batcher {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Batcher").finish_non_exhaustive()
    }
}

impl Batcher {
    /// A batcher and its committing side.
    #[must_use]
    pub fn new(store: Store, registry: Arc<Registry>) -> (Self, Committers) {
        let (sender, receiver) = mpsc::channel(4_096);
        let queue = Arc::new(Mutex::new(receiver));
        (Self { queue: sender }, Committers { queue, store, registry })
    }

    /// Returns once the webhook is committed.
    ///
    /// # Errors
    /// Unavailable when that takes longer than [`PATIENCE`] or the database is away; it may have
    /// been committed nevertheless, and sending it again stores nothing twice.
    pub async fn submit(&self, arrived: Arrived) -> Result<(), Fault> {
        let (answer, answered) = oneshot::channel();
        let submission = Submission { arrived: Arc::new(arrived), since: Instant::now(), answer };
        if sabotage::answers_before_commit() {
            return self.queue.try_send(submission).map_err(|_| away());
        }
        let committed = async {
            self.queue.send(submission).await.map_err(|_| away())?;
            answered.await.map_err(|_| away())?
        };
        tokio::time::timeout(PATIENCE, committed).await.map_err(|_| away())?
    }
}

fn away() -> Fault {
    Fault::new(Class::Unavailable, "not_committed", "The webhook could not be kept; send it again.")
        .retry_after(Duration::from_secs(1))
}

impl Committers {
    /// Starts the committers.
    pub fn spawn(self, tasks: &kit_service::Tasks) {
        for _ in 0..COMMITTERS {
            let (queue, store) = (Arc::clone(&self.queue), self.store.clone());
            let registry = Arc::clone(&self.registry);
            tasks.spawn("ingest-committer", async move {
                loop {
                    let batch = collect(&mut *queue.lock().await).await;
                    if batch.is_empty() {
                        return Ok(());
                    }
                    commit_all(&store, &registry.now(), batch).await;
                }
            });
        }
    }
}

/// The next batch; empty when there will be no more.
async fn collect(queue: &mut mpsc::Receiver<Submission>) -> Vec<Submission> {
    let mut batch: Vec<Submission> = Vec::new();
    let (mut items, mut bytes) = (0, 0);
    while batch.len() < REQUESTS && items < ITEMS && bytes < BYTES {
        let next = match queue.try_recv() {
            Ok(submission) => submission,
            Err(_) if !batch.is_empty() => break,
            Err(_) => match queue.recv().await {
                Some(submission) => submission,
                None => break,
            },
        };
        // Nobody waits any more, unless nobody ever did.
        if next.answer.is_closed() && !sabotage::answers_before_commit() {
            continue;
        }
        items += next.arrived.items.len();
        bytes += next.arrived.body.len();
        batch.push(next);
    }
    batch
}

async fn commit_all(store: &Store, known: &Snapshot, batch: Vec<Submission>) {
    #[expect(clippy::cast_precision_loss, reason = "a batch is small")]
    metrics::histogram!(BATCH).record(batch.len() as f64);
    let outcome = commit_within(store, known, &batch).await;
    match outcome {
        Err(fault) if !fault.class().is_infrastructure() => {
            tracing::warn!(
                code = fault.code(), error = ?fault, requests = batch.len(),
                "a batch could not be stored; its requests are stored one by one"
            );
            for submission in batch {
                let outcome = commit_alone(store, known, &submission).await;
                answer(submission, outcome);
            }
        }
        outcome => {
            if let Err(fault) = &outcome {
                tracing::warn!(
                    code = fault.code(),
                    requests = batch.len(),
                    "a batch was not committed"
                );
            }
            for submission in batch {
                answer(submission, outcome.as_ref().map_err(|_| away()).copied());
            }
        }
    }
}

/// A request that alone makes its transaction fail is kept as one parked item.
async fn commit_alone(
    store: &Store,
    known: &Snapshot,
    submission: &Submission,
) -> Result<(), Fault> {
    match commit_within(store, known, std::slice::from_ref(submission)).await {
        Err(fault) if !fault.class().is_infrastructure() => {
            tracing::error!(
                request = %submission.arrived.request, code = fault.code(), error = ?fault,
                "a request could not be stored and is parked whole"
            );
            let parked = [Arc::new(park_whole(&submission.arrived))];
            commit(store, known, &parked).await
        }
        outcome => outcome,
    }
}

async fn commit_within(store: &Store, known: &Snapshot, batch: &[Submission]) -> Result<(), Fault> {
    let committed = tokio::time::timeout(PATIENCE, commit(store, known, batch));
    committed.await.map_err(|_| away())??;
    if sabotage::fails_after_commit() {
        return Err(away());
    }
    Ok(())
}

fn answer(submission: Submission, outcome: Result<(), Fault>) {
    metrics::histogram!(COMMIT).record(submission.since.elapsed().as_secs_f64());
    // Whoever asked may have given up waiting.
    let _ = submission.answer.send(outcome);
}
