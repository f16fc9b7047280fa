//! `/api/v1/notifications`: the member's own.

use axum::Json;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use kit_service::http::Problem;
use kit_values::Fault;

use super::guard::Member;
use super::input::Body;
use crate::state::State;
use crate::wire::rest::{Notifications, ProblemDocument, ReadWanted};

/// What the member is told
#[utoipa::path(
    get,
    path = "/notifications",
    tag = "team",
    responses(
        (status = OK, description = "Those that stand", body = Notifications),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = []))
)]
pub async fn list(
    Shared(state): Shared<State>,
    member: Member,
) -> Result<Json<Notifications>, Problem> {
    Ok(Json(state.notifications.list(&member.caller()).await?))
}

/// A conversation was read
///
/// Withdraws the member's notification of it in every tab. Nothing happens when there is none.
#[utoipa::path(
    post,
    path = "/notifications/read",
    tag = "team",
    request_body = ReadWanted,
    responses(
        (status = NO_CONTENT, description = "None stands"),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`, or not allowed", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "This is no conversation's id", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn read(
    Shared(state): Shared<State>,
    member: Member,
    Body(ReadWanted { conversation_id }): Body<ReadWanted>,
) -> Result<StatusCode, Problem> {
    let conversation = conversation_id.parse().map_err(|_| Fault::not_found("conversation"))?;
    state.notifications.read(&member.caller(), conversation).await?;
    Ok(StatusCode::NO_CONTENT)
}
