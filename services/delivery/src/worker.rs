//! Workers: one pool for each network, which takes what may be made and makes it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use kit_service::telemetry::{set_parent, trace_context};
use kit_service::{Runtime, Tasks};
use kit_store::{Scope, Store};
use kit_values::{Class, Fault};
use networks::Network;
use networks::outbound::{self, Call, Headers};
use time::OffsetDateTime;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, watch};
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use crate::app::{self, Begun, Pace, Seen};
use crate::calls;
use crate::config::Sending;
use crate::directory::Directory;
use crate::domain::attempt::{State, Verdict};
use crate::domain::letter::{Account, Entry};
use crate::http::{Caller, Reached};
use crate::{metrics, sabotage};

/// How long a pool sleeps that found nothing to do: another process may have queued something.
const LOOK: Duration = Duration::from_millis(500);

/// How soon after a ring it looks, one look after the other, in milliseconds: the ring comes just
/// before the commit.
const SOON: [u64; 9] = [1, 2, 3, 4, 6, 8, 12, 20, 40];

/// How long an attempt is put aside whose token cannot be had because directory is away.
const DIRECTORY_PAUSE: Duration = Duration::from_secs(2);

/// First and longest pause between two tries to write down what only this process knows, and how long it is
/// when the database refuses it for another reason than being away or busy.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
const REFUSED_PAUSE: Duration = Duration::from_secs(30);

/// What every worker of a process shares.
#[derive(Debug)]
pub struct Shared {
    /// The tables.
    pub store: Store,
    /// Tells tokens.
    pub directory: Directory,
    /// Calls networks.
    pub caller: Caller,
    /// How calls are made.
    pub sending: Sending,
    /// Rung when something was queued.
    pub wake: watch::Sender<()>,
}

/// The workers of one network.
#[derive(Debug)]
pub struct Pool {
    network: Network,
    shared: Arc<Shared>,
    slots: Arc<Semaphore>,
    /// Rung when a worker is free again.
    free: Arc<Notify>,
    tasks: Tasks,
}

impl Pool {
    /// A pool that runs its workers among the process's tasks.
    #[must_use]
    pub fn new(network: Network, shared: Arc<Shared>, runtime: &Runtime) -> Self {
        let slots = Arc::new(Semaphore::new(shared.sending.at_once));
        let tasks = runtime.tasks.clone();
        Self { network, shared, slots, free: Arc::new(Notify::new()), tasks }
    }

