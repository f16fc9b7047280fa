//! Who answers what and why: `/api/v1/conversations/{id}/take`, `/assign`, `/unassign` and
//! `/explanations`.
//!
//! What a member may do is routing's to decide; its codes come through unchanged.

use axum::Json;
use axum::extract::State as Shared;
use kit_service::http::Problem;

use super::guard::Member;
use super::input::{Body, Nothing, PathId};
use crate::domain::ConversationKind;
use crate::state::State;
use crate::wire::rest::{AssigneeWanted, Explanations, Ownership, ProblemDocument};

/// Take a conversation
#[utoipa::path(
    post,
    path = "/conversations/{conversation_id}/take",
    tag = "team",
    params(("conversation_id" = String, Path, description = "`conv_…`")),
    responses(
        (status = OK, description = "It is the member's", body = Ownership),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`, or not allowed", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such conversation", body = ProblemDocument, content_type = "application/problem+json"),
        (status = CONFLICT, description = "Somebody else owns it, or the hard limit is reached", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn take(
    Shared(state): Shared<State>,
    member: Member,
    PathId(id): PathId<ConversationKind>,
    _: Nothing,
) -> Result<Json<Ownership>, Problem> {
    Ok(Json(state.routing.take(&member.caller(), id).await?))
}

/// Assign a conversation
#[utoipa::path(
    post,
    path = "/conversations/{conversation_id}/assign",
    tag = "team",
    params(("conversation_id" = String, Path, description = "`conv_…`")),
    request_body = AssigneeWanted,
    responses(
        (status = OK, description = "Who owns it now", body = Ownership),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`, or only supervisors may", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such conversation or member", body = ProblemDocument, content_type = "application/problem+json"),
        (status = CONFLICT, description = "The hard limit is reached", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn assign(
    Shared(state): Shared<State>,
    member: Member,
    PathId(id): PathId<ConversationKind>,
    Body(AssigneeWanted { member_id }): Body<AssigneeWanted>,
) -> Result<Json<Ownership>, Problem> {
    Ok(Json(state.routing.assign(&member.caller(), id, member_id).await?))
}

/// Put a conversation back into the queue
#[utoipa::path(
    post,
    path = "/conversations/{conversation_id}/unassign",
    tag = "team",
    params(("conversation_id" = String, Path, description = "`conv_…`")),
    responses(
        (status = OK, description = "Nobody owns it", body = Ownership),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`, or only its owner and supervisors may", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such conversation", body = ProblemDocument, content_type = "application/problem+json"),
        (status = CONFLICT, description = "The service says why not", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn unassign(
    Shared(state): Shared<State>,
    member: Member,
    PathId(id): PathId<ConversationKind>,
    _: Nothing,
) -> Result<Json<Ownership>, Problem> {
    Ok(Json(state.routing.unassign(&member.caller(), id).await?))
}

/// Why a conversation has its owner, or none yet
#[utoipa::path(
    get,
    path = "/conversations/{conversation_id}/explanations",
    tag = "team",
    params(("conversation_id" = String, Path, description = "`conv_…`")),
    responses(
        (status = OK, description = "The newest decision first", body = Explanations),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such conversation", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = []))
)]
pub async fn explanations(
    Shared(state): Shared<State>,
    member: Member,
    PathId(id): PathId<ConversationKind>,
) -> Result<Json<Explanations>, Problem> {
    Ok(Json(state.routing.explain(&member.caller(), id).await?))
}
