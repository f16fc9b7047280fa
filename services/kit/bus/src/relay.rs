//! The relay: an outbox's events to its stream, and the confirmed floor back.
//!
//! One relay of a service works at a time (an advisory lock for each round), so what it reads of
//! the outbox and of the stream belongs together. Any number may stand by.
//!
//! Deliberately absent: trust in the stream. On every connection it is compared with what was
//! recorded before anything is published, and every few seconds with what its readers confirmed.

mod compare;
mod confirm;
mod publish;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use kit_store::outbox::relay as outbox;
use kit_store::{Scope, Store, Transaction, lock_key};
use kit_values::{Class, EventId, Fault, mint_uuid};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub use compare::{Comparison, Difference, Recorded, Settlement, compare, settle};
pub use confirm::{Confirmation, ReaderState, confirm};

use self::publish::{Answers, Outgoing};
use crate::bus::Bus;
use crate::reader::back_off;
use crate::stream::{StreamPlan, StreamState, away};

/// A relay's times and sizes. The defaults are for production; tests shorten them.
#[derive(Debug, Clone, Copy)]
pub struct Pacing {
    /// Most events of one lane in one round.
    pub per_lane: i64,
    /// How long to sleep when nothing is pending and nobody rings: rows of a process that died
    /// between commit and publish are found only by looking.
    pub idle: Duration,
    /// How often the floor is settled.
    pub floor_every: Duration,
    /// How long confirmed rows are kept before they are deleted.
    pub kept_for: Duration,
}

impl Default for Pacing {
    fn default() -> Self {
        Self {
            per_lane: 64,
            idle: Duration::from_millis(250),
            floor_every: Duration::from_secs(3),
            kept_for: Duration::from_hours(1),
        }
    }
}

/// How often confirmed rows are deleted.
const PRUNE_EVERY: Duration = Duration::from_mins(1);

/// Rows deleted in one statement.
const PRUNE_LIMIT: i64 = 2_000;

/// Publishes one service's outbox.
pub struct Relay {
    store: Store,
    bus: Bus,
    plan: StreamPlan,
    pacing: Pacing,
    /// The connection on which the stream was compared, and which life it was in.
    compared: Option<(u64, Uuid)>,
    floor_due: Instant,
    prune_due: Instant,
    /// Events told to be too large; they stay pending.
    oversized: HashSet<EventId>,
}

/// What to record, what the stream lost and where, and how many had no answer.
type Offered = (Vec<(EventId, i64)>, Vec<(EventId, u64)>, usize);

/// What a round did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Round {
    /// Something was published; there may be more.
    Published,
    /// Nothing could be: wait for a commit.
    Idle,
    /// The stream is not what was recorded: compare again first.
    Suspect,
}

impl Relay {
    /// A relay on the outbox that `store`, a pool of the relay's own role, sees.
    #[must_use]
    pub fn new(store: Store, bus: Bus, plan: StreamPlan) -> Self {
        let now = Instant::now();
        Self {
            store,
            bus,
            plan,
            pacing: Pacing::default(),
            compared: None,
            floor_due: now,
            prune_due: now + PRUNE_EVERY,
            oversized: HashSet::new(),
        }
    }

    /// The same with other times and sizes.
    #[must_use]
    pub fn paced(mut self, pacing: Pacing) -> Self {
        self.pacing = pacing;
        self
    }

    /// Publishes until `stop`. Broker and database may come and go.
    ///
    /// # Errors
    /// Only what waiting cannot mend: `Rejected` `broker_too_old`, or `broker_not_clustered` when
    /// more replicas are asked for than a single server has.
    pub async fn run(mut self, stop: CancellationToken) -> Result<(), Fault> {
        let mut failures = 0;
        while !stop.is_cancelled() {
            match self.step(&stop).await {
                Ok(()) => failures = 0,
                Err(fault) if fault.class() == Class::Rejected => return Err(fault),
                Err(fault) => {
                    failures += 1;
                    // What was being done is not known to have happened.
                    self.compared = None;
                    if fault.class().is_infrastructure() || fault.class() == Class::Conflict {
                        tracing::info!(stream = self.plan.name, %fault, failures, "the relay waits");
                    } else {
                        tracing::error!(
                            stream = self.plan.name, %fault, failures,
                            cause = ?std::error::Error::source(&fault).map(ToString::to_string),
                            "the relay failed and tries again"
                        );
                    }
                    self.bus.revive().await;
                    tokio::select! {
                        () = stop.cancelled() => {}
                        () = tokio::time::sleep(back_off(failures)) => {}
                    }
                }
            }
        }
        Ok(())
    }

