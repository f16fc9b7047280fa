//! Durable readers: events of one stream, applied in batches, each exactly once in effect.
//!
//! A batch is one transaction: locks, inbox, the service's own statements, commit; then the
//! acknowledgements. What cannot be read is parked before the transaction. A failure of the
//! surroundings backs off and counts nothing; a failure of an event bisects the batch until that
//! event stands alone, whose attempts PostgreSQL counts and which is parked after
//! [`verdict::ATTEMPTS`]. One that refers to something not yet known waits aside, acknowledged and
//! not admitted, and is offered again until that is there.
//!
//! Deliberately absent: order (nothing may rely on it), and giving up.

mod aside;
mod batch;
mod bisect;
mod event;
mod park;
mod plan;
mod replay;
mod verdict;

use std::time::Duration;

use async_nats::jetstream;
use kit_store::{Store, inbox};
use kit_values::{Class, Fault};
use tokio::sync::Notify;
use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub use aside::WAITS_FOR;
pub use bisect::{Work, halves};
pub(crate) use event::message_id;
pub use event::{Apply, Arrival, Decoded, Delivery, Unreadable};
pub(crate) use plan::ensure;
pub use plan::{Pacing, Plan};
pub use replay::replay;
pub use verdict::{ATTEMPTS, CONFLICTS, Verdict, back_off, verdict};

use crate::bus::Bus;
use crate::pull::{Ended, Pace, Pull};

/// How often the inbox is pruned.
const PRUNE_EVERY: Duration = Duration::from_mins(10);

/// Rows of the inbox deleted in one statement.
const PRUNE_LIMIT: i64 = 5_000;

/// Reads one stream for one purpose. Several processes may run the same reader.
pub struct Reader<A> {
    store: Store,
    bus: Bus,
    plan: Plan,
    pacing: Pacing,
    apply: A,
    /// Rung when an event was put aside.
    aside: Notify,
}

/// How a session with the broker ended.
enum Session {
    /// It was asked to stop.
    Stopped,
    /// The pull loop ended; another is made at once.
    Ended(Ended),
    /// The stream began a new life, or the consumer is gone.
    NewLife,
}

impl<A: Apply> Reader<A> {
    /// A reader that keeps its inbox in `store`.
    pub fn new(store: Store, bus: Bus, plan: Plan, apply: A) -> Self {
        Self { store, bus, plan, pacing: Pacing::default(), apply, aside: Notify::new() }
    }

    /// The same with other times.
    #[must_use]
    pub fn paced(mut self, pacing: Pacing) -> Self {
        self.pacing = pacing;
        self
    }

    /// Reads until `stop`. Broker and database may come and go.
    ///
    /// # Errors
    /// Only what waiting cannot mend: `Rejected` `broker_too_old`.
    pub async fn run(self, stop: CancellationToken) -> Result<(), Fault> {
        self.replay_unknown(&stop).await;
        let aside = async {
            self.offer_again(&stop).await;
            // The deliveries in hand decide when the reader ends.
            std::future::pending().await
        };
        tokio::select! {
            outcome = self.read_on(&stop) => outcome,
            outcome = aside => outcome,
        }
    }

