//! `/api/v1/conversations`.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State as Shared;
use kit_service::http::Problem;
use kit_values::Fault;
use serde::Deserialize;
use utoipa::IntoParams;

use super::guard::Member;
use super::input::{Body, Parameters, PathId};
use crate::domain::{ConversationId, ConversationKind};
use crate::peers::{Assignee, Filters, MOST_ROWS};
use crate::state::State;
use crate::wire::rest::{
    MessageKind, MessagePage, OpenRow, ProblemDocument, Queue, RowPage, Rows, RowsWanted, Sort,
};

/// Most of a page.
const LONGEST_PAGE: i32 = 200;

/// Which part of which list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListParameters {
    /// What to list.
    queue: Queue,
    /// 1 to 200; 50 by default.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i32>,
    /// `next` of the page before.
    after: Option<String>,
    /// Whose: `me`, `none`, or `mem_…`.
    assignee: Option<String>,
    /// With this account (`chan_…`).
    channel_id: Option<String>,
    /// What the newest message is.
    kind: Option<MessageKind>,
    /// `true`: only where the member has a draft.
    has_draft: Option<bool>,
    /// The order; the queue's own by default.
    sort: Option<Sort>,
}

impl ListParameters {
    /// What is asked of conversation by `member`.
    pub(super) fn filters(&self, member: &Member) -> Filters {
        let assignee = match self.assignee.as_deref() {
            None => Assignee::Any,
            Some("none") => Assignee::Nobody,
            Some("me") => Assignee::Member(member.session.member.to_string()),
            Some(other) => Assignee::Member(other.to_owned()),
        };
        Filters {
            queue: self.queue,
            assignee,
            channel: self.channel_id.clone(),
            kind: self.kind,
            has_draft: self.has_draft.unwrap_or_default(),
            sort: self.sort,
        }
    }
}

/// A queue's conversations
#[utoipa::path(
    get,
    path = "/conversations",
    tag = "conversations",
    params(ListParameters),
    responses(
        (status = OK, description = "One page", body = RowPage),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = []))
)]
pub async fn list(
    Shared(state): Shared<State>,
    member: Member,
    Parameters(asked): Parameters<ListParameters>,
) -> Result<Json<RowPage>, Problem> {
    let filters = asked.filters(&member);
    let (limit, after) = (page_length(asked.limit)?, asked.after.unwrap_or_default());
    Ok(Json(state.conversations.list(&member.caller(), filters, limit, after).await?))
}

/// Conversations by id
///
/// Those that exist; when none does, not found.
#[utoipa::path(
    post,
    path = "/conversations/batch",
    tag = "conversations",
    request_body = RowsWanted,
    responses(
        (status = OK, description = "Those that exist", body = Rows),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "None of them", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn batch(
    Shared(state): Shared<State>,
    member: Member,
    Body(RowsWanted { ids }): Body<RowsWanted>,
) -> Result<Json<Rows>, Problem> {
    if ids.is_empty() || ids.len() > MOST_ROWS {
        let sentence = format!("Ask for 1 to {MOST_ROWS} conversations.");
        return Err(Problem(Fault::invalid("ids", "ids", sentence)));
    }
    // What is no id names nothing.
    let ids: BTreeSet<ConversationId> = ids.iter().filter_map(|id| id.parse().ok()).collect();
    let rows = state.conversations.rows(&member.caller(), &ids).await?;
    if rows.is_empty() {
        return Err(Problem(Fault::not_found("conversation")));
    }
    Ok(Json(Rows { rows }))
}

/// One conversation
#[utoipa::path(
    get,
    path = "/conversations/{conversation_id}",
    tag = "conversations",
    params(("conversation_id" = String, Path, description = "`conv_…`")),
    responses(
        (status = OK, description = "As lists show it, with the ways to answer", body = OpenRow),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such conversation", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = []))
)]
pub async fn one(
    Shared(state): Shared<State>,
    member: Member,
    PathId(id): PathId<ConversationKind>,
) -> Result<Json<OpenRow>, Problem> {
    Ok(Json(state.conversations.one(&member.caller(), id).await?))
}

/// Which part of a conversation.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MessageParameters {
    /// 1 to 200; 50 by default.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i32>,
    /// `older` of the page after.
    before: Option<String>,
}

/// A conversation's messages
///
/// The newest page first; within a page, oldest first.
#[utoipa::path(
    get,
    path = "/conversations/{conversation_id}/messages",
    tag = "conversations",
    params(("conversation_id" = String, Path, description = "`conv_…`"), MessageParameters),
    responses(
        (status = OK, description = "One page", body = MessagePage),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such conversation", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = []))
)]
pub async fn messages(
    Shared(state): Shared<State>,
    member: Member,
    PathId(id): PathId<ConversationKind>,
    Parameters(MessageParameters { limit, before }): Parameters<MessageParameters>,
) -> Result<Json<MessagePage>, Problem> {
    let (limit, before) = (page_length(limit)?, before.unwrap_or_default());
    Ok(Json(state.conversations.messages(&member.caller(), id, limit, before).await?))
}

fn page_length(limit: Option<i32>) -> Result<i32, Fault> {
    match limit {
        // The service's own default.
        None => Ok(0),
        Some(limit) if (1..=LONGEST_PAGE).contains(&limit) => Ok(limit),
        Some(_) => {
            let sentence = format!("A page has 1 to {LONGEST_PAGE} entries.");
            Err(Fault::invalid("limit", "limit", sentence))
        }
    }
}
