//! `/api/v1/settings/link-shortening` and `/links`: who makes short links, and what they will
//! look like. The shortener decides who may.

use axum::Json;
use axum::extract::State as Shared;
use axum::response::Redirect;
use kit_service::http::Problem;

use super::guard::Member;
use super::input::{Body, Nothing, Parameters};
use crate::state::State;
use crate::wire::rest::{
    BitlyAuthorization, BitlyCallback, BitlyToken, LinkPreview, LinkPreviewWanted, LinkSettings,
    LinkSettingsWanted, ProblemDocument, TestLink,
};

/// The page of the workspace that a browser comes back to.
const PAGE: &str = "/admin/agent-workspace/link-shortening";

/// How links are shortened
#[utoipa::path(
    get,
    path = "/settings/link-shortening",
    tag = "links",
    responses(
        (status = OK, description = "As they stand now", body = LinkSettings),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "No admin", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = []))
)]
pub async fn settings(
    Shared(state): Shared<State>,
    member: Member,
) -> Result<Json<LinkSettings>, Problem> {
    Ok(Json(state.links.settings(&member.caller()).await?))
}

/// Choose who shortens links
#[utoipa::path(
    put,
    path = "/settings/link-shortening",
    tag = "links",
    request_body = LinkSettingsWanted,
    responses(
        (status = OK, description = "As they stand now", body = LinkSettings),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`, or no admin", body = ProblemDocument, content_type = "application/problem+json"),
        (status = CONFLICT, description = "Code `link_settings_changed`, `bitly_not_connected`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes, or not what Bitly takes (code `bitly_token`)", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn choose(
    Shared(state): Shared<State>,
    member: Member,
    Body(wanted): Body<LinkSettingsWanted>,
) -> Result<Json<LinkSettings>, Problem> {
    let settings = state.links.choose(&member.caller(), wanted).await?;
    state.settings.links_changed(member.session.organization).await;
    Ok(Json(settings))
}

/// Connect to Bitly by a token
///
/// Asks Bitly whose token it is. Bitly makes the links from then on.
#[utoipa::path(
    post,
    path = "/settings/link-shortening/bitly",
    tag = "links",
    request_body = BitlyToken,
    responses(
        (status = OK, description = "As they stand now", body = LinkSettings),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`, or no admin", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes, or not what Bitly takes (code `bitly_token`)", body = ProblemDocument, content_type = "application/problem+json"),
        (status = SERVICE_UNAVAILABLE, description = "Bitly does not answer", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn connect(
    Shared(state): Shared<State>,
    member: Member,
    Body(BitlyToken { token }): Body<BitlyToken>,
) -> Result<Json<LinkSettings>, Problem> {
    let settings = state.links.connect(&member.caller(), token).await?;
    state.settings.links_changed(member.session.organization).await;
    Ok(Json(settings))
}

/// Forget the account at Bitly
#[utoipa::path(
    delete,
    path = "/settings/link-shortening/bitly",
    tag = "links",
    responses(
        (status = OK, description = "As they stand now", body = LinkSettings),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`, or no admin", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn disconnect(
    Shared(state): Shared<State>,
    member: Member,
    _: Nothing,
) -> Result<Json<LinkSettings>, Problem> {
    let settings = state.links.disconnect(&member.caller()).await?;
    state.settings.links_changed(member.session.organization).await;
    Ok(Json(settings))
}

/// Where the browser goes to connect to Bitly
#[utoipa::path(
    get,
    path = "/settings/link-shortening/bitly/authorize",
    tag = "links",
    responses(
        (status = OK, description = "An address at Bitly", body = BitlyAuthorization),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "No admin", body = ProblemDocument, content_type = "application/problem+json"),
        (status = CONFLICT, description = "Code `link_settings_changed`, `bitly_not_connected`", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = []))
)]
pub async fn authorize(
    Shared(state): Shared<State>,
    member: Member,
) -> Result<Json<BitlyAuthorization>, Problem> {
    let url = state.links.authorize(&member.caller()).await?;
    Ok(Json(BitlyAuthorization { url }))
}

/// Where Bitly sends the browser back to
///
/// Leads on to the page of the workspace, with `connected` or the code of what went wrong as
/// `bitly` in its query.
#[utoipa::path(
    get,
    path = "/settings/link-shortening/bitly/callback",
    tag = "links",
    params(BitlyCallback),
    responses(
        (status = SEE_OTHER, description = "To the workspace"),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = []))
)]
pub async fn callback(
    Shared(state): Shared<State>,
    member: Member,
    Parameters(back): Parameters<BitlyCallback>,
) -> Redirect {
    let outcome = match (back.code, back.state) {
        (Some(code), Some(given)) => {
            match state.links.finish(&member.caller(), code, given).await {
                Ok(_) => {
                    state.settings.links_changed(member.session.organization).await;
                    "connected"
                }
                Err(fault) => fault.code(),
            }
        }
        _ => "bitly_declined",
    };
    Redirect::to(&format!("{PAGE}?bitly={outcome}"))
}

/// Make one link, as a reply would
#[utoipa::path(
    post,
    path = "/settings/link-shortening/test",
    tag = "links",
    responses(
        (status = OK, description = "It works", body = TestLink),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`, or no admin", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn test(
    Shared(state): Shared<State>,
    member: Member,
    _: Nothing,
) -> Result<Json<TestLink>, Problem> {
    Ok(Json(state.links.test(&member.caller()).await?))
}

/// What of a text would be shortened
///
/// Makes nothing.
#[utoipa::path(
    post,
    path = "/links/preview",
    tag = "links",
    request_body = LinkPreviewWanted,
    responses(
        (status = OK, description = "The addresses in it", body = LinkPreview),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes, or not what Bitly takes (code `bitly_token`)", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn preview(
    Shared(state): Shared<State>,
    member: Member,
    Body(LinkPreviewWanted { text }): Body<LinkPreviewWanted>,
) -> Result<Json<LinkPreview>, Problem> {
    Ok(Json(state.links.preview(&member.caller(), text).await?))
}
