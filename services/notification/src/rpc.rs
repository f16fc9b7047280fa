//! gRPC: a member's own notifications, through the gateway; parked events, for operators.

mod operator;

use kit_service::Caller;
use kit_service::rpc::{caller, status};
use kit_store::Store;
use kit_values::{Fault, OrganizationId, now};
use proto::notification::v1 as pb;
use proto::notification::v1::notification_service_server::NotificationService;
use tonic::{Request, Response, Status};

use crate::app;
use crate::domain::{ConversationId, MemberId};
use crate::wire;

/// The service behind the port.
pub struct Notifications {
    store: Store,
}

impl Notifications {
    /// Over this store.
    pub const fn new(store: Store) -> Self {
        Self { store }
    }
}

/// Who asks; only a gateway, on behalf of a member.
fn member<T>(request: &Request<T>) -> Result<(OrganizationId, MemberId), Status> {
    let caller: Caller = caller(request)?;
    caller.require_service(&["gateway"]).map_err(status)?;
    let organization = caller.organization().map_err(status)?;
    Ok((organization, MemberId::from_uuid(caller.member().map_err(status)?)))
}

#[tonic::async_trait]
impl NotificationService for Notifications {
    async fn list_notifications(
        &self,
        request: Request<pb::ListNotificationsRequest>,
    ) -> Result<Response<pb::ListNotificationsResponse>, Status> {
        let (organization, member) = member(&request)?;
        let standing = self
            .store
            .transaction(&organization.into(), async |transaction| {
                app::standing(transaction, organization, member).await
            })
            .await
            .map_err(status)?;
        Ok(Response::new(pb::ListNotificationsResponse {
            notifications: standing.iter().map(wire::told).collect(),
        }))
    }

    async fn mark_read(
        &self,
        request: Request<pb::MarkReadRequest>,
    ) -> Result<Response<pb::MarkReadResponse>, Status> {
        let (organization, member) = member(&request)?;
        let conversation: ConversationId =
            request.get_ref().conversation_id.parse().map_err(|_| {
                let sentence = "This is no conversation's id.";
                status(Fault::invalid("invalid_id", "conversation_id", sentence))
            })?;
        self.store
            .transaction_retrying(&organization.into(), async |transaction| {
                app::mark_read(transaction, organization, member, conversation, now()).await
            })
            .await
            .map_err(status)?;
        Ok(Response::new(pb::MarkReadResponse {}))
    }

    async fn list_parked(
        &self,
        request: Request<pb::ListParkedRequest>,
    ) -> Result<Response<pb::ListParkedResponse>, Status> {
        let caller = operator::admitted(&request)?;
        let parked = self.parked(&caller, request.get_ref()).await.map_err(status)?;
        Ok(Response::new(pb::ListParkedResponse { parked }))
    }

    async fn show_parked(
        &self,
        request: Request<pb::ShowParkedRequest>,
    ) -> Result<Response<pb::ShowParkedResponse>, Status> {
        let caller = operator::admitted(&request)?;
        let found = self.parked_one(&caller, &request.get_ref().parked_id).await;
        let found = found.map_err(status)?;
        Ok(Response::new(pb::ShowParkedResponse {
            parked: Some(operator::parked(&found)),
            payload: found.what.payload,
        }))
    }

    async fn replay_parked(
        &self,
        request: Request<pb::ReplayParkedRequest>,
    ) -> Result<Response<pb::ReplayParkedResponse>, Status> {
        let caller = operator::admitted(&request)?;
        let results = self.replay(&caller, request.into_inner().parked_ids).await;
        Ok(Response::new(pb::ReplayParkedResponse { results: results.map_err(status)? }))
    }
}
