//! Routing and notification, played.

use kit_service::rpc::{caller, status};
use kit_values::Fault;
use proto::routing::v1 as routing;
use proto::routing::v1::routing_service_server::RoutingService;
use tonic::{Request, Response, Status};

use crate::peers::Peers;

pub fn not_played<T>() -> Result<Response<T>, Status> {
    Err(Status::unimplemented("not played"))
}

/// What somebody has chosen who has chosen nothing yet.
pub fn away(member: &str) -> routing::MemberAvailability {
    routing::MemberAvailability {
        member_id: member.to_owned(),
        availability: routing::Availability::Away.into(),
        since: Some(prost_types::Timestamp { seconds: 1_700_000_000, nanos: 0 }),
        presence: routing::Presence::Present.into(),
        load: 2,
        capacity: 5,
        hard_limit: 10,
        ..routing::MemberAvailability::default()
    }
}

impl Peers {
    fn own(&self, member: uuid::Uuid) -> (routing::MemberAvailability, bool) {
        let id = format!("mem_{}", member.simple());
        let held = self.held();
        let chosen = held.availability.get(&id).cloned();
        (chosen.clone().unwrap_or_else(|| away(&id)), chosen.is_none())
    }
}

#[tonic::async_trait]
impl RoutingService for Peers {
    async fn report_sessions(
        &self,
        request: Request<routing::ReportSessionsRequest>,
    ) -> Result<Response<routing::ReportSessionsResponse>, Status> {
        caller(&request)?.require_installation().map_err(status)?;
        let mut held = self.held();
        if held.reports_away {
            return Err(Status::unavailable("away"));
        }
        held.reports.push((std::time::Instant::now(), request.into_inner()));
        Ok(Response::new(routing::ReportSessionsResponse {}))
    }

    async fn get_availability(
        &self,
        request: Request<routing::GetAvailabilityRequest>,
    ) -> Result<Response<routing::GetAvailabilityResponse>, Status> {
        let (_, member) = self.asked(&request)?;
        let (availability, never_chosen) = self.own(member);
        let availability = Some(availability);
        Ok(Response::new(routing::GetAvailabilityResponse { availability, never_chosen }))
    }

    async fn set_availability(
        &self,
        request: Request<routing::SetAvailabilityRequest>,
    ) -> Result<Response<routing::SetAvailabilityResponse>, Status> {
        let (organization, member) = self.asked(&request)?;
        let asked = request.into_inner();
        let (mut availability, _) = self.own(member);
        let mut held = self.held();
        let states = held.away_states.get(&organization).cloned().unwrap_or_default();
        let known = states.iter().any(|state| state.away_state_id == asked.away_state_id);
        if !asked.away_state_id.is_empty() && !known {
            return Err(status(Fault::not_found("away state")));
        }
        availability.availability = asked.availability;
        availability.away_state_id = asked.away_state_id;
        availability.epoch += 1;
        held.availability.insert(availability.member_id.clone(), availability.clone());
        let handed_back = if asked.keep_conversations { 0 } else { 2 };
        let availability = Some(availability);
        Ok(Response::new(routing::SetAvailabilityResponse { availability, handed_back }))
    }

    async fn set_default_availability(
        &self,
        request: Request<routing::SetDefaultAvailabilityRequest>,
    ) -> Result<Response<routing::SetDefaultAvailabilityResponse>, Status> {
        let (_, member) = self.asked(&request)?;
        let (mut availability, _) = self.own(member);
        availability.default_availability = request.get_ref().availability;
        availability.epoch += 1;
        let mut held = self.held();
        held.availability.insert(availability.member_id.clone(), availability.clone());
        let availability = Some(availability);
        Ok(Response::new(routing::SetDefaultAvailabilityResponse { availability }))
    }

    async fn list_team(
        &self,
        request: Request<routing::ListTeamRequest>,
    ) -> Result<Response<routing::ListTeamResponse>, Status> {
        let (organization, _) = self.asked(&request)?;
        let organization = organization.to_string();
        let held = self.held();
        let members = held.members.values().map(|(_, member)| member);
        let members = members.filter(|member| member.organization_id == organization);
        let members = members.map(|member| away(&member.member_id)).collect();
        let team = Some(routing::TeamCapacity { capacity: 5, hard_limit: 0 });
        Ok(Response::new(routing::ListTeamResponse { members, team }))
    }

    async fn set_team_capacity(
        &self,
        request: Request<routing::SetTeamCapacityRequest>,
    ) -> Result<Response<routing::SetTeamCapacityResponse>, Status> {
        self.asked(&request)?;
        let team = request.into_inner().team;
        if team.is_some_and(|team| team.hard_limit > 0 && team.hard_limit < team.capacity) {
            let sentence = "The hard limit is not below the capacity.";
            let fault = Fault::invalid("hard_limit_below_capacity", "hard_limit", sentence);
            return Err(status(fault));
        }
        Ok(Response::new(routing::SetTeamCapacityResponse { team }))
    }

