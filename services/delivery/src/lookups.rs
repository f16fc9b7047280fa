//! Workers that ask networks who wrote a message: few, apart from those that send, with what
//! replies leave of the limits.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use kit_service::Tasks;
use kit_service::telemetry::set_parent;
use kit_store::{Scope, Store};
use kit_values::{Class, Fault};
use networks::Network;
use networks::outbound;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, watch};
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use crate::app::{self, Answered, Looking, Share};
use crate::directory::Directory;
use crate::domain::words::ChannelId;
use crate::http::{Caller, Reached};
use crate::{calls, metrics};

/// Questions under way at once, for each network, and for one account.
const AT_ONCE: usize = 4;
const AT_ONCE_PER_ACCOUNT: usize = 2;

/// How long a question may take, and for how long it is one worker's own.
pub const TIMEOUT: Duration = Duration::from_secs(10);
const LEASE: Duration = Duration::from_secs(30);

/// How long workers sleep that found nothing to do, and how soon after a ring they look: the ring
/// comes just before the commit.
const LOOK: Duration = Duration::from_secs(1);
const SOON: Duration = Duration::from_millis(50);

/// Asks one network.
#[derive(Debug)]
pub struct Lookups {
    /// Which.
    pub network: Network,
    /// The tables.
    pub store: Store,
    /// Tells tokens.
    pub directory: Directory,
    /// Calls networks, with [`TIMEOUT`].
    pub caller: Caller,
    /// Rung when something is wanted.
    pub wake: watch::Sender<()>,
    /// Where its workers run.
    pub tasks: Tasks,
}

/// What is under way.
#[derive(Debug, Default)]
struct UnderWay {
    accounts: Mutex<BTreeMap<ChannelId, usize>>,
    /// Rung when a worker is free again.
    free: Notify,
}

impl UnderWay {
    fn change(&self, account: ChannelId, change: impl FnOnce(usize) -> usize) {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = accounts.entry(account).or_default();
        *count = change(*count);
        accounts.retain(|_, count| *count > 0);
    }

    fn busy(&self) -> Vec<ChannelId> {
        let accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let busy = accounts.iter().filter(|(_, count)| **count >= AT_ONCE_PER_ACCOUNT);
        busy.map(|(account, _)| *account).collect()
    }
}

impl Lookups {
    /// Takes and asks until `stop`; what is being asked is finished.
    ///
    /// # Errors
    /// None: a database that is away is waited for.
    pub async fn run(self, stop: CancellationToken) -> Result<(), Fault> {
        let lookups = Arc::new(self);
        let slots = Arc::new(Semaphore::new(AT_ONCE));
        let under_way = Arc::new(UnderWay::default());
        let mut wake = lookups.wake.subscribe();
        while !stop.is_cancelled() {
            match lookups.take(&slots, &under_way).await {
                Ok(0) => {}
                Ok(_) => continue,
                Err(fault) => {
                    tracing::debug!(code = fault.code(), "who wrote what cannot be asked yet");
                }
            }
            tokio::select! {
                () = stop.cancelled() => {}
                Ok(()) = wake.changed() => tokio::time::sleep(SOON).await,
                () = under_way.free.notified() => {}
                () = tokio::time::sleep(LOOK) => {}
            }
        }
        Ok(())
    }

    /// Takes as much as there are free workers for; gives how much was looked at.
    async fn take(
        self: &Arc<Self>,
        slots: &Arc<Semaphore>,
        under_way: &Arc<UnderWay>,
    ) -> Result<usize, Fault> {
        let free = slots.available_permits();
        if free == 0 {
            return Ok(0);
        }
        let share = Share { slots: free, busy: under_way.busy(), lease: LEASE };
        let network = self.network;
        let (begun, looked_at) = self
            .store
            .transaction_retrying(&Scope::Unscoped, async |transaction| {
                app::begin_lookups(transaction, network, &share).await
            })
            .await?;
        for looking in begun {
            let Ok(permit) = Arc::clone(slots).try_acquire_owned() else { break };
            under_way.change(looking.account.channel, |count| count + 1);
            let work = Arc::clone(self).work(looking, permit, Arc::clone(under_way));
            self.tasks.spawn("delivery-lookup", work);
        }
        Ok(looked_at)
    }

    async fn work(
        self: Arc<Self>,
        looking: Looking,
        permit: OwnedSemaphorePermit,
        under_way: Arc<UnderWay>,
    ) -> Result<(), Fault> {
        let span = tracing::info_span!(
            "ask network",
            otel.kind = "client",
            network = self.network.as_str(),
            call = looking.call.as_str(),
            item = %looking.lookup.key.item,
            http.response.status_code = tracing::field::Empty,
        );
        if let Some(trace) = &looking.lookup.trace {
            set_parent(&span, trace);
        }
        if let Err(fault) = self.ask(&looking).instrument(span).await {
            // It is asked again when its lease is over.
            tracing::info!(code = fault.code(), "what a network said of a person was not kept");
        }
        drop(permit);
        under_way.change(looking.account.channel, |count| count.saturating_sub(1));
        under_way.free.notify_one();
        Ok(())
    }

    async fn ask(&self, looking: &Looking) -> Result<(), Fault> {
        let answered = self.answer(looking).await;
        let organization = looking.lookup.key.organization;
        self.store
            .transaction_retrying(&organization.into(), async |transaction| {
                app::settle_lookup(transaction, looking, &answered).await
            })
            .await
    }

    async fn answer(&self, looking: &Looking) -> Answered {
        let Looking { lookup, account, call } = looking;
        let credentials = self.directory.credentials(lookup.key.organization, account).await;
        let credentials = match credentials {
            Ok(credentials) => credentials,
            Err(fault) if matches!(fault.class(), Class::Rejected | Class::NotFound) => {
                return calls::no_author(account, call, kit_values::now());
            }
            Err(_) => return calls::unasked_author(),
        };
        let caller = calls::caller(account, &credentials);
        let request = outbound::request(&caller, call);
        // The networks themselves have no business with our traces.
        let trace = if account.simulated { lookup.trace.as_deref() } else { None };
        let began = Instant::now();
        let reached = self.caller.call(&request, trace).await;
        metrics::called(account.network, call.as_str(), began.elapsed());
        match reached {
            Reached::Answered { status, headers, body } => {
                tracing::Span::current().record("http.response.status_code", status);
                let answer = (status, &headers, body.as_slice());
                calls::read_author(account, &caller, call, answer, kit_values::now())
            }
            Reached::Lost { .. } | Reached::Crashed => {
                calls::lost_author(account, call, kit_values::now())
            }
        }
    }
}
