//! `/api/v1/search`. Neither the query nor what is found is logged.

use axum::Json;
use axum::extract::State as Shared;
use kit_service::http::Problem;
use serde::Deserialize;
use utoipa::IntoParams;

use super::guard::Member;
use super::input::Parameters;
use crate::state::State;
use crate::wire::rest::{ProblemDocument, SearchIn, SearchResults};

/// What to look for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SearchParameters {
    /// 1 to 10 words, at most 200 characters: every one has to be there, as a part of words too,
    /// whatever its case and accents.
    q: String,
    /// In what; in everything by default.
    #[serde(rename = "in", default)]
    #[param(rename = "in")]
    within: Option<SearchIn>,
    /// `next` of the page before; only in one kind of thing.
    cursor: Option<String>,
    /// 1 to 50 of each; 20 by default.
    #[param(minimum = 1, maximum = 50)]
    limit: Option<i32>,
}

/// Search
///
/// Over conversations, messages and contacts, however old; the newest first.
#[utoipa::path(
    get,
    path = "/search",
    tag = "conversations",
    params(SearchParameters),
    responses(
        (status = OK, description = "What was found", body = SearchResults),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = []))
)]
pub async fn search(
    Shared(state): Shared<State>,
    member: Member,
    Parameters(asked): Parameters<SearchParameters>,
) -> Result<Json<SearchResults>, Problem> {
    let SearchParameters { q, within, cursor, limit } = asked;
    let (within, cursor) = (within.unwrap_or_default(), cursor.unwrap_or_default());
    let limit = limit.unwrap_or_default();
    Ok(Json(state.lists.search(&member.caller(), q, within, cursor, limit).await?))
}
