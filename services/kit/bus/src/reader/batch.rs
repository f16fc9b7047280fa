//! One batch: read, park what cannot be read, apply the rest, acknowledge.

use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

use async_nats::jetstream;
use kit_store::{Scope, Store, Transaction, inbox, parked, waiting};
use kit_values::{EventId, Fault, OrganizationId};
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use super::bisect::Work;
use super::event::{Apply, Arrival, Decoded, Delivery, Unreadable, contradiction};
use super::park;
use super::verdict::{ATTEMPTS, Verdict, back_off, verdict};
use super::{Reader, wait_with};
use crate::trace::{ItemSpans, service};

/// An event that could be read, on its way through tries.
pub(super) struct Item<E> {
    pub(super) delivery: Delivery,
    event_id: EventId,
    organization: Option<OrganizationId>,
    keys: Vec<i64>,
    /// Taken by a try; read again for the next.
    event: Option<E>,
}

impl<E> Item<E> {
    pub(super) fn new(delivery: Delivery, decoded: Decoded<E>) -> Self {
        Self {
            delivery,
            event_id: decoded.event_id,
            organization: decoded.organization,
            keys: decoded.keys,
            event: Some(decoded.event),
        }
    }

    pub(super) fn event_id(&self) -> EventId {
        self.event_id
    }

    pub(super) fn organization(&self) -> Option<OrganizationId> {
        self.organization
    }

    /// Whether something may be kept of earlier tries: failed attempts, parked, put aside.
    fn is_known(&self) -> bool {
        self.delivery.deliveries > 1
    }
}

/// What reading made of one delivery.
pub(super) enum Reading<E> {
    Item(Box<Item<E>>),
    Ignored,
    Parked(park::Reason),
}

pub(super) fn read<A: Apply>(apply: &A, delivery: Delivery) -> (Delivery, Reading<A::Event>) {
    let reading = match apply.decode(&delivery) {
        Ok(decoded) => match contradiction(&delivery, &decoded) {
            None => Reading::Item(Box::new(Item::new(delivery.clone(), decoded))),
            Some(reason) => Reading::Parked(park::Reason::contradiction(reason)),
        },
        Err(Unreadable::Ignorable) => Reading::Ignored,
        Err(Unreadable::Malformed(detail)) => Reading::Parked(park::Reason::malformed(detail)),
        Err(Unreadable::Unknown(detail)) => {
            Reading::Parked(park::Reason::unknown(detail, A::VERSION))
        }
    };
    (delivery, reading)
}

/// The events of one try, in one transaction.
pub(super) async fn apply_part<A: Apply>(
    store: &Store,
    reader: &str,
    apply: &A,
    items: &mut [&mut Item<A::Event>],
) -> Result<usize, Fault> {
    let organizations: BTreeSet<OrganizationId> = items
        .iter()
        .filter(|item| item.organization.is_some() || item.is_known())
        .map(|item| waiting::holder(item.organization))
        .collect();
    let scope = if organizations.is_empty() {
        Scope::Unscoped
    } else {
        Scope::Organizations(organizations)
    };
    let transaction = store.begin(&scope).await?;
    match admit_and_apply(&transaction, reader, apply, items).await {
        Ok(applied) => {
            transaction.commit().await?;
            Ok(applied)
        }
        Err(fault) => {
            // A rollback that fails is a connection that the server has rolled back by itself.
            let _ = transaction.rollback().await;
            Err(fault)
        }
    }
}

async fn admit_and_apply<A: Apply>(
    transaction: &Transaction,
    reader: &str,
    apply: &A,
    items: &mut [&mut Item<A::Event>],
) -> Result<usize, Fault> {
    let keys: Vec<i64> = items.iter().flat_map(|item| item.keys.iter().copied()).collect();
    transaction.lock(&keys).await?;
    let ids: Vec<EventId> = items.iter().map(|item| item.event_id).collect();
    let mut admitted: HashSet<EventId> = inbox::admit(transaction, reader, &ids).await?;
    let spans = ItemSpans::open(
        reader,
        items
            .iter()
            .filter(|item| admitted.contains(&item.event_id))
            .filter_map(|item| item.delivery.trace.as_deref()),
    );
    let mut arrivals = Vec::with_capacity(admitted.len());
    for item in items.iter_mut() {
        // The same event twice in one batch is one event.
        if !admitted.remove(&item.event_id) {
            continue;
        }
        let event = match item.event.take() {
            Some(event) => event,
            None => again(apply, &item.delivery)?,
        };
        arrivals.push(Arrival {
            event_id: item.event_id,
            organization: item.organization,
            event,
            trace: item.delivery.trace.as_deref().map(|trace| spans.continued(trace)),
        });
    }
    let applied = arrivals.len();
    if applied > 0 {
        apply.apply(transaction, arrivals).await?;
    }
    let known: Vec<(Option<OrganizationId>, EventId)> = items
        .iter()
        .filter(|item| item.is_known())
        .map(|item| (item.organization, item.event_id))
        .collect();
    if !known.is_empty() {
        let events: Vec<EventId> = known.iter().map(|(_, event)| *event).collect();
        inbox::settled(transaction, reader, &events).await?;
        parked::mark_applied(transaction, reader, &events).await?;
        waiting::settled(transaction, reader, &known).await?;
    }
    Ok(applied)
}

