//! The calls of `RoutingSettingsService`: away states, and who changed them.

use kit_service::rpc::status;
use kit_store::audit;
use kit_values::{Fault, OrganizationId, now};
use proto::routing::v1 as calls;
use proto::routing::v1::routing_settings_service_server::RoutingSettingsService;
use tonic::{Request, Response, Status};

use super::{Routing, member};
use crate::app;
use crate::domain::away_states::Change;
use crate::domain::view::AwayState;
use crate::domain::words::{AwayStateId, MemberId};
use crate::wire::{self, answers};

/// Answers the calls.
#[derive(Debug, Clone)]
pub struct Settings(pub Routing);

fn told(states: &[AwayState]) -> Vec<calls::AwayState> {
    states.iter().map(answers::away_state).collect()
}

impl Settings {
    async fn add(
        &self,
        (organization, by): (OrganizationId, MemberId),
        name: &str,
    ) -> Result<Vec<AwayState>, Fault> {
        let id = AwayStateId::mint();
        self.0
            .store
            .transaction_retrying(&organization.into(), async |transaction| {
                let one = (id, name);
                app::create_away_state(transaction, organization, Some(by), one, now()).await?;
                app::list_away_states(transaction, organization).await
            })
            .await
    }

    async fn change(
        &self,
        (organization, by): (OrganizationId, MemberId),
        wanted: calls::ChangeAwayStateRequest,
    ) -> Result<Vec<AwayState>, Fault> {
        let id: AwayStateId = wire::id(&wanted.away_state_id, "away state")?;
        let change = Change { name: wanted.name, archived: wanted.archived };
        self.0
            .store
            .transaction_retrying(&organization.into(), async |transaction| {
                let one = (id, wanted.rev);
                app::change_away_state(transaction, organization, by, one, &change, now()).await
            })
            .await
    }

    async fn order(
        &self,
        (organization, by): (OrganizationId, MemberId),
        wanted: calls::OrderAwayStatesRequest,
    ) -> Result<Vec<AwayState>, Fault> {
        let ids = wanted.away_state_ids.iter().map(|id| wire::id(id, "away state"));
        let ids: Vec<AwayStateId> = ids.collect::<Result<_, Fault>>()?;
        self.0
            .store
            .transaction_retrying(&organization.into(), async |transaction| {
                let rev = wanted.rev;
                app::order_away_states(transaction, organization, by, &ids, rev, now()).await
            })
            .await
    }
}

#[tonic::async_trait]
impl RoutingSettingsService for Settings {
    async fn add_away_state(
        &self,
        request: Request<calls::AddAwayStateRequest>,
    ) -> Result<Response<calls::AddAwayStateResponse>, Status> {
        let caller = member(&request)?;
        let states = self.add(caller, &request.get_ref().name).await.map_err(status)?;
        Ok(Response::new(calls::AddAwayStateResponse { away_states: told(&states) }))
    }

    async fn change_away_state(
        &self,
        request: Request<calls::ChangeAwayStateRequest>,
    ) -> Result<Response<calls::ChangeAwayStateResponse>, Status> {
        let caller = member(&request)?;
        let states = self.change(caller, request.into_inner()).await.map_err(status)?;
        Ok(Response::new(calls::ChangeAwayStateResponse { away_states: told(&states) }))
    }

    async fn order_away_states(
        &self,
        request: Request<calls::OrderAwayStatesRequest>,
    ) -> Result<Response<calls::OrderAwayStatesResponse>, Status> {
        let caller = member(&request)?;
        let states = self.order(caller, request.into_inner()).await.map_err(status)?;
        Ok(Response::new(calls::OrderAwayStatesResponse { away_states: told(&states) }))
    }

    async fn list_audit(
        &self,
        request: Request<calls::ListAuditRequest>,
    ) -> Result<Response<calls::ListAuditResponse>, Status> {
        let (organization, by) = member(&request)?;
        let calls::ListAuditRequest { before, limit } = *request.get_ref();
        let page = self
            .0
            .store
            .transaction(&organization.into(), async |transaction| {
                app::audit_page(transaction, organization, by, before, limit).await
            })
            .await;
        let audit::Page { entries, intact } = page.map_err(status)?;
        let entries = entries.into_iter().map(answers::entry).collect();
        Ok(Response::new(calls::ListAuditResponse { entries, intact }))
    }
}
