//! Answering: `/api/v1/conversations/{id}/replies`, `/state`, `/lock`, and `/api/v1/messages`.
//!
//! What a member may do is conversation's to decide; its codes come through unchanged.

use axum::Json;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use kit_service::http::Problem;

use super::drafts;
use super::guard::Member;
use super::input::{Body, PathId, Tab, TabHeader};
use crate::domain::{ConversationKind, MessageKind};
use crate::state::State;
use crate::wire::rest::{
    AcceptedReply, ChangedMessage, ChangedState, DraftMode, LockAnswer, LockReleased, LockWanted,
    ProblemDocument, ReplyWanted, RetryWanted, Settlement, StateWanted,
};

/// Reply
///
/// The reply is recorded and sent soon after; how that ends is told by the message. The same key
/// gives the first outcome, whatever else the request says.
#[utoipa::path(
    post,
    path = "/conversations/{conversation_id}/replies",
    tag = "answering",
    params(("conversation_id" = String, Path, description = "`conv_…`")),
    request_body = ReplyWanted,
    responses(
        (status = CREATED, description = "Accepted", body = AcceptedReply),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`, or not allowed", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such conversation", body = ProblemDocument, content_type = "application/problem+json"),
        (status = CONFLICT, description = "Code `lock_lost`, `newer_message`, or why this way of answering is not possible", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Code `text_too_long` with field `text`, or not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn reply(
    Shared(state): Shared<State>,
    member: Member,
    PathId(id): PathId<ConversationKind>,
    Body(wanted): Body<ReplyWanted>,
) -> Result<(StatusCode, Json<AcceptedReply>), Problem> {
    let accepted = state.conversations.accept_reply(&member.caller(), id, wanted).await?;
    // Its draft is gone with it.
    drafts::tell(&state, &member, id, DraftMode::Reply).await;
    Ok((StatusCode::CREATED, Json(accepted)))
}

/// Send a failed reply again
#[utoipa::path(
    post,
    path = "/messages/{message_id}/retry",
    tag = "answering",
    params(("message_id" = String, Path, description = "`msg_…`")),
    request_body = RetryWanted,
    responses(
        (status = OK, description = "It is on its way again", body = ChangedMessage),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`, or not allowed", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such message", body = ProblemDocument, content_type = "application/problem+json"),
        (status = CONFLICT, description = "Code `not_retryable`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn retry(
    Shared(state): Shared<State>,
    member: Member,
    PathId(id): PathId<MessageKind>,
    Body(wanted): Body<RetryWanted>,
) -> Result<Json<ChangedMessage>, Problem> {
    Ok(Json(state.conversations.retry_reply(&member.caller(), id, wanted).await?))
}

/// Say how an unknown reply ended
#[utoipa::path(
    post,
    path = "/messages/{message_id}/settle",
    tag = "answering",
    params(("message_id" = String, Path, description = "`msg_…`")),
    request_body = Settlement,
    responses(
        (status = OK, description = "It stands so", body = ChangedMessage),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`, or not allowed", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such message", body = ProblemDocument, content_type = "application/problem+json"),
        (status = CONFLICT, description = "Code `not_unknown`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn settle(
    Shared(state): Shared<State>,
    member: Member,
    PathId(id): PathId<MessageKind>,
    Body(Settlement { sent }): Body<Settlement>,
) -> Result<Json<ChangedMessage>, Problem> {
    Ok(Json(state.conversations.settle_reply(&member.caller(), id, sent).await?))
}

/// Pending, Resolve or Reopen
#[utoipa::path(
    post,
    path = "/conversations/{conversation_id}/state",
    tag = "answering",
    params(("conversation_id" = String, Path, description = "`conv_…`")),
    request_body = StateWanted,
    responses(
        (status = OK, description = "It stands so", body = ChangedState),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`, or not allowed", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such conversation", body = ProblemDocument, content_type = "application/problem+json"),
        (status = CONFLICT, description = "Code `newer_message`, `goes_on_elsewhere`, `not_open` …", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn change_state(
    Shared(state): Shared<State>,
    member: Member,
    PathId(id): PathId<ConversationKind>,
    Body(wanted): Body<StateWanted>,
) -> Result<Json<ChangedState>, Problem> {
    Ok(Json(state.conversations.change_state(&member.caller(), id, wanted).await?))
}

/// Take, renew or take over the reply lock
///
/// For 30 s, for the tab that the header `x-guichet-tab` names.
#[utoipa::path(
    put,
    path = "/conversations/{conversation_id}/lock",
    tag = "answering",
    params(("conversation_id" = String, Path, description = "`conv_…`"), TabHeader),
    request_body = LockWanted,
    responses(
        (status = OK, description = "Who holds it now, granted or not", body = LockAnswer),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`, or not allowed", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such conversation", body = ProblemDocument, content_type = "application/problem+json"),
        (status = CONFLICT, description = "Code `lock_held`: it may not be taken over", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn acquire_lock(
    Shared(state): Shared<State>,
    member: Member,
    Tab(tab): Tab,
    PathId(id): PathId<ConversationKind>,
    Body(LockWanted { take_over }): Body<LockWanted>,
) -> Result<Json<LockAnswer>, Problem> {
    let caller = member.caller();
    Ok(Json(state.conversations.acquire_lock(&caller, id, tab, take_over).await?))
}

/// Give the reply lock back
///
/// Nothing happens to a lock that is another tab's by now.
#[utoipa::path(
    delete,
    path = "/conversations/{conversation_id}/lock",
    tag = "answering",
    params(("conversation_id" = String, Path, description = "`conv_…`"), TabHeader),
    request_body = LockReleased,
    responses(
        (status = NO_CONTENT, description = "Given back"),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`, or not allowed", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such conversation", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn release_lock(
    Shared(state): Shared<State>,
    member: Member,
    Tab(tab): Tab,
    PathId(id): PathId<ConversationKind>,
    Body(LockReleased { fence }): Body<LockReleased>,
) -> Result<StatusCode, Problem> {
    state.conversations.release_lock(&member.caller(), id, tab, fence).await?;
    Ok(StatusCode::NO_CONTENT)
}
