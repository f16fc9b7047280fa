//! The calls of `RoutingService`. Each sees the organization of its caller's token and no other:
//! ids of another one are not found.

mod capacity;
mod operator;
mod sessions;
mod settings;
mod several;

use kit_bus::parked;
use kit_service::rpc::{admitted, status};
use kit_store::Store;
use kit_values::{Fault, OrganizationId, now};
use proto::routing::v1 as calls;
use proto::routing::v1::routing_service_server::RoutingService;
use tonic::{Request, Response, Status};

use crate::app::{self, Asked, ByHand, Chose, Surroundings};
use crate::consume::{People, Standings};
use crate::domain::ownership::Assignment;
use crate::domain::presence::Presence;
use crate::domain::words::{Availability, ConversationId, MemberId};
use crate::metrics;
use crate::planner::Waker;
use crate::wire::{self, answers};

pub use settings::Settings;

/// Answers the calls.
#[derive(Debug, Clone)]
pub struct Routing {
    /// The service's database.
    pub store: Store,
    /// Who is there.
    pub surroundings: Surroundings,
    /// Wakes the planner.
    pub waker: Waker,
    /// Replays what its reader parked.
    pub standings: Standings,
    /// The same.
    pub people: People,
}

/// Services that call on behalf of a member.
const MEMBERS: &[&str] = &["gateway"];

/// Who looks after the installation.
const OPERATOR: &[&str] = &["operator"];

/// Who calls, and for which organization.
fn member<T>(request: &Request<T>) -> Result<(OrganizationId, MemberId), Status> {
    let caller = admitted(request, MEMBERS)?;
    let organization = caller.organization().map_err(status)?;
    Ok((organization, MemberId::from_uuid(caller.member().map_err(status)?)))
}

impl Routing {
    /// Records what a member asks for, and does what follows from it.
    async fn choose(
        &self,
        organization: OrganizationId,
        member: MemberId,
        asked: Asked,
        typing: &[ConversationId],
    ) -> Result<(Chose, usize), Fault> {
        let surroundings = self.surroundings.clone();
        let chose = self
            .store
            .transaction_retrying(&organization.into(), async move |transaction| {
                app::set_availability(
                    transaction,
                    &surroundings,
                    organization,
                    member,
                    asked,
                    now(),
                )
                .await
            })
            .await?;
        let back = self.follow(organization, member, &chose, typing).await;
        let presence = self.surroundings.presences.of(organization, &[member]).await;
        let mut chose = chose;
        chose.member.presence = presence.get(&member).copied();
        chose.member.load =
            chose.member.load.saturating_sub(u32::try_from(back).unwrap_or(u32::MAX));
        Ok((chose, back))
    }

    /// Hands back what a choice says must go back, and wakes the planner. What the member types in
    /// stays until they stop: as the gateway says that asks, and as the sessions' renewals say.
    async fn follow(
        &self,
        organization: OrganizationId,
        member: MemberId,
        chose: &Chose,
        typing: &[ConversationId],
    ) -> usize {
        let mut back = 0;
        if chose.hand_back {
            let presences = &self.surroundings.presences;
            if !typing.is_empty()
                && let Err(fault) = presences.note_typing(organization, member, typing).await
            {
                tracing::info!(%organization, %fault, "where a member types cannot be noted");
            }
            let mut typed_in = presences.typing(organization, member).await.unwrap_or_default();
            typed_in.extend(typing);
            // What was chosen is recorded; what could not go back yet, the sweep hands back.
            let presence = Presence::Unknown;
            match app::hand_back(&self.store, organization, member, presence, &typed_in).await {
                Ok(count) => back = count,
                Err(fault) => tracing::info!(%organization, %fault, "work goes back later"),
            }
            metrics::handed_back(back, "away");
        }
        if chose.plan || back > 0 {
            self.waker.wake(organization);
        }
        back
    }

    async fn own(
        &self,
        organization: OrganizationId,
        member: MemberId,
    ) -> Result<calls::GetAvailabilityResponse, Fault> {
        let surroundings = self.surroundings.clone();
        let mut chose = self
            .store
            .transaction_retrying(&organization.into(), async move |transaction| {
                app::own_availability(transaction, &surroundings, organization, member, now()).await
            })
            .await?;
        let presence = self.surroundings.presences.of(organization, &[member]).await;
        chose.member.presence = presence.get(&member).copied();
        Ok(calls::GetAvailabilityResponse {
            availability: Some(answers::availability(&chose.member)),
            never_chosen: !chose.ever_chosen,
        })
    }

    async fn by_hand(
        &self,
        (organization, by): (OrganizationId, MemberId),
        conversation: &str,
        what: ByHand,
    ) -> Result<Assignment, Fault> {
        let conversation = wire::id(conversation, "conversation")?;
        let (assignment, plan) = self
            .store
            .transaction_retrying(&organization.into(), async move |transaction| {
                app::by_hand(transaction, organization, conversation, by, what, now()).await
            })
            .await?;
        if plan {
            self.waker.wake(organization);
        }
        Ok(assignment)
    }
}