    async fn set_member_capacity(
        &self,
        request: Request<routing::SetMemberCapacityRequest>,
    ) -> Result<Response<routing::SetMemberCapacityResponse>, Status> {
        let (organization, _) = self.asked(&request)?;
        let asked = request.into_inner();
        let organization = organization.to_string();
        let known = self.held().members.values().any(|(_, member)| {
            member.organization_id == organization && member.member_id == asked.member_id
        });
        if !known {
            return Err(status(Fault::not_found("member")));
        }
        let capacity = asked.capacity.unwrap_or(5);
        let member = Some(routing::MemberAvailability {
            capacity,
            hard_limit: 2 * capacity,
            own_capacity: asked.capacity,
            ..away(&asked.member_id)
        });
        Ok(Response::new(routing::SetMemberCapacityResponse { member }))
    }

    async fn list_away_states(
        &self,
        request: Request<routing::ListAwayStatesRequest>,
    ) -> Result<Response<routing::ListAwayStatesResponse>, Status> {
        let (organization, _) = self.asked(&request)?;
        let away_states = self.held().away_states.get(&organization).cloned().unwrap_or_default();
        Ok(Response::new(routing::ListAwayStatesResponse { away_states }))
    }

    async fn take(
        &self,
        request: Request<routing::TakeRequest>,
    ) -> Result<Response<routing::TakeResponse>, Status> {
        let (organization, member) = self.asked(&request)?;
        self.row_of(organization, &request.get_ref().conversation_id)?;
        let owner_member_id = format!("mem_{}", member.simple());
        Ok(Response::new(routing::TakeResponse { owner_member_id, epoch: 4 }))
    }

    async fn assign(
        &self,
        request: Request<routing::AssignRequest>,
    ) -> Result<Response<routing::AssignResponse>, Status> {
        let (organization, _) = self.asked(&request)?;
        let asked = request.into_inner();
        self.row_of(organization, &asked.conversation_id)?;
        let organization = organization.to_string();
        let known = self.held().members.values().any(|(_, member)| {
            member.organization_id == organization && member.member_id == asked.member_id
        });
        if !known {
            return Err(status(Fault::not_found("member")));
        }
        let answer = routing::AssignResponse { owner_member_id: asked.member_id, epoch: 5 };
        Ok(Response::new(answer))
    }

    async fn unassign(
        &self,
        request: Request<routing::UnassignRequest>,
    ) -> Result<Response<routing::UnassignResponse>, Status> {
        let (organization, _) = self.asked(&request)?;
        self.row_of(organization, &request.get_ref().conversation_id)?;
        Ok(Response::new(routing::UnassignResponse { epoch: 6 }))
    }

    async fn assign_several(
        &self,
        request: Request<routing::AssignSeveralRequest>,
    ) -> Result<Response<routing::AssignSeveralResponse>, Status> {
        let (organization, _) = self.asked(&request)?;
        let asked = request.into_inner();
        let results = asked.conversation_ids.iter().map(|id| {
            let key = (asked.idempotency_key.clone(), id.clone());
            if let Some(kept) = self.held().assigned.get(&key) {
                return kept.clone();
            }
            let mut result =
                routing::AssignResult { conversation_id: id.clone(), ..Default::default() };
            if let Some(row) = self.held().rows.get_mut(&(organization, id.clone())) {
                let owner = asked.member_id.clone().unwrap_or_default();
                result.done = true;
                result.state_before = row.state;
                result.owner_before = std::mem::replace(&mut row.owner_member_id, owner);
            } else {
                "not_found".clone_into(&mut result.code);
                "No.".clone_into(&mut result.sentence);
            }
            self.held().assigned.insert(key, result.clone());
            result
        });
        let results = results.collect();
        Ok(Response::new(routing::AssignSeveralResponse { results }))
    }

    async fn explain(
        &self,
        request: Request<routing::ExplainRequest>,
    ) -> Result<Response<routing::ExplainResponse>, Status> {
        let (organization, member) = self.asked(&request)?;
        let conversation_id = request.into_inner().conversation_id;
        self.row_of(organization, &conversation_id)?;
        let member_id = format!("mem_{}", member.simple());
        let explanation = routing::Explanation {
            decision_id: "dec_1".to_owned(),
            conversation_id,
            at: Some(prost_types::Timestamp { seconds: 1_700_000_000, nanos: 0 }),
            outcome: "assigned".to_owned(),
            member_id: member_id.clone(),
            candidates: vec![routing::Candidate {
                member_id,
                removed_by: "away".to_owned(),
                load: 1,
                capacity: 5,
                last_assigned_at: None,
            }],
            policy_version: 3,
            ..routing::Explanation::default()
        };
        Ok(Response::new(routing::ExplainResponse { explanations: vec![explanation] }))
    }

    async fn create_away_state(
        &self,
        _: Request<routing::CreateAwayStateRequest>,
    ) -> Result<Response<routing::CreateAwayStateResponse>, Status> {
        not_played()
    }

    async fn list_parked(
        &self,
        _: Request<routing::ListParkedRequest>,
    ) -> Result<Response<routing::ListParkedResponse>, Status> {
        not_played()
    }

    async fn show_parked(
        &self,
        _: Request<routing::ShowParkedRequest>,
    ) -> Result<Response<routing::ShowParkedResponse>, Status> {
        not_played()
    }

    async fn replay_parked(
        &self,
        _: Request<routing::ReplayParkedRequest>,
    ) -> Result<Response<routing::ReplayParkedResponse>, Status> {
        not_played()
    }
}
