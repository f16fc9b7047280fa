//! Events that refer to something not yet known (`NotFound`): put aside, acknowledged, and offered
//! to the same [`Apply`] again until what they refer to is there.
//!
//! Putting aside is a transaction of its own: the one that failed took its admission to the inbox
//! with it, so an event that waits counts as not applied. Offering goes through the same inbox as a
//! delivery, and the transaction that applies an event also forgets that it waited; so an event
//! that is delivered again meanwhile, or offered by another process, has its effect once.

use std::time::Duration;

use async_nats::jetstream;
use kit_store::waiting::{self, PutAside};
use kit_store::{Scope, inbox, parked};
use kit_values::{EventId, Fault, OrganizationId};
use tokio_util::sync::CancellationToken;

use super::batch::{Item, Outcome, Reading, apply_part, read};
use super::event::{Apply, Delivery};
use super::park::{Reason, parking};
use super::verdict::{ATTEMPTS, Verdict, back_off, verdict};
use super::{Reader, wait_with};

/// How long an event waits before it is parked. A network tries a webhook again for up to seven
/// days (`reference/networks.md`), so what an event refers to may come that much later than the
/// event; after that nothing brings it by itself, and a person should look.
pub const WAITS_FOR: Duration = Duration::from_hours(7 * 24);

/// Events offered in one go.
const PAGE: i64 = 100;

/// How long to sleep when nothing waits: only what another process put aside and left is found by
/// looking.
const IDLE: Duration = Duration::from_secs(30);

impl<A: Apply> Reader<A> {
    /// Puts the event that stands alone aside, however long the database is away.
    pub(super) async fn put_aside(
        &self,
        item: &Item<A::Event>,
        carriers: &[jetstream::Message],
        fault: &Fault,
        stop: &CancellationToken,
    ) -> Outcome {
        let event = PutAside {
            organization: item.organization(),
            event: item.event_id(),
            subject: item.delivery.subject.clone(),
            payload: item.delivery.payload.to_vec(),
            trace: item.delivery.trace.clone(),
        };
        let mut failures = 0;
        while let Err(keeping) = self.keep_aside(&event).await {
            failures += 1;
            tracing::warn!(
                reader = %self.plan.durable, fault = %keeping, failures,
                "an event could not be put aside yet"
            );
            if !wait_with(carriers, back_off(failures), self.pacing.ack_wait, stop).await {
                return Outcome::Stopped;
            }
        }
        tracing::info!(
            reader = %self.plan.durable, event = %event.event, %fault,
            "an event waits for what it refers to"
        );
        metrics::counter!(
            "bus_reader_put_aside_total", "reader" => self.plan.durable.clone()
        )
        .increment(1);
        self.aside.notify_one();
        fail::fail_point!("reader-after-put-aside", |_| Outcome::Stopped);
        Outcome::Settled
    }

    async fn keep_aside(&self, event: &PutAside) -> Result<(), Fault> {
        let scope = Scope::Organization(waiting::holder(event.organization));
        let transaction = self.store.begin(&scope).await?;
        waiting::put_aside(&transaction, &self.plan.durable, event).await?;
        transaction.commit().await
    }

    /// Offers what was put aside whenever it is due, until `stop`.
    pub(super) async fn offer_again(&self, stop: &CancellationToken) {
        let mut failures = 0;
        while !stop.is_cancelled() {
            let pause = match self.offer_due(stop).await {
                Ok(next) => {
                    failures = 0;
                    next.unwrap_or(IDLE).min(IDLE)
                }
                Err(fault) => {
                    failures += 1;
                    tracing::info!(
                        reader = %self.plan.durable, %fault, failures,
                        "what was put aside cannot be offered yet"
                    );
                    back_off(failures)
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.aside.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Offers one page of what is due; tells in how long there is more.
    async fn offer_due(&self, stop: &CancellationToken) -> Result<Option<Duration>, Fault> {
        let reader = self.plan.durable.as_str();
        let transaction = self.store.begin(&Scope::Unscoped).await?;
        let next = waiting::next_due(&transaction, reader).await?;
        if next != Some(Duration::ZERO) {
            transaction.rollback().await?;
            return Ok(next);
        }
        let due = waiting::claim(&transaction, reader, PAGE).await?;
        transaction.commit().await?;
        // One by one: most fail again, and to find those by halves would take twice as many
        // transactions.
        for (event, waited) in due {
            if stop.is_cancelled() {
                break;
            }
            self.offer(event, waited).await?;
        }
        Ok(Some(Duration::ZERO))
    }

    /// Offers one event.
    ///
    /// # Errors
    /// The surroundings failed; its next turn stands.
    async fn offer(&self, event: PutAside, waited: Duration) -> Result<(), Fault> {
        let whose = (event.organization, event.event);
        let (delivery, reading) = read(&self.apply, Delivery::waiting(event));
        let mut item = match reading {
            Reading::Item(item) => item,
            Reading::Ignored => return self.forget(whose).await,
            // An older release runs again, which cannot read it.
            Reading::Parked(reason) => return self.give_up(whose, delivery, reason).await,
        };
        let mut conflicts = 0;
        loop {
            let tried =
                apply_part(&self.store, &self.plan.durable, &self.apply, &mut [&mut *item]).await;
            let fault = match tried {
                Ok(applied) => {
                    self.applied(applied);
                    return Ok(());
                }
                Err(fault) => fault,
            };
            match verdict(fault.class(), fault.wait(), 1, 0, conflicts) {
                Verdict::BackOff(_) => return Err(fault),
                Verdict::Retry => {
                    conflicts += 1;
                    tokio::time::sleep(Duration::from_millis(5 << conflicts.min(5))).await;
                    continue;
                }
                Verdict::Acknowledge => {
                    tracing::info!(reader = %self.plan.durable, %fault, "a rule said no");
                    return self.forget(whose).await;
                }
                Verdict::Wait if waited < WAITS_FOR => return Ok(()),
                // One event is never split.
                Verdict::Attempt | Verdict::Bisect => {
                    if self.count(whose.1).await? < ATTEMPTS {
                        tracing::warn!(
                            reader = %self.plan.durable, event = %whose.1, %fault,
                            cause = ?std::error::Error::source(&fault).map(ToString::to_string),
                            "an event that waited could not be applied and is offered again later"
                        );
                        return Ok(());
                    }
                }
                Verdict::Wait | Verdict::Park => {}
            }
            let reason = Reason::failed(&fault, whose.0);
            return self.give_up(whose, item.delivery.clone(), reason).await;
        }
    }

    /// It is settled without effect.
    async fn forget(&self, whose: (Option<OrganizationId>, EventId)) -> Result<(), Fault> {
        let scope = Scope::Organization(waiting::holder(whose.0));
        let transaction = self.store.begin(&scope).await?;
        waiting::settled(&transaction, &self.plan.durable, &[whose]).await?;
        inbox::settled(&transaction, &self.plan.durable, &[whose.1]).await?;
        transaction.commit().await
    }

    /// Parks it in the transaction that forgets that it waited.
    async fn give_up(
        &self,
        whose: (Option<OrganizationId>, EventId),
        delivery: Delivery,
        reason: Reason,
    ) -> Result<(), Fault> {
        let scope = Scope::Organization(waiting::holder(whose.0));
        let transaction = self.store.begin(&scope).await?;
        let item = parking(&self.plan.durable, delivery.clone(), reason);
        let code = item.reason.clone();
        parked::park(&transaction, vec![item]).await?;
        waiting::settled(&transaction, &self.plan.durable, &[whose]).await?;
        transaction.commit().await?;
        self.tell_parked(&delivery, &code);
        Ok(())
    }
}