fn again<A: Apply>(apply: &A, delivery: &Delivery) -> Result<A::Event, Fault> {
    apply
        .decode(delivery)
        .map(|decoded| decoded.event)
        .map_err(|_| Fault::internal("an event that was read once cannot be read again"))
}

/// What became of one try.
pub(super) enum Outcome {
    /// Parked, put aside, or refused by a rule: acknowledged without effect.
    Settled,
    /// To be delivered again after a while.
    Later(Duration),
    Stopped,
}

impl<A: Apply> Reader<A> {
    /// Works through one batch to the end. False when it was asked to stop on the way; what is
    /// left is delivered again.
    pub(super) async fn work_through(
        &self,
        messages: Vec<jetstream::Message>,
        stop: &CancellationToken,
    ) -> Result<bool, Fault> {
        let started = tokio::time::Instant::now();
        let size = messages.len();
        let mut items = Vec::with_capacity(size);
        let mut carriers = Vec::with_capacity(size);
        let mut unreadable = Vec::new();
        let mut done = Vec::new();
        for message in messages {
            match read(&self.apply, Delivery::of(&message)) {
                (_, Reading::Item(item)) => {
                    items.push(*item);
                    carriers.push(message);
                }
                (_, Reading::Ignored) => done.push(message),
                (delivery, Reading::Parked(reason)) => {
                    unreadable.push((delivery, reason));
                    done.push(message);
                }
            }
        }
        if !self.park(unreadable, &done, stop).await {
            return Ok(false);
        }
        acknowledge(&done).await;
        let span = tracing::info_span!(
            "apply batch",
            reader = %self.plan.durable,
            events = items.len(),
            service = service(&self.plan.durable),
        );
        let finished = self.apply_all(&mut items, &carriers, stop).instrument(span).await?;
        metrics::histogram!("bus_reader_batch_seconds", "reader" => self.plan.durable.clone())
            .record(started.elapsed().as_secs_f64());
        metrics::histogram!("bus_reader_batch_events", "reader" => self.plan.durable.clone())
            .record(f64::from(u32::try_from(size).unwrap_or(u32::MAX)));
        Ok(finished)
    }

