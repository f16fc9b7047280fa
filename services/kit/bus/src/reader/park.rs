//! Keeping what cannot be applied, with its reason.

use async_nats::jetstream;
use kit_store::parked::{self, Parking};
use kit_store::{Scope, Store};
use kit_values::{Fault, OrganizationId, mint_uuid};
use tokio_util::sync::CancellationToken;

use super::event::{Apply, Delivery};
use super::verdict::back_off;
use super::{Reader, wait_with};

/// Why an event is parked.
#[derive(Debug)]
pub(super) struct Reason {
    code: String,
    detail: String,
    organization: Option<OrganizationId>,
    unknown_to: Option<i32>,
}

impl Reason {
    pub(super) fn malformed(detail: String) -> Self {
        Self { code: "undecodable".to_owned(), detail, organization: None, unknown_to: None }
    }

    pub(super) fn unknown(detail: String, version: i32) -> Self {
        Self {
            code: "unknown_fact".to_owned(),
            detail,
            organization: None,
            unknown_to: Some(version),
        }
    }

    /// The event says one thing of itself and its envelope another: it is nobody's.
    pub(super) fn contradiction(code: &'static str) -> Self {
        Self {
            code: code.to_owned(),
            detail: "What the event says of itself and what it came under differ.".to_owned(),
            organization: None,
            unknown_to: None,
        }
    }

    pub(super) fn failed(fault: &Fault, organization: Option<OrganizationId>) -> Self {
        Self {
            code: fault.code().to_owned(),
            detail: fault.sentence().to_owned(),
            organization,
            unknown_to: None,
        }
    }
}

pub(super) fn parking(source: &str, delivery: Delivery, reason: Reason) -> Parking {
    Parking {
        id: mint_uuid(),
        source: source.to_owned(),
        event: delivery.event,
        organization: reason.organization,
        subject: delivery.subject,
        reason: reason.code,
        detail: reason.detail,
        payload: delivery.payload.to_vec(),
        trace: delivery.trace,
        replayable: true,
        unknown_to: reason.unknown_to,
    }
}

async fn keep(store: &Store, items: Vec<Parking>) -> Result<(), Fault> {
    let transaction = store.begin(&Scope::Unscoped).await?;
    parked::park(&transaction, items).await?;
    transaction.commit().await
}

impl<A: Apply> Reader<A> {
    pub(super) fn tell_parked(&self, delivery: &Delivery, reason: &str) {
        tracing::error!(
            reader = %self.plan.durable, reason, event = ?delivery.event,
            subject = %delivery.subject, sequence = delivery.sequence,
            "an event was parked: see `guichet parked list`"
        );
        metrics::counter!(
            "bus_reader_parked_total",
            "reader" => self.plan.durable.clone(), "reason" => reason.to_owned()
        )
        .increment(1);
    }

    /// Parks, however long the database is away. False when asked to stop before it was done.
    pub(super) async fn park(
        &self,
        unreadable: Vec<(Delivery, Reason)>,
        carriers: &[jetstream::Message],
        stop: &CancellationToken,
    ) -> bool {
        if unreadable.is_empty() {
            return true;
        }
        let source = self.plan.durable.as_str();
        let mut items = Vec::with_capacity(unreadable.len());
        for (delivery, reason) in unreadable {
            self.tell_parked(&delivery, &reason.code);
            items.push(parking(source, delivery, reason));
        }
        let mut failures = 0;
        loop {
            let Err(fault) = keep(&self.store, items.clone()).await else {
                return true;
            };
            failures += 1;
            tracing::warn!(reader = source, %fault, failures, "an event could not be parked yet");
            if !wait_with(carriers, back_off(failures), self.pacing.ack_wait, stop).await {
                return false;
            }
        }
    }
}
