//! Calls of the operator: how far events got, and what could not be applied.
//!
//! An operator's token may name an organization, and then sees only what is that one's; without
//! one it is the installation's own.

use kit_bus::reader::replay;
use kit_service::Caller;
use kit_service::rpc::{caller, status};
use kit_store::parked::{self, Filter, Parked};
use kit_store::{Scope, Transaction};
use kit_values::{EventId, Fault};
use proto::conversation::v1 as calls;
use tonic::{Request, Status};
use uuid::Uuid;

use super::Conversations;
use crate::consume::{Directory, Owners};
use crate::{app, topology, wire};

/// Events in one call, and parked ones replayed in one call.
const MOST_EVENTS: usize = 1_000;
const MOST_REPLAYED: usize = 200;

/// Parked ones of a page when the caller does not say, and at most.
const PAGE: i64 = 100;

/// Only operators.
pub(super) fn admitted<T>(request: &Request<T>) -> Result<Caller, Status> {
    let caller = caller(request)?;
    caller.require_service(&["operator"]).map_err(status)?;
    Ok(caller)
}

fn scope(caller: &Caller) -> Scope {
    caller.organization.map_or(Scope::Unscoped, Scope::from)
}

/// Something parked, without its bytes.
pub(super) fn parked(found: &Parked) -> calls::ParkedEvent {
    calls::ParkedEvent {
        parked_id: found.what.id.to_string(),
        reason: found.what.reason.clone(),
        detail: found.what.detail.clone(),
        parked_at: Some(wire::timestamp(found.parked_at)),
        organization_id: found.what.organization.map(|id| id.to_string()).unwrap_or_default(),
        source: found.what.source.clone(),
        bytes: i64::try_from(found.what.payload.len()).unwrap_or(i64::MAX),
        replayed_at: found.replayed_at.map(wire::timestamp),
    }
}

fn parked_id(text: &str) -> Result<Uuid, Fault> {
    Uuid::try_parse(text).map_err(|_| Fault::not_found("a parked event"))
}

impl Conversations {
    pub(super) async fn outcomes(
        &self,
        caller: &Caller,
        asked: &[String],
    ) -> Result<Vec<calls::EventOutcome>, Fault> {
        let events: Vec<EventId> = super::known_forms(asked, MOST_EVENTS, "event_ids")?;
        let readers: Vec<String> =
            topology::readers().into_iter().map(|plan| plan.durable).collect();
        let outcomes = self
            .store
            .transaction(&scope(caller), async move |transaction| {
                app::outcomes(transaction, &readers, &events).await
            })
            .await?;
        Ok(outcomes.into_iter().map(|(event, progress)| wire::outcome(event, progress)).collect())
    }

    pub(super) async fn parked(
        &self,
        caller: &Caller,
        asked: &calls::ListParkedRequest,
    ) -> Result<Vec<calls::ParkedEvent>, Fault> {
        let filter = Filter {
            organization: caller.organization,
            after: if asked.after.is_empty() { None } else { Some(parked_id(&asked.after)?) },
            limit: match i64::from(asked.limit) {
                1..=PAGE => i64::from(asked.limit),
                _ => PAGE,
            },
            ..Filter::default()
        };
        let found = self
            .store
            .transaction(&Scope::Unscoped, async move |transaction| {
                parked::list(transaction, &filter).await
            })
            .await?;
        Ok(found.iter().map(parked).collect())
    }

    pub(super) async fn parked_one(&self, caller: &Caller, asked: &str) -> Result<Parked, Fault> {
        let id = parked_id(asked)?;
        let organization = caller.organization;
        self.store
            .transaction(&Scope::Unscoped, async move |transaction: &Transaction| {
                parked::show(transaction, id)
                    .await?
                    .filter(|found| {
                        organization.is_none() || found.what.organization == organization
                    })
                    .ok_or_else(|| Fault::not_found("a parked event"))
            })
            .await
    }

    /// Each through the reader that parked it.
    async fn replay_one(&self, found: &Parked) -> Result<(), Fault> {
        let (store, source, id) = (&self.store, found.what.source.as_str(), found.what.id);
        if source == topology::deliveries().durable {
            replay(store, source, &self.deliveries, id).await
        } else if source == topology::owners().durable {
            replay(store, source, &Owners, id).await
        } else if source == topology::directory().durable {
            replay(store, source, &Directory, id).await
        } else {
            replay(store, source, &self.inbound, id).await
        }
    }

    pub(super) async fn replay(
        &self,
        caller: &Caller,
        asked: Vec<String>,
    ) -> Result<Vec<calls::ReplayResult>, Fault> {
        if asked.len() > MOST_REPLAYED {
            let sentence = "Replay at most 200 parked events at a time.";
            return Err(Fault::invalid("too_many_ids", "parked_ids", sentence));
        }
        let mut results = Vec::with_capacity(asked.len());
        for id in asked {
            let outcome = async {
                let found = self.parked_one(caller, &id).await?;
                self.replay_one(&found).await
            };
            let outcome = outcome.await;
            let reason = outcome.as_ref().err().map(|fault| fault.code().to_owned());
            results.push(calls::ReplayResult {
                parked_id: id,
                replayed: outcome.is_ok(),
                reason: reason.unwrap_or_default(),
            });
        }
        tracing::info!(events = results.len(), "parked events were replayed");
        Ok(results)
    }
}
