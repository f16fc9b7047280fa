//! How much members may own: `/api/v1/team/capacity` and `/api/v1/members/{id}/capacity`.
//!
//! Who may say so is routing's to decide; its codes come through unchanged.

use axum::Json;
use axum::extract::State as Shared;
use kit_service::http::Problem;

use super::guard::Member;
use super::input::{Body, PathId};
use crate::domain::MemberKind;
use crate::state::State;
use crate::wire::rest::{CapacityWanted, ProblemDocument, TeamCapacity, TeamMember};

/// How much the team's members may own
///
/// Holds at once for everybody who has no capacity of their own. Who owns more keeps it.
#[utoipa::path(
    put,
    path = "/team/capacity",
    tag = "team",
    request_body = TeamCapacity,
    responses(
        (status = OK, description = "It stands so", body = TeamCapacity),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`, or `supervisor_only`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Code `capacity_out_of_range` or `hard_limit_below_capacity`, or not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn team(
    Shared(state): Shared<State>,
    member: Member,
    Body(wanted): Body<TeamCapacity>,
) -> Result<Json<TeamCapacity>, Problem> {
    Ok(Json(state.routing.limit_team(&member.caller(), wanted).await?))
}

/// How much one member may own
///
/// Holds at once. Who owns more keeps it.
#[utoipa::path(
    put,
    path = "/members/{member_id}/capacity",
    tag = "team",
    params(("member_id" = String, Path, description = "`mem_…`")),
    request_body = CapacityWanted,
    responses(
        (status = OK, description = "It stands so", body = TeamMember),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`, or `supervisor_only`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such member", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Code `capacity_out_of_range`, or not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn member(
    Shared(state): Shared<State>,
    member: Member,
    PathId(of): PathId<MemberKind>,
    Body(wanted): Body<CapacityWanted>,
) -> Result<Json<TeamMember>, Problem> {
    Ok(Json(state.routing.limit_member(&member.caller(), of, wanted.capacity).await?))
}
