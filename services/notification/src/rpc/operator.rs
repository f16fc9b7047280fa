//! Calls of the operator: what could not be applied.
//!
//! An operator's token may name an organization, and then sees only what is that one's; without
//! one it is the installation's own.

use kit_bus::reader::replay;
use kit_service::Caller;
use kit_service::rpc::{caller, status};
use kit_store::parked::{self, Filter, Parked};
use kit_store::{Scope, Transaction};
use kit_values::Fault;
use proto::notification::v1 as calls;
use tonic::{Request, Status};
use uuid::Uuid;

use super::Notifications;
use crate::consume::Signals;
use crate::wire;

/// Parked ones replayed in one call.
const MOST_REPLAYED: usize = 200;

/// Parked ones of a page when the caller does not say, and at most.
const PAGE: i64 = 100;

/// Only operators.
pub(super) fn admitted<T>(request: &Request<T>) -> Result<Caller, Status> {
    let caller = caller(request)?;
    caller.require_service(&["operator"]).map_err(status)?;
    Ok(caller)
}

/// Something parked, without its bytes.
pub(super) fn parked(found: &Parked) -> calls::ParkedEvent {
    calls::ParkedEvent {
        parked_id: found.what.id.to_string(),
        reason: found.what.reason.clone(),
        detail: found.what.detail.clone(),
        organization_id: found.what.organization.map(|id| id.to_string()).unwrap_or_default(),
        source: found.what.source.clone(),
        bytes: i64::try_from(found.what.payload.len()).unwrap_or(i64::MAX),
        parked_at: Some(wire::timestamp(found.parked_at)),
        replayed_at: found.replayed_at.map(wire::timestamp),
    }
}

fn parked_id(text: &str) -> Result<Uuid, Fault> {
    Uuid::try_parse(text).map_err(|_| Fault::not_found("parked event"))
}

impl Notifications {
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
                    .ok_or_else(|| Fault::not_found("parked event"))
            })
            .await
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
        let signals = Signals(self.equipment());
        let mut results = Vec::with_capacity(asked.len());
        for id in asked {
            let outcome = async {
                let found = self.parked_one(caller, &id).await?;
                let (source, parked) = (found.what.source.as_str(), found.what.id);
                replay(&self.store, source, &signals, parked).await
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
