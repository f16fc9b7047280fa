//! Routing: availability and ownership, and the sessions that it is told of.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use kit_service::rpc::{self, Channel, Client};
use kit_service::{Caller, Identity, Peer};
use kit_values::Fault;
use proto::routing::v1 as routing;
use proto::routing::v1::routing_service_client::RoutingServiceClient;
use uuid::Uuid;

use super::{DEADLINE, People, incomplete};
use crate::domain::connections::Report;
use crate::domain::{ConversationId, MemberId};
use crate::wire::{from_proto, reports, rest};

/// How long a report may take: the next renewal is due then.
const REPORT: Duration = Duration::from_secs(4);

/// How long a person waits for a hundred owners, one after another.
const SEVERAL: Duration = Duration::from_secs(15);

/// Routing.
#[derive(Clone)]
pub struct Routing {
    client: RoutingServiceClient<Channel>,
    people: People,
}

impl Routing {
    /// At this address; connected when first used.
    ///
    /// # Errors
    /// Invalid when it is no address.
    pub fn new(peer: &Peer, identity: Identity, people: People) -> Result<Self, Fault> {
        let channel = Client::connect(peer, identity, "routing")?;
        Ok(Self { client: RoutingServiceClient::new(channel), people })
    }

    /// Tells which sessions there are, and where their members type.
    ///
    /// # Errors
    /// Whatever kept it from being told.
    pub async fn report(
        &self,
        report: &Report,
        typing: &BTreeMap<Uuid, ConversationId>,
    ) -> Result<(), Fault> {
        let message = reports::request(report, typing);
        let request = rpc::request(message, &Caller::installation(), REPORT);
        self.client.clone().report_sessions(request).await.map_err(rpc::fault)?;
        Ok(())
    }

    /// The member's own availability.
    pub async fn availability(&self, caller: &Caller) -> Result<rest::OwnAvailability, Fault> {
        let request = rpc::request(routing::GetAvailabilityRequest {}, caller, DEADLINE);
        let answer = self.client.clone().get_availability(request).await.map_err(rpc::fault)?;
        let answer = answer.into_inner();
        let availability = answer.availability.ok_or_else(incomplete)?;
        from_proto::own_availability(availability, answer.never_chosen)
    }

    /// Available, or away while the member types in these.
    ///
    /// # Errors
    /// Not found without such an away state.
    pub async fn choose(
        &self,
        caller: &Caller,
        wanted: rest::AvailabilityWanted,
        typing: &BTreeSet<ConversationId>,
    ) -> Result<rest::ChosenAvailability, Fault> {
        let message = routing::SetAvailabilityRequest {
            availability: from_proto::availability_wanted(wanted.availability).into(),
            away_state_id: wanted.away_state_id.unwrap_or_default(),
            keep_conversations: wanted.keep_conversations,
            typing_conversation_ids: typing.iter().map(ToString::to_string).collect(),
        };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.client.clone().set_availability(request).await.map_err(rpc::fault)?;
        let answer = answer.into_inner();
        let availability = answer.availability.ok_or_else(incomplete)?;
        Ok(rest::ChosenAvailability {
            availability: from_proto::own_availability(availability, false)?,
            handed_back: answer.handed_back,
        })
    }

    /// What the next sign-in starts with.
    pub async fn choose_default(
        &self,
        caller: &Caller,
        wanted: rest::AvailabilityChoice,
    ) -> Result<rest::OwnAvailability, Fault> {
        let availability = from_proto::availability_wanted(wanted).into();
        let message = routing::SetDefaultAvailabilityRequest { availability };
        let request = rpc::request(message, caller, DEADLINE);
        self.client.clone().set_default_availability(request).await.map_err(rpc::fault)?;
        // Its own answer does not say whether the member has chosen.
        self.availability(caller).await
    }

    /// The reasons for being away that may be chosen.
    pub async fn away_states(&self, caller: &Caller) -> Result<rest::AwayStates, Fault> {
        let request = rpc::request(routing::ListAwayStatesRequest {}, caller, DEADLINE);
        let answer = self.client.clone().list_away_states(request).await.map_err(rpc::fault)?;
        let states = answer.into_inner().away_states;
        let mut states: Vec<_> = states.into_iter().filter_map(from_proto::away_state).collect();
        states.sort_by_key(|state| state.position);
        Ok(rest::AwayStates { away_states: states })
    }

    /// Everybody.
    pub async fn team(&self, caller: &Caller) -> Result<rest::Team, Fault> {
        let request = rpc::request(routing::ListTeamRequest {}, caller, DEADLINE);
        let answer = self.client.clone().list_team(request).await.map_err(rpc::fault)?;
        let answer = answer.into_inner();
        let capacity = from_proto::team_capacity(answer.team.ok_or_else(incomplete)?);
        let members = answer.members;
        let ids = members.iter().map(|member| member.member_id.as_str()).collect();
        let names = self.people.names(caller.organization()?, ids).await;
        let members = members.into_iter().map(|member| from_proto::team_member(member, &names));
        Ok(rest::Team { members: members.collect::<Result<_, _>>()?, capacity })
    }

