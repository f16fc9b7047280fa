//! Named, supervised tasks: one that dies takes the process down, instead of leaving it half
//! alive.

use std::any::Any;
use std::collections::BTreeMap;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};

use futures::FutureExt as _;
use kit_values::Fault;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::class;

/// Spawns and supervises the tasks of one process.
#[derive(Clone, Debug)]
pub struct Tasks {
    tracker: TaskTracker,
    running: Arc<Mutex<BTreeMap<&'static str, usize>>>,
    stop: CancellationToken,
    died: Arc<Mutex<Option<&'static str>>>,
    death: CancellationToken,
}

impl Tasks {
    /// No task yet; after `stop` is cancelled an error no longer counts as a death.
    #[must_use]
    pub fn new(stop: CancellationToken) -> Self {
        Self {
            tracker: TaskTracker::new(),
            running: Arc::default(),
            stop,
            died: Arc::default(),
            death: CancellationToken::new(),
        }
    }

    /// Starts a task. Ending with `Ok` is normal; an error before the stop, or a panic at any
    /// time, brings the whole process down with a non-zero exit code.
    pub fn spawn<F>(&self, name: &'static str, future: F)
    where
        F: Future<Output = Result<(), Fault>> + Send + 'static,
    {
        let running = Running::new(&self.running, name);
        let supervised = self.clone().supervised(name, future);
        self.tracker.spawn(async move {
            let _running = running;
            supervised.await;
        });
    }

    /// As [`Tasks::spawn`], for what serves to the very end, the drain included: nothing waits
    /// for it.
    #[expect(clippy::disallowed_methods, reason = "named and supervised here, but not waited for")]
    pub fn spawn_lasting<F>(&self, name: &'static str, future: F)
    where
        F: Future<Output = Result<(), Fault>> + Send + 'static,
    {
        tokio::spawn(self.clone().supervised(name, future));
    }

    async fn supervised<F>(self, name: &'static str, future: F)
    where
        F: Future<Output = Result<(), Fault>> + Send + 'static,
    {
        match AssertUnwindSafe(future).catch_unwind().await {
            Ok(Ok(())) => tracing::trace!(task = name, "task ended"),
            Ok(Err(fault)) if self.stop.is_cancelled() => {
                tracing::warn!(task = name, %fault, "task ended with an error while stopping");
            }
            Ok(Err(fault)) => {
                let cause = class::causes(&fault);
                tracing::error!(task = name, %fault, cause, "task died, stopping the process");
                self.record_death(name);
            }
            Err(panic) => {
                let message = panic_message(panic.as_ref());
                tracing::error!(task = name, message, "task panicked, stopping the process");
                self.record_death(name);
            }
        }
    }

    /// Runs work that keeps a processor busy or blocks (hashing, files) on the blocking pool.
    ///
    /// # Errors
    /// Internal when the work panicked.
    #[expect(clippy::disallowed_methods, reason = "the one place that starts blocking work")]
    pub async fn blocking<T, F>(&self, name: &'static str, work: F) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        self.tracker.track_future(tokio::task::spawn_blocking(work)).await.map_err(|error| {
            tracing::warn!(task = name, "blocking work panicked");
            Fault::internal(error)
        })
    }

    /// The first task that died, if one did.
    #[must_use]
    pub fn dead(&self) -> Option<&'static str> {
        *self.died.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Resolves when a task has died.
    pub async fn death(&self) {
        self.death.cancelled().await;
    }

    /// Names of the tasks that have not ended, with how many of each.
    #[must_use]
    pub fn running(&self) -> BTreeMap<&'static str, usize> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Resolves when no task is left. More tasks may still be started meanwhile; they are
    /// waited for as well.
    pub async fn drained(&self) {
        self.tracker.close();
        self.tracker.wait().await;
    }

    fn record_death(&self, name: &'static str) {
        self.died.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(name);
        self.death.cancel();
    }
}

/// Counts a task from its start until it ends, or is dropped with its runtime.
struct Running {
    names: Arc<Mutex<BTreeMap<&'static str, usize>>>,
    name: &'static str,
}

impl Running {
    fn new(names: &Arc<Mutex<BTreeMap<&'static str, usize>>>, name: &'static str) -> Self {
        *names.lock().unwrap_or_else(PoisonError::into_inner).entry(name).or_default() += 1;
        Self { names: names.clone(), name }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = names.get_mut(self.name) {
            *count -= 1;
            if *count == 0 {
                names.remove(self.name);
            }
        }
    }
}

fn panic_message(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&'static str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}

#[cfg(test)]
mod tests {
    use kit_values::Class;

    use super::*;

    fn broken() -> Fault {
        Fault::new(Class::Internal, "broken", "It broke.")
    }

    #[tokio::test]
    async fn a_task_that_ends_with_an_error_is_a_death() {
        let tasks = Tasks::new(CancellationToken::new());
        tasks.spawn("fine", async { Ok(()) });
        tasks.spawn("endless", std::future::pending());
        tasks.spawn("broken", async { Err(broken()) });
        tasks.death().await;
        assert_eq!(tasks.dead(), Some("broken"));
        assert_eq!(tasks.running().get("endless"), Some(&1));
        assert_eq!(tasks.running().get("fine"), None);
    }

    #[tokio::test]
    async fn a_task_that_panics_is_a_death() {
        let tasks = Tasks::new(CancellationToken::new());
        tasks.spawn("panics", async { panic!("on purpose") });
        tasks.death().await;
        assert_eq!(tasks.dead(), Some("panics"));
    }

    #[tokio::test]
    async fn an_error_after_the_stop_is_no_death() {
        let stop = CancellationToken::new();
        let tasks = Tasks::new(stop.clone());
        let stopped = stop.clone();
        tasks.spawn("late", async move {
            stopped.cancelled().await;
            Err(broken())
        });
        stop.cancel();
        tasks.drained().await;
        assert_eq!(tasks.dead(), None);
    }

    #[tokio::test]
    async fn blocking_work_gives_its_result_and_its_panic_is_a_fault() {
        let tasks = Tasks::new(CancellationToken::new());
        assert_eq!(tasks.blocking("adds", || 1 + 1).await.expect("adds"), 2);
        let fault = tasks.blocking("panics", || panic!("on purpose")).await.expect_err("panicked");
        assert_eq!(fault.class(), Class::Internal);
        assert_eq!(tasks.dead(), None);
    }
}