    async fn apply_all(
        &self,
        items: &mut [Item<A::Event>],
        carriers: &[jetstream::Message],
        stop: &CancellationToken,
    ) -> Result<bool, Fault> {
        let mut work = Work::new(items.len());
        let (mut failures, mut conflicts) = (0, 0);
        while let Some(part) = work.next_part() {
            let mut chosen: Vec<&mut Item<A::Event>> = items[part.clone()].iter_mut().collect();
            let tried = apply_part(&self.store, &self.plan.durable, &self.apply, &mut chosen).await;
            let fault = match tried {
                Ok(applied) => {
                    (failures, conflicts) = (0, 0);
                    self.applied(applied);
                    fail::fail_point!("reader-after-commit", |_| Err(Fault::new(
                        kit_values::Class::Unavailable,
                        "fail_point",
                        "Stopped between commit and acknowledgement."
                    )));
                    acknowledge(&carriers[part]).await;
                    continue;
                }
                Err(fault) => fault,
            };
            let decided = verdict(fault.class(), fault.wait(), part.len(), failures, conflicts);
            let outcome = match decided {
                Verdict::BackOff(wait) => {
                    failures += 1;
                    tracing::warn!(
                        reader = %self.plan.durable, %fault, failures, events = part.len(),
                        "the batch waits for its surroundings"
                    );
                    metrics::counter!(
                        "bus_reader_back_offs_total", "reader" => self.plan.durable.clone()
                    )
                    .increment(1);
                    // Everything in hand waits, not this part alone.
                    let waiting = &carriers[part.start..];
                    let go_on = wait_with(waiting, wait, self.pacing.ack_wait, stop).await;
                    work.again(part);
                    if !go_on {
                        return Ok(false);
                    }
                    continue;
                }
                Verdict::Retry => {
                    conflicts += 1;
                    tracing::debug!(reader = %self.plan.durable, %fault, conflicts, "tried again");
                    tokio::time::sleep(Duration::from_millis(5 << conflicts.min(5))).await;
                    work.again(part);
                    continue;
                }
                Verdict::Bisect => {
                    conflicts = 0;
                    work.split(&part);
                    continue;
                }
                Verdict::Acknowledge => {
                    tracing::info!(reader = %self.plan.durable, %fault, "a rule said no");
                    Outcome::Settled
                }
                Verdict::Attempt => {
                    self.attempt(&items[part.start], &carriers[part.clone()], fault, stop).await
                }
                Verdict::Wait => {
                    self.put_aside(&items[part.start], &carriers[part.clone()], &fault, stop).await
                }
                Verdict::Park => {
                    self.park_failed(&items[part.start], &carriers[part.clone()], &fault, stop)
                        .await
                }
            };
            conflicts = 0;
            if !settle(outcome, &carriers[part]).await {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Counts an attempt of the event that stands alone, and parks it after the last one.
    async fn attempt(
        &self,
        item: &Item<A::Event>,
        carriers: &[jetstream::Message],
        fault: Fault,
        stop: &CancellationToken,
    ) -> Outcome {
        let mut failures = 0;
        loop {
            match self.count(item.event_id).await {
                Ok(attempts) if attempts >= ATTEMPTS => {
                    return self.park_failed(item, carriers, &fault, stop).await;
                }
                Ok(attempts) => {
                    tracing::warn!(
                        reader = %self.plan.durable, event = %item.event_id, attempts, %fault,
                        cause = ?std::error::Error::source(&fault).map(ToString::to_string),
                        "an event could not be applied and is tried again later"
                    );
                    return Outcome::Later(back_off(u32::try_from(attempts).unwrap_or(0)));
                }
                Err(counting) => {
                    failures += 1;
                    tracing::warn!(reader = %self.plan.durable, fault = %counting, "an attempt could not be counted yet");
                    let wait = back_off(failures);
                    if !wait_with(carriers, wait, self.pacing.ack_wait, stop).await {
                        return Outcome::Stopped;
                    }
                }
            }
        }
    }

    pub(super) async fn count(&self, event: EventId) -> Result<i32, Fault> {
        let transaction = self.store.begin(&Scope::Unscoped).await?;
        let counted = inbox::failed(&transaction, &self.plan.durable, &[event]).await?;
        transaction.commit().await?;
        Ok(counted.get(&event).copied().unwrap_or(1))
    }

    async fn park_failed(
        &self,
        item: &Item<A::Event>,
        carriers: &[jetstream::Message],
        fault: &Fault,
        stop: &CancellationToken,
    ) -> Outcome {
        let reason = park::Reason::failed(fault, item.organization);
        if self.park(vec![(item.delivery.clone(), reason)], carriers, stop).await {
            Outcome::Settled
        } else {
            Outcome::Stopped
        }
    }

    pub(super) fn applied(&self, events: usize) {
        metrics::counter!("bus_reader_applied_total", "reader" => self.plan.durable.clone())
            .increment(u64::try_from(events).unwrap_or(u64::MAX));
    }
}

/// Tells the server; false when the reader stops.
async fn settle(outcome: Outcome, carriers: &[jetstream::Message]) -> bool {
    match outcome {
        Outcome::Settled => acknowledge(carriers).await,
        Outcome::Later(wait) => {
            for carrier in carriers {
                // Without it, the event comes again after the acknowledgement wait.
                let _ = carrier.ack_with(jetstream::AckKind::Nak(Some(wait))).await;
            }
        }
        Outcome::Stopped => return false,
    }
    true
}

async fn acknowledge(messages: &[jetstream::Message]) {
    for message in messages {
        if let Err(error) = message.ack().await {
            // It is delivered again, and the inbox drops it.
            tracing::debug!(%error, "an acknowledgement could not be sent");
        }
    }
}