fn owner(assignment: &Assignment) -> String {
    assignment.owner.map(|owner| owner.to_string()).unwrap_or_default()
}

fn asked(code: i32) -> Result<Availability, Fault> {
    answers::read_availability(code).ok_or_else(|| {
        Fault::invalid("availability_unknown", "availability", "Say available or away.")
    })
}

#[tonic::async_trait]
impl RoutingService for Routing {
    async fn report_sessions(
        &self,
        request: Request<calls::ReportSessionsRequest>,
    ) -> Result<Response<calls::ReportSessionsResponse>, Status> {
        admitted(&request, MEMBERS)?.require_installation().map_err(status)?;
        self.report(request.into_inner()).await.map_err(status)?;
        Ok(Response::new(calls::ReportSessionsResponse {}))
    }

    async fn get_availability(
        &self,
        request: Request<calls::GetAvailabilityRequest>,
    ) -> Result<Response<calls::GetAvailabilityResponse>, Status> {
        let (organization, member) = member(&request)?;
        self.own(organization, member).await.map(Response::new).map_err(status)
    }

    async fn set_availability(
        &self,
        request: Request<calls::SetAvailabilityRequest>,
    ) -> Result<Response<calls::SetAvailabilityResponse>, Status> {
        let (organization, member) = member(&request)?;
        let wanted = request.into_inner();
        let ids = wanted.typing_conversation_ids.iter();
        let typing: Vec<ConversationId> = ids.filter_map(|id| id.parse().ok()).collect();
        let answer = async {
            let wanted = match asked(wanted.availability)? {
                Availability::Available => Asked::Available,
                Availability::Away => Asked::Away {
                    state: match wanted.away_state_id.as_str() {
                        "" => None,
                        id => Some(wire::id(id, "away state")?),
                    },
                    keep_conversations: wanted.keep_conversations,
                },
            };
            self.choose(organization, member, wanted, &typing).await
        };
        let (chose, back) = answer.await.map_err(status)?;
        Ok(Response::new(calls::SetAvailabilityResponse {
            availability: Some(answers::availability(&chose.member)),
            handed_back: i32::try_from(back).unwrap_or(i32::MAX),
        }))
    }

    async fn set_default_availability(
        &self,
        request: Request<calls::SetDefaultAvailabilityRequest>,
    ) -> Result<Response<calls::SetDefaultAvailabilityResponse>, Status> {
        let (organization, member) = member(&request)?;
        let wanted = request.into_inner().availability;
        let answer =
            async { self.choose(organization, member, Asked::Default(asked(wanted)?), &[]).await };
        let (chose, _) = answer.await.map_err(status)?;
        let availability = Some(answers::availability(&chose.member));
        Ok(Response::new(calls::SetDefaultAvailabilityResponse { availability }))
    }

    async fn list_team(
        &self,
        request: Request<calls::ListTeamRequest>,
    ) -> Result<Response<calls::ListTeamResponse>, Status> {
        let (organization, _) = member(&request)?;
        let surroundings = self.surroundings.clone();
        let (team, capacity) = self
            .store
            .transaction(&organization.into(), async move |transaction| {
                app::team(transaction, &surroundings, organization).await
            })
            .await
            .map_err(status)?;
        let members = team.iter().map(answers::availability).collect();
        Ok(Response::new(calls::ListTeamResponse {
            members,
            team: Some(answers::team_capacity(capacity)),
        }))
    }

    async fn set_team_capacity(
        &self,
        request: Request<calls::SetTeamCapacityRequest>,
    ) -> Result<Response<calls::SetTeamCapacityResponse>, Status> {
        let caller = member(&request)?;
        let wanted = request.into_inner().team.unwrap_or_default();
        let team = self.limit_team(caller, wanted).await.map_err(status)?;
        let team = Some(answers::team_capacity(team));
        Ok(Response::new(calls::SetTeamCapacityResponse { team }))
    }

    async fn set_member_capacity(
        &self,
        request: Request<calls::SetMemberCapacityRequest>,
    ) -> Result<Response<calls::SetMemberCapacityResponse>, Status> {
        let caller = member(&request)?;
        let member = self.limit_member(caller, request.into_inner()).await.map_err(status)?;
        let member = Some(answers::availability(&member));
        Ok(Response::new(calls::SetMemberCapacityResponse { member }))
    }

