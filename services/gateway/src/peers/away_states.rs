//! Routing: what supervisors set there, and who did.

use kit_service::rpc::{self, Channel, Client};
use kit_service::{Caller, Identity, Peer};
use kit_values::Fault;
use proto::routing::v1 as routing;
use proto::routing::v1::routing_service_client::RoutingServiceClient;
use proto::routing::v1::routing_settings_service_client::RoutingSettingsServiceClient;

use super::DEADLINE;
use crate::domain::AwayStateId;
use crate::wire::{from_proto, rest};

/// Reasons for being away, as supervisors set them.
#[derive(Clone)]
pub struct AwayStates {
    routing: RoutingServiceClient<Channel>,
    settings: RoutingSettingsServiceClient<Channel>,
}

impl AwayStates {
    /// At routing's address; connected when first used.
    ///
    /// # Errors
    /// Invalid when it is no address.
    pub fn new(peer: &Peer, identity: Identity) -> Result<Self, Fault> {
        let channel = Client::connect(peer, identity, "routing")?;
        Ok(Self {
            routing: RoutingServiceClient::new(channel.clone()),
            settings: RoutingSettingsServiceClient::new(channel),
        })
    }

    /// All of them.
    pub async fn all(&self, caller: &Caller) -> Result<rest::ManagedAwayStates, Fault> {
        let request = rpc::request(routing::ListAwayStatesRequest {}, caller, DEADLINE);
        let answer = self.routing.clone().list_away_states(request).await.map_err(rpc::fault)?;
        Ok(from_proto::managed_away_states(answer.into_inner().away_states))
    }

    /// One more.
    ///
    /// # Errors
    /// Invalid, forbidden or conflict, as routing says.
    pub async fn add(
        &self,
        caller: &Caller,
        wanted: rest::AwayStateWanted,
    ) -> Result<rest::ManagedAwayStates, Fault> {
        let message = routing::AddAwayStateRequest { name: wanted.name };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.settings.clone().add_away_state(request).await.map_err(rpc::fault)?;
        Ok(from_proto::managed_away_states(answer.into_inner().away_states))
    }

    /// Another name, or whether it may be chosen.
    ///
    /// # Errors
    /// Invalid, forbidden, not found or conflict, as routing says.
    pub async fn change(
        &self,
        caller: &Caller,
        id: AwayStateId,
        change: rest::AwayStateChange,
    ) -> Result<rest::ManagedAwayStates, Fault> {
        let message = routing::ChangeAwayStateRequest {
            away_state_id: id.to_string(),
            name: change.name,
            archived: change.enabled.map(|enabled| !enabled),
            rev: change.rev,
        };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.settings.clone().change_away_state(request).await.map_err(rpc::fault)?;
        Ok(from_proto::managed_away_states(answer.into_inner().away_states))
    }

    /// Another order.
    ///
    /// # Errors
    /// Invalid, forbidden or conflict, as routing says.
    pub async fn order(
        &self,
        caller: &Caller,
        order: rest::AwayStateOrder,
    ) -> Result<rest::ManagedAwayStates, Fault> {
        let rest::AwayStateOrder { away_state_ids, rev } = order;
        let message = routing::OrderAwayStatesRequest { away_state_ids, rev };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.settings.clone().order_away_states(request).await.map_err(rpc::fault)?;
        Ok(from_proto::managed_away_states(answer.into_inner().away_states))
    }
}
