//! Operators' calls.

use std::sync::Arc;

use kit_service::rpc::{caller, status};
use kit_store::Store;
use kit_values::{Fault, Id, Kind};
use proto::ingest::v1 as pb;
use proto::ingest::v1::ingest_service_server::IngestService;
use tonic::{Request, Response, Status};

use crate::app;
use crate::consume::{Answers, Routes};
use crate::domain::{ParkedId, RequestId};
use crate::registry::Registry;
use crate::topology;
use crate::wire::calls;

/// Longest page.
const PAGE: i32 = 1_000;

/// Answers operators, and nobody else.
#[derive(Debug, Clone)]
pub struct Operators {
    /// The tables.
    pub store: Store,
    /// Tells where replayed items go.
    pub registry: Arc<Registry>,
    /// Applies parked events of directory.
    pub routes: Routes,
    /// Applies parked answers of delivery.
    pub answers: Answers,
}

/// A request carries items of several organizations, and what is parked may have none: these
/// calls are the installation's own.
fn operator<T>(request: &Request<T>) -> Result<(), Status> {
    let caller = caller(request)?;
    caller
        .require_service(&["operator"])
        .and_then(|()| caller.require_installation())
        .map_err(status)
}

fn id<K: Kind>(field: &'static str, text: &str) -> Result<Id<K>, Status> {
    text.parse().map_err(|error: kit_values::IdError| {
        status(Fault::invalid("id_malformed", field, format!("This is {error}.")))
    })
}

#[tonic::async_trait]
impl IngestService for Operators {
    async fn get_request(
        &self,
        request: Request<pb::GetRequestRequest>,
    ) -> Result<Response<pb::GetRequestResponse>, Status> {
        operator(&request)?;
        let receipt: RequestId = id("request_id", &request.get_ref().request_id)?;
        let entries = app::get_request(&self.store, receipt).await.map_err(status)?;
        let items = entries.iter().enumerate().map(|(place, entry)| calls::item(place, entry));
        Ok(Response::new(pb::GetRequestResponse { items: items.collect() }))
    }

    async fn list_parked(
        &self,
        request: Request<pb::ListParkedRequest>,
    ) -> Result<Response<pb::ListParkedResponse>, Status> {
        operator(&request)?;
        let asked = request.get_ref();
        if !(0..=PAGE).contains(&asked.limit) {
            let fault = Fault::invalid("limit", "limit", "A page has 1 to 1000 items.");
            return Err(status(fault));
        }
        let after = match asked.after.as_str() {
            "" => None,
            text => Some(id("after", text)?),
        };
        let found = app::list(&self.store, i64::from(asked.limit), after).await.map_err(status)?;
        let parked = found.iter().map(calls::parked).collect();
        Ok(Response::new(pb::ListParkedResponse { parked }))
    }

    async fn show_parked(
        &self,
        request: Request<pb::ShowParkedRequest>,
    ) -> Result<Response<pb::ShowParkedResponse>, Status> {
        operator(&request)?;
        let parked: ParkedId = id("parked_id", &request.get_ref().parked_id)?;
        let (found, payload) = app::show(&self.store, parked).await.map_err(status)?;
        let parked = Some(calls::parked(&found));
        Ok(Response::new(pb::ShowParkedResponse { parked, payload }))
    }

    async fn replay_parked(
        &self,
        request: Request<pb::ReplayParkedRequest>,
    ) -> Result<Response<pb::ReplayParkedResponse>, Status> {
        operator(&request)?;
        let asked = &request.get_ref().parked_ids;
        if asked.len() > usize::try_from(PAGE).unwrap_or(usize::MAX) {
            let fault = Fault::invalid("too_many", "parked_ids", "Replay at most 1000 at a time.");
            return Err(status(fault));
        }
        let mut results = Vec::with_capacity(asked.len());
        for text in asked {
            let outcome = match text.parse() {
                Ok(parked) => self.replay(parked).await,
                Err(_) => Err(Fault::not_found("parked item")),
            };
            let reason = outcome.as_ref().err().map(|fault| fault.code().to_owned());
            results.push(pb::ReplayResult {
                parked_id: text.clone(),
                replayed: outcome.is_ok(),
                reason: reason.unwrap_or_default(),
            });
        }
        Ok(Response::new(pb::ReplayParkedResponse { results }))
    }
}

impl Operators {
    async fn replay(&self, parked: ParkedId) -> Result<(), Fault> {
        if app::replay(&self.store, &self.registry.now(), parked).await? {
            return Ok(());
        }
        let (found, _) = app::show(&self.store, parked).await?;
        let reader = topology::authors().durable;
        if found.source == reader {
            let answers = &self.answers;
            return kit_bus::reader::replay(&self.store, &reader, answers, parked.uuid()).await;
        }
        let reader = topology::routes().durable;
        kit_bus::reader::replay(&self.store, &reader, &self.routes, parked.uuid()).await
    }
}