    async fn list_away_states(
        &self,
        request: Request<calls::ListAwayStatesRequest>,
    ) -> Result<Response<calls::ListAwayStatesResponse>, Status> {
        let (organization, _) = member(&request)?;
        let states = self
            .store
            .transaction(&organization.into(), async move |transaction| {
                app::list_away_states(transaction, organization).await
            })
            .await
            .map_err(status)?;
        let away_states = states.iter().map(answers::away_state).collect();
        Ok(Response::new(calls::ListAwayStatesResponse { away_states }))
    }

    async fn take(
        &self,
        request: Request<calls::TakeRequest>,
    ) -> Result<Response<calls::TakeResponse>, Status> {
        let caller = member(&request)?;
        let conversation = request.into_inner().conversation_id;
        let after = self.by_hand(caller, &conversation, ByHand::Take).await.map_err(status)?;
        let answer = calls::TakeResponse { owner_member_id: owner(&after), epoch: after.epoch };
        Ok(Response::new(answer))
    }

    async fn assign(
        &self,
        request: Request<calls::AssignRequest>,
    ) -> Result<Response<calls::AssignResponse>, Status> {
        let caller = member(&request)?;
        let wanted = request.into_inner();
        let answer = async {
            let to = wire::id(&wanted.member_id, "member")?;
            self.by_hand(caller, &wanted.conversation_id, ByHand::Assign(to)).await
        };
        let after = answer.await.map_err(status)?;
        let answer = calls::AssignResponse { owner_member_id: owner(&after), epoch: after.epoch };
        Ok(Response::new(answer))
    }

    async fn unassign(
        &self,
        request: Request<calls::UnassignRequest>,
    ) -> Result<Response<calls::UnassignResponse>, Status> {
        let caller = member(&request)?;
        let conversation = request.into_inner().conversation_id;
        let after = self.by_hand(caller, &conversation, ByHand::Unassign).await.map_err(status)?;
        Ok(Response::new(calls::UnassignResponse { epoch: after.epoch }))
    }

    async fn assign_several(
        &self,
        request: Request<calls::AssignSeveralRequest>,
    ) -> Result<Response<calls::AssignSeveralResponse>, Status> {
        let caller = member(&request)?;
        let results = self.assign_each(caller, request.into_inner()).await.map_err(status)?;
        Ok(Response::new(calls::AssignSeveralResponse { results }))
    }

    async fn explain(
        &self,
        request: Request<calls::ExplainRequest>,
    ) -> Result<Response<calls::ExplainResponse>, Status> {
        let caller = member(&request)?;
        let wanted = request.into_inner().conversation_id;
        let surroundings = self.surroundings.clone();
        let answer = async {
            let conversation = wire::id(&wanted, "conversation")?;
            self.store
                .transaction(&caller.0.into(), async move |transaction| {
                    app::explain(transaction, &surroundings, caller, conversation, now()).await
                })
                .await
        };
        let told = answer.await.map_err(status)?;
        let explanations = told.iter().map(answers::explanation).collect();
        Ok(Response::new(calls::ExplainResponse { explanations }))
    }

    async fn create_away_state(
        &self,
        request: Request<calls::CreateAwayStateRequest>,
    ) -> Result<Response<calls::CreateAwayStateResponse>, Status> {
        admitted(&request, OPERATOR)?.require_installation().map_err(status)?;
        let state = self.add_away_state(&request.into_inner()).await.map_err(status)?;
        let away_state = Some(answers::away_state(&state));
        Ok(Response::new(calls::CreateAwayStateResponse { away_state }))
    }

    async fn list_parked(
        &self,
        request: Request<calls::ListParkedRequest>,
    ) -> Result<Response<calls::ListParkedResponse>, Status> {
        let of = admitted(&request, OPERATOR)?.organization;
        let asked = request.get_ref();
        let found = parked::list(&self.store, of, &asked.after, asked.limit).await;
        let parked = found.map_err(status)?.iter().map(operator::parked).collect();
        Ok(Response::new(calls::ListParkedResponse { parked }))
    }

    async fn show_parked(
        &self,
        request: Request<calls::ShowParkedRequest>,
    ) -> Result<Response<calls::ShowParkedResponse>, Status> {
        let of = admitted(&request, OPERATOR)?.organization;
        let found = parked::show(&self.store, of, &request.get_ref().parked_id).await;
        let found = found.map_err(status)?;
        let parked = Some(operator::parked(&found));
        Ok(Response::new(calls::ShowParkedResponse { parked, payload: found.what.payload }))
    }

    async fn replay_parked(
        &self,
        request: Request<calls::ReplayParkedRequest>,
    ) -> Result<Response<calls::ReplayParkedResponse>, Status> {
        let of = admitted(&request, OPERATOR)?.organization;
        let asked = request.into_inner().parked_ids;
        let again = |found| self.replay_one(found);
        let results = parked::replay(&self.store, of, asked, again).await.map_err(status)?;
        let results = results.into_iter().map(operator::replayed).collect();
        Ok(Response::new(calls::ReplayParkedResponse { results }))
    }
}
