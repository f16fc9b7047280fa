//! `/api/v1/availability`, `/api/v1/away-states` and `/api/v1/team`.

use axum::Json;
use axum::extract::State as Shared;
use kit_service::http::Problem;

use super::guard::Member;
use super::input::Body;
use crate::state::State;
use crate::wire::rest::{
    AvailabilityWanted, AwayStates, ChosenAvailability, DefaultWanted, OwnAvailability,
    ProblemDocument, Team,
};

/// The member's own availability
#[utoipa::path(
    get,
    path = "/availability",
    tag = "team",
    responses(
        (status = OK, description = "As it is", body = OwnAvailability),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = []))
)]
pub async fn current(
    Shared(state): Shared<State>,
    member: Member,
) -> Result<Json<OwnAvailability>, Problem> {
    Ok(Json(state.routing.availability(&member.caller()).await?))
}

/// Available, or away
///
/// Away takes effect at once: nothing is handed to the member after it. What they type in at that
/// moment goes back when they stop.
#[utoipa::path(
    put,
    path = "/availability",
    tag = "team",
    request_body = AvailabilityWanted,
    responses(
        (status = OK, description = "It stands so", body = ChosenAvailability),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`, or not allowed", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such away state", body = ProblemDocument, content_type = "application/problem+json"),
        (status = CONFLICT, description = "The away state may not be chosen any more", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn choose(
    Shared(state): Shared<State>,
    member: Member,
    Body(wanted): Body<AvailabilityWanted>,
) -> Result<Json<ChosenAvailability>, Problem> {
    let typing = state.typing.of(member.session.organization, member.session.member);
    Ok(Json(state.routing.choose(&member.caller(), wanted, &typing).await?))
}

/// What the member's sign-ins start with
#[utoipa::path(
    put,
    path = "/availability/default",
    tag = "team",
    request_body = DefaultWanted,
    responses(
        (status = OK, description = "It stands so", body = OwnAvailability),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`, or not allowed", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn choose_default(
    Shared(state): Shared<State>,
    member: Member,
    Body(DefaultWanted { availability }): Body<DefaultWanted>,
) -> Result<Json<OwnAvailability>, Problem> {
    Ok(Json(state.routing.choose_default(&member.caller(), availability).await?))
}

/// The organization's reasons for being away
#[utoipa::path(
    get,
    path = "/away-states",
    tag = "team",
    responses(
        (status = OK, description = "Those that may be chosen", body = AwayStates),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = []))
)]
pub async fn away_states(
    Shared(state): Shared<State>,
    member: Member,
) -> Result<Json<AwayStates>, Problem> {
    Ok(Json(state.routing.away_states(&member.caller()).await?))
}

/// Everybody who may be assigned to
#[utoipa::path(
    get,
    path = "/team",
    tag = "team",
    responses(
        (status = OK, description = "Everybody", body = Team),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = []))
)]
pub async fn team(Shared(state): Shared<State>, member: Member) -> Result<Json<Team>, Problem> {
    Ok(Json(state.routing.team(&member.caller()).await?))
}
