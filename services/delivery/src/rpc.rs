//! Calls answered: attempts of a reply, and what operators look after.

use kit_bus::reader::replay;
use kit_service::Caller;
use kit_service::rpc::{caller, status};
use kit_store::parked::{self, Filter, Parked};
use kit_store::{Scope, Store, Transaction};
use kit_values::Fault;
use proto::delivery::v1 as pb;
use proto::delivery::v1::delivery_service_server::DeliveryService;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use crate::consume::{Channels, Echoes, Replies};
use crate::domain::words::MessageId;
use crate::{app, topology, wire};

/// Parked ones replayed in one call.
const MOST_REPLAYED: usize = 200;

/// Parked ones of a page when the caller does not say, and at most.
const PAGE: i64 = 100;

/// Answers.
#[derive(Debug, Clone)]
pub struct Deliveries {
    /// The tables.
    pub store: Store,
    /// Applies parked events of conversation.
    pub replies: Replies,
    /// Applies parked events of directory.
    pub channels: Channels,
}

/// Only operators. A token that names an organization sees only what is that one's.
fn operator<T>(request: &Request<T>) -> Result<Caller, Status> {
    let caller = caller(request)?;
    caller.require_service(&["operator"]).map_err(status)?;
    Ok(caller)
}

fn parked_id(text: &str) -> Result<Uuid, Fault> {
    Uuid::try_parse(text).map_err(|_| Fault::not_found("parked event"))
}

fn shown(found: &Parked) -> pb::ParkedEvent {
    pb::ParkedEvent {
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

impl Deliveries {
    async fn attempts(&self, caller: &Caller, message: &str) -> Result<Vec<pb::Attempt>, Fault> {
        let organization = caller.organization()?;
        let message: MessageId = message.parse().map_err(|_| Fault::not_found("message"))?;
        let found = self
            .store
            .transaction(&organization.into(), async move |transaction| {
                app::attempts(transaction, organization, message).await
            })
            .await?;
        Ok(found.iter().map(wire::answers::attempt).collect())
    }

    async fn parked(
        &self,
        caller: &Caller,
        asked: &pb::ListParkedRequest,
    ) -> Result<Vec<Parked>, Fault> {
        let filter = Filter {
            organization: caller.organization,
            after: if asked.after.is_empty() { None } else { Some(parked_id(&asked.after)?) },
            limit: match i64::from(asked.limit) {
                limit @ 1..=PAGE => limit,
                _ => PAGE,
            },
            ..Filter::default()
        };
        self.store
            .transaction(&Scope::Unscoped, async move |transaction| {
                parked::list(transaction, &filter).await
            })
            .await
    }

    async fn parked_one(&self, caller: &Caller, asked: &str) -> Result<Parked, Fault> {
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

    async fn replay(&self, caller: &Caller, id: &str) -> Result<(), Fault> {
        let found = self.parked_one(caller, id).await?;
        let (source, id) = (found.what.source, found.what.id);
        if source == topology::replies().durable {
            replay(&self.store, &source, &self.replies, id).await
        } else if source == topology::channels().durable {
            replay(&self.store, &source, &self.channels, id).await
        } else {
            replay(&self.store, &source, &Echoes, id).await
        }
    }
}

#[tonic::async_trait]
impl DeliveryService for Deliveries {
    async fn list_attempts(
        &self,
        request: Request<pb::ListAttemptsRequest>,
    ) -> Result<Response<pb::ListAttemptsResponse>, Status> {
        let caller = caller(&request)?;
        caller.require_service(&["gateway", "operator"]).map_err(status)?;
        let message = &request.get_ref().message_id;
        let attempts = self.attempts(&caller, message).await.map_err(status)?;
        Ok(Response::new(pb::ListAttemptsResponse { attempts }))
    }

    async fn list_parked(
        &self,
        request: Request<pb::ListParkedRequest>,
    ) -> Result<Response<pb::ListParkedResponse>, Status> {
        let caller = operator(&request)?;
        let found = self.parked(&caller, request.get_ref()).await.map_err(status)?;
        Ok(Response::new(pb::ListParkedResponse { parked: found.iter().map(shown).collect() }))
    }

    async fn show_parked(
        &self,
        request: Request<pb::ShowParkedRequest>,
    ) -> Result<Response<pb::ShowParkedResponse>, Status> {
        let caller = operator(&request)?;
        let id = &request.get_ref().parked_id;
        let found = self.parked_one(&caller, id).await.map_err(status)?;
        let parked = Some(shown(&found));
        Ok(Response::new(pb::ShowParkedResponse { parked, payload: found.what.payload }))
    }

    async fn replay_parked(
        &self,
        request: Request<pb::ReplayParkedRequest>,
    ) -> Result<Response<pb::ReplayParkedResponse>, Status> {
        let caller = operator(&request)?;
        let asked = request.into_inner().parked_ids;
        if asked.len() > MOST_REPLAYED {
            let sentence = "Replay at most 200 parked events at a time.";
            return Err(status(Fault::invalid("too_many_ids", "parked_ids", sentence)));
        }
        let mut results = Vec::with_capacity(asked.len());
        for id in asked {
            let outcome = self.replay(&caller, &id).await;
            let reason = outcome.as_ref().err().map(|fault| fault.code().to_owned());
            results.push(pb::ReplayResult {
                parked_id: id,
                replayed: outcome.is_ok(),
                reason: reason.unwrap_or_default(),
            });
        }
        tracing::info!(events = results.len(), "parked events were replayed");
        Ok(Response::new(pb::ReplayParkedResponse { results }))
    }
}
