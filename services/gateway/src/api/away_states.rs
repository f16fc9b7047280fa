//! `/api/v1/settings/away-states`: routing decides who may.

use axum::Json;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use kit_service::http::Problem;

use super::guard::Member;
use super::input::{Body, PathId};
use crate::domain::AwayStateKind;
use crate::state::State;
use crate::wire::rest::{
    AwayStateChange, AwayStateOrder, AwayStateWanted, ManagedAwayStates, ProblemDocument,
};

/// Every reason for being away
///
/// Those that may not be chosen, too; `/away-states` has those that may.
#[utoipa::path(
    get,
    path = "/settings/away-states",
    tag = "settings",
    responses(
        (status = OK, description = "In their order", body = ManagedAwayStates),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = []))
)]
pub async fn all(
    Shared(state): Shared<State>,
    member: Member,
) -> Result<Json<ManagedAwayStates>, Problem> {
    Ok(Json(state.away_states.all(&member.caller()).await?))
}

/// One more reason for being away
///
/// For supervisors and administrators; it stands last and may be chosen at once.
#[utoipa::path(
    post,
    path = "/settings/away-states",
    tag = "settings",
    request_body = AwayStateWanted,
    responses(
        (status = CREATED, description = "The whole list", body = ManagedAwayStates),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf` or `supervisor_only`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = CONFLICT, description = "Code `away_state_name_taken` or `too_many_away_states`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Code `away_state_name`, or not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn add(
    Shared(state): Shared<State>,
    member: Member,
    Body(wanted): Body<AwayStateWanted>,
) -> Result<(StatusCode, Json<ManagedAwayStates>), Problem> {
    let list = state.away_states.add(&member.caller(), wanted).await?;
    Ok((StatusCode::CREATED, Json(list)))
}

/// Another name for a reason for being away, or whether it may be chosen
///
/// For supervisors and administrators. Whoever is away for this reason stays so.
#[utoipa::path(
    patch,
    path = "/settings/away-states/{away_state_id}",
    tag = "settings",
    params(("away_state_id" = String, Path, description = "`away_…`")),
    request_body = AwayStateChange,
    responses(
        (status = OK, description = "The whole list", body = ManagedAwayStates),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf` or `supervisor_only`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such away state", body = ProblemDocument, content_type = "application/problem+json"),
        (status = CONFLICT, description = "Code `stale` or `away_state_name_taken`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Code `away_state_name`, or not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn change(
    Shared(state): Shared<State>,
    member: Member,
    PathId(id): PathId<AwayStateKind>,
    Body(change): Body<AwayStateChange>,
) -> Result<Json<ManagedAwayStates>, Problem> {
    Ok(Json(state.away_states.change(&member.caller(), id, change).await?))
}

/// Another order of the reasons for being away
///
/// For supervisors and administrators.
#[utoipa::path(
    put,
    path = "/settings/away-states/order",
    tag = "settings",
    request_body = AwayStateOrder,
    responses(
        (status = OK, description = "The whole list", body = ManagedAwayStates),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf` or `supervisor_only`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = CONFLICT, description = "Code `stale`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Code `away_state_order`, or not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn order(
    Shared(state): Shared<State>,
    member: Member,
    Body(order): Body<AwayStateOrder>,
) -> Result<Json<ManagedAwayStates>, Problem> {
    Ok(Json(state.away_states.order(&member.caller(), order).await?))
}
