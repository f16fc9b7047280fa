//! `/api/v1/bootstrap`.

use axum::Json;
use axum::extract::State as Shared;
use kit_service::http::Problem;

use super::guard::Member;
use super::session::verified;
use crate::state::State;
use crate::wire::rest::{Bootstrap, ProblemDocument};

/// Everything that a workspace needs to begin
///
/// The live feed, given this cursor, tells whatever happened after it; it may repeat, it never
/// misses.
#[utoipa::path(
    get,
    path = "/bootstrap",
    tag = "live",
    responses(
        (status = OK, description = "To begin with", body = Bootstrap),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = []))
)]
pub async fn bootstrap(
    Shared(state): Shared<State>,
    member: Member,
) -> Result<Json<Bootstrap>, Problem> {
    // Before anything is read: what is read afterwards can only be newer.
    let cursor = state.hub.cursor(member.session.organization);
    let caller = member.caller();
    let (verified, organization, channels, counts) = futures::try_join!(
        verified(&state, &member),
        async { state.directory.organization(&member.session).await.map_err(Problem) },
        async { state.directory.channels(&member.session).await.map_err(Problem) },
        async { state.conversations.counts(&caller).await.map_err(Problem) },
    )?;
    Ok(Json(Bootstrap {
        cursor,
        me: verified.me,
        organization,
        channels,
        counts,
        ui_build: state.ui_build.to_string(),
    }))
}