    async fn step(&mut self, stop: &CancellationToken) -> Result<(), Fault> {
        self.bus.ready().await?;
        let connection = self.bus.connection();
        let life = match self.compared {
            Some((compared, life)) if compared == connection => life,
            _ => {
                let life = self.reconcile().await?;
                self.compared = Some((connection, life));
                life
            }
        };
        if Instant::now() >= self.floor_due {
            self.floor_due = Instant::now() + self.pacing.floor_every;
            if !self.settle_floor(life).await? {
                self.compared = None;
                return Ok(());
            }
        }
        self.prune().await?;
        match self.round(connection, life).await? {
            Round::Published => {}
            Round::Suspect => self.compared = None,
            Round::Idle => {
                let longest =
                    self.pacing.idle.min(self.floor_due.saturating_duration_since(Instant::now()));
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = outbox::woken(&self.store, longest) => {}
                }
            }
        }
        Ok(())
    }

    /// A transaction that no other relay of this service overlaps.
    async fn alone(&self) -> Result<Transaction, Fault> {
        let transaction = self.store.begin(&Scope::Unscoped).await?;
        transaction.lock(&[lock_key(&["relay", self.plan.name])]).await?;
        Ok(transaction)
    }

    /// Makes the stream, compares it with what was recorded, and gives the life that both are in
    /// afterwards. Everything above the floor that the stream may have lost is pending again.
    async fn reconcile(&self) -> Result<Uuid, Fault> {
        let transaction = self.alone().await?;
        let state = self.bus.ensure_stream(&self.plan, mint_uuid()).await?;
        let position = outbox::position(&transaction).await?;
        let recorded = position.map(|position| Recorded {
            incarnation: position.incarnation,
            highest: position.last.map(|(sequence, event)| (unsigned(sequence), event)),
        });
        let at_highest = match recorded.and_then(|recorded| recorded.highest) {
            Some((sequence, _)) if state.holds(sequence) => self.id_at(sequence).await?,
            _ => None,
        };
        let life = match compare(recorded.as_ref(), &state, at_highest) {
            Comparison::Same => {
                let life = state.incarnation.unwrap_or_default();
                transaction.commit().await?;
                return Ok(life);
            }
            Comparison::AnotherLife(life) => life,
            Comparison::Forged(difference) => {
                // Told to the readers through the stream, before the outbox relies on it.
                let life = mint_uuid();
                self.bus.write_stream(&self.plan, life).await?;
                tracing::error!(
                    stream = self.plan.name, ?difference, incarnation = %life,
                    "the stream does not hold what was published to it; all that is not confirmed is published again"
                );
                life
            }
        };
        let again = outbox::open(&transaction, life).await?;
        transaction.commit().await?;
        if recorded.is_some() {
            tracing::warn!(stream = self.plan.name, incarnation = %life, again, "the stream is in a new life");
            self.count_again("new_life", again);
        } else {
            tracing::info!(stream = self.plan.name, incarnation = %life, "the stream is in its first life");
        }
        Ok(life)
    }

    async fn id_at(&self, sequence: u64) -> Result<Option<EventId>, Fault> {
        let stream = self
            .bus
            .context()
            .get_stream_no_info(self.plan.name)
            .await
            .map_err(|error| away("stream_unreachable", error))?;
        match stream.get_raw_message(sequence).await {
            Ok(message) => Ok(crate::reader::message_id(Some(&message.headers))),
            Err(error)
                if matches!(
                    error.kind(),
                    async_nats::jetstream::stream::RawMessageErrorKind::NoMessageFound
                ) =>
            {
                Ok(None)
            }
            Err(error) => Err(away("stream_unreachable", error)),
        }
    }

    async fn round(&mut self, connection: u64, life: Uuid) -> Result<Round, Fault> {
        let transaction = self.alone().await?;
        let Some(position) =
            outbox::position(&transaction).await?.filter(|position| position.incarnation == life)
        else {
            return Ok(Round::Suspect);
        };
        let pending = outbox::claim(&transaction, self.pacing.per_lane).await?;
        if pending.is_empty() {
            transaction.rollback().await?;
            return Ok(Round::Idle);
        }
        let outgoing: Vec<Outgoing> =
            pending.into_iter().map(|message| Outgoing { message, lost_at: None }).collect();
        let Some((mut recorded, lost, mut unanswered)) = self.offer(&outgoing, &position).await?
        else {
            return Ok(Round::Suspect);
        };
        if !lost.is_empty() {
            let lost_at: HashMap<EventId, u64> = lost.into_iter().collect();
            let outgoing: Vec<Outgoing> = outgoing
                .into_iter()
                .filter_map(|each| {
                    let lost_at = *lost_at.get(&each.message.event)?;
                    Some(Outgoing { lost_at: Some(lost_at), ..each })
                })
                .collect();
            // What is lost even so stays pending; the stream forgets ids in time.
            let Some((more, _, silent)) = self.offer(&outgoing, &position).await? else {
                return Ok(Round::Suspect);
            };
            recorded.extend(more);
            unanswered += silent;
        }
        fail::fail_point!("relay-after-publish", |_| Err(Fault::new(
            Class::Unavailable,
            "fail_point",
            "Stopped between publish and mark."
        )));
        // A connection that changed on the way may have led to a stream that lost everything.
        if self.bus.connection() != connection {
            return Ok(Round::Suspect);
        }
        outbox::published(&transaction, life, &recorded).await?;
        transaction.commit().await?;
        metrics::counter!("bus_relay_published_total", "stream" => self.plan.name)
            .increment(u64::try_from(recorded.len()).unwrap_or(u64::MAX));
        if unanswered > 0 {
            return Err(Fault::new(
                Class::Unavailable,
                "not_acknowledged",
                format!("{unanswered} events were not acknowledged by the message broker."),
            ));
        }
        Ok(if recorded.is_empty() { Round::Idle } else { Round::Published })
    }

    /// Publishes and judges the answers: what to record, what the stream knows but has lost, and
    /// how many had no answer. `None` when an answer makes the stream suspect.
    async fn offer(
        &mut self,
        outgoing: &[Outgoing],
        position: &outbox::Position,
    ) -> Result<Option<Offered>, Fault> {
        let Answers { acknowledged, unanswered, oversized } =
            publish::publish(&self.bus, self.plan.name, outgoing).await;
        for event in oversized {
            if self.oversized.insert(event) {
                tracing::error!(
                    stream = self.plan.name, %event,
                    "an event is larger than the message broker takes: raise its max_payload"
                );
            }
        }
        // Looked at only when the stream says that it has something already.
        let state = if acknowledged.iter().any(|answer| answer.duplicate) {
            self.bus.stream_state(self.plan.name).await?
        } else {
            None
        };
        let floor = unsigned(position.floor);
        let highest = position.last.map_or(0, |(sequence, _)| unsigned(sequence));
        let (mut recorded, mut lost) = (Vec::with_capacity(acknowledged.len()), Vec::new());
        for answer in acknowledged {
            let held = state.as_ref().is_some_and(|state| state.holds(answer.sequence));
            match settle(answer.sequence, answer.duplicate, held, floor, highest) {
                Settlement::Record => recorded.push((answer.event, signed(answer.sequence))),
                Settlement::Again => lost.push((answer.event, answer.sequence)),
                Settlement::Suspect => return Ok(None),
            }
        }
        Ok(Some((recorded, lost, unanswered)))
    }

    /// Raises the floor, after what the stream lost is pending again. False when the stream is in
    /// another life than `life`.
    async fn settle_floor(&self, life: Uuid) -> Result<bool, Fault> {
        // Held all the while: nothing is published between the looks.
        let transaction = self.alone().await?;
        let Some(position) =
            outbox::position(&transaction).await?.filter(|position| position.incarnation == life)
        else {
            return Ok(false);
        };
        let before = self.bus.stream_state(self.plan.name).await?;
        let mut readers = Vec::with_capacity(self.plan.readers.len());
        for reader in &self.plan.readers {
            readers.push(self.bus.reader_state(self.plan.name, reader).await?);
        }
        let after = self.bus.stream_state(self.plan.name).await?;
        let in_this_life = |state: &StreamState| state.incarnation == Some(life);
        let (Some(before), Some(after)) = (before.filter(in_this_life), after.filter(in_this_life))
        else {
            return Ok(false);
        };
        let confirmed = confirm(unsigned(position.floor), &before, &readers, &after);
        let mut again =
            outbox::repend_outside(&transaction, signed(confirmed.first), signed(confirmed.last))
                .await?;
        let holes: Vec<i64> = confirmed.holes.iter().copied().map(signed).collect();
        if !holes.is_empty() {
            again += outbox::repend(&transaction, &holes).await?;
        }
        outbox::confirm(&transaction, life, signed(confirmed.floor)).await?;
        let backlog = outbox::backlog(&transaction).await?;
        transaction.commit().await?;
        if again > 0 {
            tracing::warn!(
                stream = self.plan.name,
                again,
                "the stream lost events that not every reader had; they are published again"
            );
            self.count_again("lost", again);
        }
        let lag = after.last.saturating_sub(confirmed.floor);
        gauge("bus_relay_unconfirmed", self.plan.name, lag);
        gauge("bus_outbox_pending", self.plan.name, unsigned(backlog.pending));
        metrics::gauge!("bus_outbox_oldest_seconds", "stream" => self.plan.name)
            .set(backlog.oldest.unwrap_or_default().as_secs_f64());
        Ok(true)
    }

    async fn prune(&mut self) -> Result<(), Fault> {
        if Instant::now() < self.prune_due {
            return Ok(());
        }
        let pruned = outbox::prune(&self.store, self.pacing.kept_for, PRUNE_LIMIT).await?;
        // A full page: there is more.
        if signed(pruned) < PRUNE_LIMIT {
            self.prune_due = Instant::now() + PRUNE_EVERY;
        }
        Ok(())
    }

    fn count_again(&self, reason: &'static str, events: u64) {
        metrics::counter!(
            "bus_relay_published_again_total", "stream" => self.plan.name, "reason" => reason
        )
        .increment(events);
    }
}

fn gauge(name: &'static str, stream: &'static str, value: u64) {
    metrics::gauge!(name, "stream" => stream)
        .set(f64::from(u32::try_from(value).unwrap_or(u32::MAX)));
}

/// PostgreSQL has no unsigned type; a stream's sequences stay far below the sign.
fn signed(sequence: u64) -> i64 {
    i64::try_from(sequence).unwrap_or(i64::MAX)
}

fn unsigned(sequence: i64) -> u64 {
    u64::try_from(sequence).unwrap_or(0)
}