    async fn read_on(&self, stop: &CancellationToken) -> Result<(), Fault> {
        let mut failures = 0;
        loop {
            match self.session(stop).await {
                Ok(Session::Stopped) => return Ok(()),
                Ok(Session::Ended(ended)) => {
                    failures = 0;
                    self.recreated(&ended);
                    if ended == Ended::Silent {
                        self.bus.revive().await;
                    }
                }
                Ok(Session::NewLife) => failures = 0,
                Err(fault) if fault.class() == Class::Rejected => return Err(fault),
                Err(fault) => {
                    failures += 1;
                    tracing::info!(
                        reader = %self.plan.durable, %fault, failures,
                        "the reader cannot read yet"
                    );
                    self.bus.revive().await;
                }
            }
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                () = tokio::time::sleep(back_off(failures) / 2) => {}
            }
        }
    }

    async fn session(&self, stop: &CancellationToken) -> Result<Session, Fault> {
        let opening = async {
            self.bus.ready().await?;
            let (incarnation, consumer) = ensure(&self.bus, &self.plan, &self.pacing).await?;
            let pull = Pull::open(&self.bus, consumer, self.pace()).await?;
            Ok::<_, Fault>((incarnation, pull))
        };
        let (incarnation, mut pull) = tokio::select! {
            () = stop.cancelled() => return Ok(Session::Stopped),
            opened = opening => opened?,
        };
        tracing::debug!(reader = %self.plan.durable, stream = self.plan.stream, "reading");
        let mut check = tokio::time::interval_at(
            Instant::now() + self.pacing.check_every,
            self.pacing.check_every,
        );
        check.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut prune_due = Instant::now() + PRUNE_EVERY;
        loop {
            let first = tokio::select! {
                biased;
                () = stop.cancelled() => return Ok(Session::Stopped),
                _ = check.tick() => {
                    self.prune(&mut prune_due).await;
                    if !self.is_in_place(incarnation).await? {
                        return Ok(Session::NewLife);
                    }
                    continue;
                }
                message = pull.next() => match message {
                    Ok(message) => message,
                    Err(ended) => return Ok(Session::Ended(ended)),
                },
            };
            let messages = pull.gather(first, self.pacing.linger).await;
            if !self.work_through(messages, stop).await? {
                return Ok(Session::Stopped);
            }
        }
    }

    /// Forgets what was admitted so long ago that no outbox has it any more.
    async fn prune(&self, due: &mut Instant) {
        if Instant::now() < *due {
            return;
        }
        match inbox::prune(&self.store, inbox::KEPT_FOR, PRUNE_LIMIT).await {
            // A full page: there is more, taken at the next look.
            Ok(pruned) if i64::try_from(pruned).is_ok_and(|pruned| pruned >= PRUNE_LIMIT) => {}
            Ok(_) => *due = Instant::now() + PRUNE_EVERY,
            Err(fault) => {
                tracing::info!(reader = %self.plan.durable, %fault, "the inbox could not be pruned yet");
            }
        }
    }

    /// Whether the stream is still in this life and the consumer still there; tells the lag, as
    /// the consumer's leader knows it (a follower's figures are stale).
    async fn is_in_place(&self, incarnation: Uuid) -> Result<bool, Fault> {
        if self.bus.incarnation(self.plan.stream).await? != incarnation {
            return Ok(false);
        }
        let Some(state) = self.bus.reader_state(self.plan.stream, &self.plan.durable).await? else {
            return Ok(false);
        };
        let lag = state.pending.saturating_add(state.unacknowledged);
        metrics::gauge!("bus_reader_lag_events", "reader" => self.plan.durable.clone())
            .set(f64::from(u32::try_from(lag).unwrap_or(u32::MAX)));
        Ok(state.incarnation == Some(incarnation))
    }

    fn pace(&self) -> Pace {
        Pace {
            batch: self.plan.batch.max(1),
            expires: self.pacing.expires,
            heartbeat: self.pacing.heartbeat,
        }
    }

    fn recreated(&self, ended: &Ended) {
        let reason = match ended {
            Ended::Silent => "silent",
            Ended::Reconnected => "reconnected",
            Ended::Refused(_) => "refused",
        };
        metrics::counter!(
            "bus_reader_recreated_total",
            "reader" => self.plan.durable.clone(), "reason" => reason
        )
        .increment(1);
        tracing::warn!(reader = %self.plan.durable, reason, ?ended, "the pull loop is made anew");
    }
}

/// Tells the server that these are still being worked on, so that it does not deliver them again.
async fn still_working(messages: &[jetstream::Message]) {
    for message in messages {
        // A lost word costs a redelivery, which the inbox drops.
        let _ = message.ack_with(jetstream::AckKind::Progress).await;
    }
}

/// Waits for `wait`, telling the server twice in `ack_wait` that `messages` are still in hand.
/// False when it was asked to stop.
async fn wait_with(
    messages: &[jetstream::Message],
    wait: Duration,
    ack_wait: Duration,
    stop: &CancellationToken,
) -> bool {
    let until = Instant::now() + wait;
    loop {
        still_working(messages).await;
        let pause = until.min(Instant::now() + ack_wait / 3);
        tokio::select! {
            () = stop.cancelled() => return false,
            () = tokio::time::sleep_until(pause) => {}
        }
        if pause == until {
            return true;
        }
    }
}