    /// How much everybody may own who has no capacity of their own.
    ///
    /// # Errors
    /// Invalid or forbidden, as routing says.
    pub async fn limit_team(
        &self,
        caller: &Caller,
        wanted: rest::TeamCapacity,
    ) -> Result<rest::TeamCapacity, Fault> {
        let hard_limit = wanted.hard_limit.unwrap_or_default();
        let team = Some(routing::TeamCapacity { capacity: wanted.capacity, hard_limit });
        let request = rpc::request(routing::SetTeamCapacityRequest { team }, caller, DEADLINE);
        let answer = self.client.clone().set_team_capacity(request).await.map_err(rpc::fault)?;
        let team = answer.into_inner().team.ok_or_else(incomplete)?;
        Ok(from_proto::team_capacity(team))
    }

    /// How much one member may own.
    ///
    /// # Errors
    /// Invalid, forbidden or not found, as routing says.
    pub async fn limit_member(
        &self,
        caller: &Caller,
        member: MemberId,
        capacity: Option<i32>,
    ) -> Result<rest::TeamMember, Fault> {
        let message = routing::SetMemberCapacityRequest { member_id: member.to_string(), capacity };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.client.clone().set_member_capacity(request).await.map_err(rpc::fault)?;
        let member = answer.into_inner().member.ok_or_else(incomplete)?;
        let ids = vec![member.member_id.as_str()];
        let names = self.people.names(caller.organization()?, ids).await;
        from_proto::team_member(member, &names)
    }

    /// The member becomes the owner.
    ///
    /// # Errors
    /// Rejected or not found, as routing says.
    pub async fn take(
        &self,
        caller: &Caller,
        of: ConversationId,
    ) -> Result<rest::Ownership, Fault> {
        let message = routing::TakeRequest { conversation_id: of.to_string() };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.client.clone().take(request).await.map_err(rpc::fault)?.into_inner();
        self.ownership(caller, answer.owner_member_id, answer.epoch).await
    }

    /// A member becomes the owner.
    ///
    /// # Errors
    /// Rejected, forbidden or not found, as routing says.
    pub async fn assign(
        &self,
        caller: &Caller,
        of: ConversationId,
        to: String,
    ) -> Result<rest::Ownership, Fault> {
        let message = routing::AssignRequest { conversation_id: of.to_string(), member_id: to };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.client.clone().assign(request).await.map_err(rpc::fault)?.into_inner();
        self.ownership(caller, answer.owner_member_id, answer.epoch).await
    }

    /// Nobody is the owner any more.
    ///
    /// # Errors
    /// Rejected, forbidden or not found, as routing says.
    pub async fn unassign(
        &self,
        caller: &Caller,
        of: ConversationId,
    ) -> Result<rest::Ownership, Fault> {
        let message = routing::UnassignRequest { conversation_id: of.to_string() };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.client.clone().unassign(request).await.map_err(rpc::fault)?.into_inner();
        Ok(rest::Ownership { owner: None, owner_epoch: answer.epoch })
    }

    /// Changes the owner of several conversations: assigning anew to the same is no change.
    ///
    /// # Errors
    /// Invalid as routing says; what is refused of one is in its result.
    pub async fn assign_several(
        &self,
        caller: &Caller,
        key: String,
        ids: Vec<String>,
        to: Option<String>,
    ) -> Result<rest::BulkResults, Fault> {
        let message = routing::AssignSeveralRequest {
            idempotency_key: key,
            conversation_ids: ids,
            member_id: to,
        };
        let request = rpc::request(message, caller, SEVERAL);
        let answer = self.client.clone().assign_several(request).await.map_err(rpc::fault)?;
        let results = answer.into_inner().results.into_iter().map(|result| rest::BulkResult {
            before: from_proto::stood(result.state_before()).map(|state| rest::StoodBefore {
                state,
                owner_member_id: from_proto::filled(result.owner_before.clone()),
            }),
            conversation_id: result.conversation_id,
            done: result.done,
            code: from_proto::filled(result.code),
            sentence: from_proto::filled(result.sentence),
            undelivered_replies: 0,
        });
        Ok(rest::BulkResults { results: results.collect() })
    }

    /// Why a conversation has its owner, or none yet.
    ///
    /// # Errors
    /// Not found without such a conversation.
    pub async fn explain(
        &self,
        caller: &Caller,
        of: ConversationId,
    ) -> Result<rest::Explanations, Fault> {
        let message = routing::ExplainRequest { conversation_id: of.to_string() };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.client.clone().explain(request).await.map_err(rpc::fault)?;
        let told = answer.into_inner().explanations;
        let candidates = told.iter().flat_map(|one| &one.candidates);
        let candidates = candidates.map(|candidate| candidate.member_id.as_str());
        let others = told.iter().flat_map(|one| [&one.member_id, &one.by_member_id]);
        let members = others.map(String::as_str).chain(candidates).collect();
        let names = self.people.names(caller.organization()?, members).await;
        let explanations = told.into_iter().map(|one| from_proto::explanation(one, &names));
        Ok(rest::Explanations { explanations: explanations.collect::<Result<_, _>>()? })
    }

    async fn ownership(
        &self,
        caller: &Caller,
        owner: String,
        owner_epoch: i64,
    ) -> Result<rest::Ownership, Fault> {
        let names = self.people.names(caller.organization()?, vec![owner.as_str()]).await;
        Ok(rest::Ownership { owner: names.owner(owner), owner_epoch })
    }
}