    /// Takes and makes until `stop`; what is being made is finished.
    ///
    /// # Errors
    /// None: a database that is away is waited for.
    pub async fn run(self, stop: CancellationToken) -> Result<(), Fault> {
        let mut away = false;
        let mut soon = SOON.len();
        let mut wake = self.shared.wake.subscribe();
        while !stop.is_cancelled() {
            let pause = match self.take().await {
                Ok(0) => {
                    away = false;
                    let pause = SOON.get(soon).copied().map_or(LOOK, Duration::from_millis);
                    soon = (soon + 1).min(SOON.len());
                    pause
                }
                Ok(_) => {
                    away = false;
                    continue;
                }
                Err(fault) => {
                    if !away {
                        let network = self.network.as_str();
                        tracing::warn!(
                            network,
                            code = fault.code(),
                            "sending waits for the database"
                        );
                    }
                    away = true;
                    LOOK
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                Ok(()) = wake.changed() => soon = 0,
                () = self.free.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
        Ok(())
    }

    /// Takes as much as there are free workers for; gives how much was looked at.
    async fn take(&self) -> Result<usize, Fault> {
        let slots = self.slots.available_permits();
        if slots == 0 {
            return Ok(0);
        }
        let Sending { at_once_per_account, .. } = self.shared.sending;
        let lease = self.shared.sending.lease();
        let pace = Pace { slots, per_account: at_once_per_account, lease };
        let network = self.network;
        // Before the lease is written: by this clock it ends no later than by the database's.
        let since = Instant::now();
        let (begun, looked_at) = self
            .shared
            .store
            .transaction_retrying(&Scope::Unscoped, async move |transaction| {
                app::begin(transaction, network, pace).await
            })
            .await?;
        for begun in begun {
            let Ok(permit) = Arc::clone(&self.slots).try_acquire_owned() else { break };
            let worker = Worker { shared: Arc::clone(&self.shared), begun, since };
            self.tasks.spawn("delivery-send", worker.run(permit, Arc::clone(&self.free)));
        }
        Ok(looked_at)
    }
}

/// Makes one attempt.
struct Worker {
    shared: Arc<Shared>,
    begun: Begun,
    /// When the lease began, at the latest.
    since: Instant,
}

impl Worker {
    async fn run(self, permit: OwnedSemaphorePermit, free: Arc<Notify>) -> Result<(), Fault> {
        let span = tracing::info_span!(
            "call network",
            otel.kind = "client",
            network = self.begun.account.network.as_str(),
            call = self.begun.call.as_str(),
            message = %self.begun.key.message,
            attempt = self.begun.key.attempt,
            http.response.status_code = tracing::field::Empty,
        );
        if let Some(trace) = &self.begun.trace {
            set_parent(&span, trace);
        }
        let key = self.begun.key;
        if let Err(fault) = self.make().instrument(span).await {
            // Its lease will end, and then it is told by the rules.
            tracing::warn!(message = %key.message, code = fault.code(), "an attempt was left to its lease");
        }
        drop(permit);
        free.notify_one();
        Ok(())
    }

    /// The trace that goes on in the call.
    fn trace(&self) -> Option<String> {
        trace_context().or_else(|| self.begun.trace.clone())
    }

    /// Whether a call that is begun now has an end within the lease, by a clock that nobody sets.
    fn is_in_time(&self) -> bool {
        let Sending { timeout_ms, lease_ms, .. } = self.shared.sending;
        self.since.elapsed() <= Duration::from_millis(lease_ms.saturating_sub(timeout_ms))
    }

    async fn make(&self) -> Result<(), Fault> {
        let Begun { key, account, call, .. } = &self.begun;
        if sabotage::fails_before_first_byte() {
            return Ok(());
        }
        let credentials = match self.shared.directory.credentials(key.organization, account).await {
            Ok(credentials) => credentials,
            // It has no token: connecting it again is all that helps, as with one that is refused.
            Err(fault) if matches!(fault.class(), Class::Rejected | Class::NotFound) => {
                self.settle(calls::no_token()).await?;
                self.shared.directory.report(key.organization, account, false).await;
                return Ok(());
            }
            Err(fault) => {
                tracing::info!(code = fault.code(), "a token cannot be had yet");
                return self.release(DIRECTORY_PAUSE).await;
            }
        };
        let caller = calls::caller(account, &credentials);
        let request = outbound::request(&caller, call);
        if !self.is_in_time() {
            return self.release(Duration::ZERO).await;
        }
        if !self.announce().await {
            // Perhaps it was written down, and only this worker knows that nothing has left.
            return self.release(Duration::ZERO).await;
        }
        // The last look before the first byte.
        if !self.is_in_time() {
            return self.release(Duration::ZERO).await;
        }
        // The networks themselves have no business with our traces.
        let trace = if account.simulated { self.trace() } else { None };
        let Some(mut seen) = self.call(&caller, &request, trace.as_deref(), calls::read).await
        else {
            return Ok(());
        };
        if matches!(seen.verdict, Verdict::Sent(_))
            && let Some(question) = outbound::confirmation(&caller, call)
        {
            if !self.is_in_time() {
                // What is asked for twice is done once.
                return self.settle(calls::lost(account, call, true)).await;
            }
            let trace = trace.as_deref();
            let Some(found) = self.call(&caller, &question, trace, calls::confirmed).await else {
                return Ok(());
            };
            let budgets = std::mem::take(&mut seen.budgets);
            seen = found;
            seen.budgets.extend(budgets);
        }
        if sabotage::fails_before_settle() {
            return Ok(());
        }
        let seen = if sabotage::resends_unknown() { calls::denied(seen) } else { seen };
        let directory = &self.shared.directory;
        let takes_token = match seen.verdict {
            Verdict::TokenRefused => {
                let confirmed_after = self.shared.sending.refusal_confirmed();
                // The attempt waits either way; others are told of it once it is confirmed.
                directory.refused(account, confirmed_after).then_some(false)
            }
            Verdict::Sent(_) => {
                directory.taken(account);
                Some(true)
            }
            // Says nothing of it, or not for sure.
            _ => None,
        };
        self.settle(seen).await?;
        if let Some(takes_token) = takes_token {
            directory.report(key.organization, account, takes_token).await;
        }
        Ok(())
    }

    /// Makes one request and reads what it showed; nothing when this worker is to be gone.
    async fn call(
        &self,
        caller: &outbound::Account,
        request: &outbound::Request,
        trace: Option<&str>,
        read: Reading,
    ) -> Option<Seen> {
        let Begun { account, call, .. } = &self.begun;
        let began = Instant::now();
        let reached = self.shared.caller.call(request, trace).await;
        metrics::called(account.network, call.as_str(), began.elapsed());
        match reached {
            Reached::Crashed => None,
            Reached::Lost { bytes_left, cause } => {
                tracing::info!(bytes_left, cause, "a call of a network had no answer");
                Some(calls::lost(account, call, bytes_left))
            }
            Reached::Answered { status, headers, body } => {
                tracing::Span::current().record("http.response.status_code", status);
                let answer = (status, &headers, body.as_slice());
                Some(read(account, caller, call, answer, kit_values::now()))
            }
        }
    }

    /// Writes down that the first byte is about to leave; false when the attempt is no longer
    /// this worker's own, or its lease has become too short.
    async fn announce(&self) -> bool {
        let mut pause = FIRST_PAUSE;
        while self.is_in_time() {
            let (key, fence, trace) = (self.begun.key, self.begun.fence, self.trace());
            let announced = self
                .shared
                .store
                .transaction_retrying(&key.organization.into(), async move |transaction| {
                    app::announce(transaction, key, fence, trace.as_deref()).await
                })
                .await;
            match announced {
                Ok(true) if sabotage::loses_announcement() => {}
                Ok(true) => return true,
                Ok(false) => break,
                Err(fault) => {
                    tracing::debug!(code = fault.code(), "an attempt cannot be announced yet");
                }
            }
            // Asked again by the same fence, what was written down all the same is found.
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(1));
        }
        tracing::info!(message = %self.begun.key.message, "an attempt was not this worker's own any more");
        false
    }

    /// Lets go of the attempt, of which nothing has left.
    async fn release(&self, pause: Duration) -> Result<(), Fault> {
        let mut patience = Patience::default();
        loop {
            let begun = self.begun.clone();
            let released = self
                .shared
                .store
                .transaction_retrying(&begun.key.organization.into(), async move |transaction| {
                    app::release(transaction, &begun, pause).await
                })
                .await;
            match released {
                Ok(()) => return Ok(()),
                Err(fault) => patience.wait(&self.begun, &fault).await,
            }
        }
    }

    /// Writes down what the call showed.
    async fn settle(&self, seen: Seen) -> Result<(), Fault> {
        let mut patience = Patience::default();
        loop {
            let (begun, seen, trace) = (self.begun.clone(), seen.clone(), self.trace());
            let settled = self
                .shared
                .store
                .transaction_retrying(&begun.key.organization.into(), async move |transaction| {
                    app::settle(transaction, &begun, &seen, trace.as_deref()).await
                })
                .await;
            match settled {
                Ok(outcome) => {
                    if let Some(Ok(entry)) = &outcome {
                        log(entry);
                    }
                    return Ok(());
                }
                Err(fault) => patience.wait(&self.begun, &fault).await,
            }
        }
    }
}

/// Between two tries to write down what only this process knows: they never end but with it.
#[derive(Default)]
struct Patience {
    tries: u32,
    is_told: bool,
}

impl Patience {
    async fn wait(&mut self, begun: &Begun, fault: &Fault) {
        let code = fault.code();
        let passes = fault.class().is_infrastructure() || fault.class() == Class::Conflict;
        let pause = if passes {
            tracing::debug!(code, "what a call showed cannot be kept yet");
            FIRST_PAUSE.saturating_mul(1 << self.tries.min(16)).min(LONGEST_PAUSE)
        } else {
            if !self.is_told {
                tracing::error!(message = %begun.key.message, code, "what a call showed cannot be kept");
            }
            self.is_told = true;
            REFUSED_PAUSE
        };
        self.tries = self.tries.saturating_add(1);
        tokio::time::sleep(pause).await;
    }
}

/// How a complete answer is read.
type Reading =
    fn(&Account, &outbound::Account, &Call, (u16, &Headers, &[u8]), OffsetDateTime) -> Seen;

fn log(entry: &Entry) {
    let message = entry.attempt.key.message;
    match &entry.attempt.state {
        State::Failed(failure) => {
            tracing::info!(%message, code = failure.code, "a network did not take a message");
        }
        State::Unknown(failure) => {
            tracing::info!(%message, code = failure.code, "nobody knows what became of a message");
        }
        state => tracing::debug!(%message, state = state.as_str(), "a call was settled"),
    }
}
