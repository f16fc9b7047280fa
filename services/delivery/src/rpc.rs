//! Calls answered: attempts of a reply, and what operators look after.

mod operator;

use kit_bus::parked;
use kit_service::Caller;
use kit_service::rpc::{admitted, status};
use kit_store::Store;
use kit_values::Fault;
use proto::delivery::v1 as pb;
use proto::delivery::v1::delivery_service_server::DeliveryService;
use tonic::{Request, Response, Status};

use crate::consume::{Authors, Channels, Replies};
use crate::domain::words::MessageId;
use crate::{app, wire};

/// Who looks after the installation.
const OPERATOR: &[&str] = &["operator"];

/// Answers.
#[derive(Debug, Clone)]
pub struct Deliveries {
    /// The tables.
    pub store: Store,
    /// Applies parked events of conversation.
    pub replies: Replies,
    /// Applies parked events of directory.
    pub channels: Channels,
    /// Applies parked events of ingest about authors.
    pub authors: Authors,
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
}

#[tonic::async_trait]
impl DeliveryService for Deliveries {
    async fn list_attempts(
        &self,
        request: Request<pb::ListAttemptsRequest>,
    ) -> Result<Response<pb::ListAttemptsResponse>, Status> {
        let caller = admitted(&request, &["gateway", "operator"])?;
        let message = &request.get_ref().message_id;
        let attempts = self.attempts(&caller, message).await.map_err(status)?;
        Ok(Response::new(pb::ListAttemptsResponse { attempts }))
    }

    async fn list_parked(
        &self,
        request: Request<pb::ListParkedRequest>,
    ) -> Result<Response<pb::ListParkedResponse>, Status> {
        let of = admitted(&request, OPERATOR)?.organization;
        let asked = request.get_ref();
        let found = parked::list(&self.store, of, &asked.after, asked.limit).await;
        let parked = found.map_err(status)?.iter().map(operator::parked).collect();
        Ok(Response::new(pb::ListParkedResponse { parked }))
    }

    async fn show_parked(
        &self,
        request: Request<pb::ShowParkedRequest>,
    ) -> Result<Response<pb::ShowParkedResponse>, Status> {
        let of = admitted(&request, OPERATOR)?.organization;
        let found = parked::show(&self.store, of, &request.get_ref().parked_id).await;
        let found = found.map_err(status)?;
        let parked = Some(operator::parked(&found));
        Ok(Response::new(pb::ShowParkedResponse { parked, payload: found.what.payload }))
    }

    async fn replay_parked(
        &self,
        request: Request<pb::ReplayParkedRequest>,
    ) -> Result<Response<pb::ReplayParkedResponse>, Status> {
        let of = admitted(&request, OPERATOR)?.organization;
        let asked = request.into_inner().parked_ids;
        let again = |found| self.replay_one(found);
        let results = parked::replay(&self.store, of, asked, again).await.map_err(status)?;
        let results = results.into_iter().map(operator::replayed).collect();
        Ok(Response::new(pb::ReplayParkedResponse { results }))
    }
}
