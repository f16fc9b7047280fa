//! From lists: `/api/v1/conversations/bulk`, `/index`, and `/{id}/reminder`.

use axum::Json;
use axum::extract::State as Shared;
use kit_service::http::Problem;
use kit_values::Fault;

use super::conversations::ListParameters;
use super::guard::Member;
use super::input::{Body, Parameters, PathId};
use crate::domain::ConversationKind;
use crate::state::State;
use crate::wire::rest::{
    BulkAction, BulkResults, BulkWanted, ChangedRow, ListIndex, ProblemDocument, ReminderCancelled,
    ReminderWanted,
};

/// Most conversations of one request.
const MOST_AT_ONCE: usize = 100;

/// Change several conversations
///
/// Each by itself: what is refused of one says so in its result, and does not touch the others.
/// The same key gives the first outcome. Undoing is another such request with what stood before.
#[utoipa::path(
    post,
    path = "/conversations/bulk",
    tag = "conversations",
    request_body = BulkWanted,
    responses(
        (status = OK, description = "What became of each", body = BulkResults),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`, or not allowed", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn bulk(
    Shared(state): Shared<State>,
    member: Member,
    Body(wanted): Body<BulkWanted>,
) -> Result<Json<BulkResults>, Problem> {
    let ids = wanted.conversation_ids;
    if ids.is_empty() || ids.len() > MOST_AT_ONCE {
        let sentence = format!("Name 1 to {MOST_AT_ONCE} conversations.");
        return Err(Problem(Fault::invalid("ids", "conversation_ids", sentence)));
    }
    let caller = member.caller();
    let results = match wanted.action {
        BulkAction::To(of) => {
            let seen = &wanted.seen_through;
            state.lists.change_states(&caller, wanted.key, ids, of.to, seen).await?
        }
        BulkAction::Assign(of) => {
            state.routing.assign_several(&caller, wanted.key, ids, of.assign_to).await?
        }
    };
    Ok(Json(results))
}

/// Every place of a queue
///
/// In the order of its list, at most 50,000; `limit` and `after` say nothing. The live feed, given
/// this cursor, tells whatever changes afterwards.
#[utoipa::path(
    get,
    path = "/conversations/index",
    tag = "conversations",
    params(ListParameters),
    responses(
        (status = OK, description = "Ids and what they are ordered by", body = ListIndex),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = []))
)]
pub async fn index(
    Shared(state): Shared<State>,
    member: Member,
    Parameters(asked): Parameters<ListParameters>,
) -> Result<Json<ListIndex>, Problem> {
    // Before anything is read: what is read afterwards can only be newer.
    let cursor = state.hub.cursor(member.session.organization);
    let filters = asked.filters(&member);
    Ok(Json(state.lists.index(&member.caller(), filters, cursor).await?))
}

/// Set a reminder
///
/// At that moment the conversation is among those that wait again. From New it sets Pending;
/// another one takes the place of the one that stands.
#[utoipa::path(
    put,
    path = "/conversations/{conversation_id}/reminder",
    tag = "conversations",
    params(("conversation_id" = String, Path, description = "`conv_…`")),
    request_body = ReminderWanted,
    responses(
        (status = OK, description = "It stands so", body = ChangedRow),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`, or not allowed", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such conversation", body = ProblemDocument, content_type = "application/problem+json"),
        (status = CONFLICT, description = "Code `newer_message`, `goes_on_elsewhere` …", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn remind(
    Shared(state): Shared<State>,
    member: Member,
    PathId(id): PathId<ConversationKind>,
    Body(wanted): Body<ReminderWanted>,
) -> Result<Json<ChangedRow>, Problem> {
    Ok(Json(state.lists.remind(&member.caller(), id, wanted).await?))
}

/// Cancel a reminder
#[utoipa::path(
    delete,
    path = "/conversations/{conversation_id}/reminder",
    tag = "conversations",
    params(("conversation_id" = String, Path, description = "`conv_…`")),
    request_body = ReminderCancelled,
    responses(
        (status = OK, description = "It has none any more", body = ChangedRow),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`, or not allowed", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such conversation", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn cancel_reminder(
    Shared(state): Shared<State>,
    member: Member,
    PathId(id): PathId<ConversationKind>,
    Body(ReminderCancelled { key }): Body<ReminderCancelled>,
) -> Result<Json<ChangedRow>, Problem> {
    Ok(Json(state.lists.cancel_reminder(&member.caller(), id, key).await?))
}
