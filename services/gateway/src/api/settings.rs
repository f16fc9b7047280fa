//! `/api/v1/settings/contact-attributes`, `/channels` and `/preferences`: the directory decides who
//! may.

use axum::Json;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use kit_service::http::Problem;

use super::guard::Member;
use super::input::{Body, Nothing, PathId};
use crate::domain::{AttributeKind, ChannelKind};
use crate::state::State;
use crate::wire::rest::{
    ChannelAccess, ChannelAccessWanted, ChannelChange, ContactAttributeChange,
    ContactAttributeOrder, ContactAttributeWanted, ContactAttributes, ManagedChannel,
    ManagedChannels, Preferences, PreferencesWanted, ProblemDocument,
};

/// What can be known of contacts
#[utoipa::path(
    get,
    path = "/settings/contact-attributes",
    tag = "settings",
    responses(
        (status = OK, description = "In the admin's order", body = ContactAttributes),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = []))
)]
pub async fn attributes(
    Shared(state): Shared<State>,
    member: Member,
) -> Result<Json<ContactAttributes>, Problem> {
    Ok(Json(state.administration.attributes(&member.caller()).await?))
}

/// One more contact attribute
///
/// For administrators; it stands last.
#[utoipa::path(
    post,
    path = "/settings/contact-attributes",
    tag = "settings",
    request_body = ContactAttributeWanted,
    responses(
        (status = CREATED, description = "The whole list", body = ContactAttributes),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf` or `admin_only`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = CONFLICT, description = "Code `stale`, or a rule said no", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn add_attribute(
    Shared(state): Shared<State>,
    member: Member,
    Body(wanted): Body<ContactAttributeWanted>,
) -> Result<(StatusCode, Json<ContactAttributes>), Problem> {
    let list = state.administration.add_attribute(&member.caller(), wanted).await?;
    Ok((StatusCode::CREATED, Json(list)))
}

/// Another name, other choices, shown or not
///
/// For administrators.
#[utoipa::path(
    patch,
    path = "/settings/contact-attributes/{attribute_id}",
    tag = "settings",
    params(("attribute_id" = String, Path, description = "`attr_…`")),
    request_body = ContactAttributeChange,
    responses(
        (status = OK, description = "The whole list", body = ContactAttributes),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf` or `admin_only`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such thing", body = ProblemDocument, content_type = "application/problem+json"),
        (status = CONFLICT, description = "Code `stale`, or a rule said no", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn change_attribute(
    Shared(state): Shared<State>,
    member: Member,
    PathId(id): PathId<AttributeKind>,
    Body(change): Body<ContactAttributeChange>,
) -> Result<Json<ContactAttributes>, Problem> {
    Ok(Json(state.administration.change_attribute(&member.caller(), id, change).await?))
}

/// One contact attribute less
///
/// For administrators. Its values are kept and not shown.
#[utoipa::path(
    delete,
    path = "/settings/contact-attributes/{attribute_id}",
    tag = "settings",
    params(("attribute_id" = String, Path, description = "`attr_…`")),
    responses(
        (status = OK, description = "The whole list", body = ContactAttributes),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf` or `admin_only`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such thing", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn archive_attribute(
    Shared(state): Shared<State>,
    member: Member,
    PathId(id): PathId<AttributeKind>,
    _: Nothing,
) -> Result<Json<ContactAttributes>, Problem> {
    Ok(Json(state.administration.archive_attribute(&member.caller(), id).await?))
}

/// Another order of contact attributes
///
/// For administrators.
#[utoipa::path(
    put,
    path = "/settings/contact-attributes/order",
    tag = "settings",
    request_body = ContactAttributeOrder,
    responses(
        (status = OK, description = "The whole list", body = ContactAttributes),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf` or `admin_only`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = CONFLICT, description = "Code `stale`, or a rule said no", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn order_attributes(
    Shared(state): Shared<State>,
    member: Member,
    Body(order): Body<ContactAttributeOrder>,
) -> Result<Json<ContactAttributes>, Problem> {
    Ok(Json(state.administration.order_attributes(&member.caller(), order).await?))
}

/// The accounts whose conversations the member may see, as they are set
#[utoipa::path(
    get,
    path = "/channels",
    tag = "settings",
    responses(
        (status = OK, description = "In the order in which they were connected", body = ManagedChannels),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = []))
)]
pub async fn channels(
    Shared(state): Shared<State>,
    member: Member,
) -> Result<Json<ManagedChannels>, Problem> {
    Ok(Json(state.administration.channels(&member.session).await?))
}

/// Another name of an account, or other settings
///
/// For administrators.
#[utoipa::path(
    patch,
    path = "/channels/{channel_id}",
    tag = "settings",
    params(("channel_id" = String, Path, description = "`chan_…`")),
    request_body = ChannelChange,
    responses(
        (status = OK, description = "As it is set now", body = ManagedChannel),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf` or `admin_only`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such thing", body = ProblemDocument, content_type = "application/problem+json"),
        (status = CONFLICT, description = "Code `stale`, or a rule said no", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn change_channel(
    Shared(state): Shared<State>,
    member: Member,
    PathId(id): PathId<ChannelKind>,
    Body(change): Body<ChannelChange>,
) -> Result<Json<ManagedChannel>, Problem> {
    Ok(Json(state.administration.change_channel(&member.session, id, change).await?))
}

/// Who may do what with an account
///
/// For administrators.
#[utoipa::path(
    get,
    path = "/channels/{channel_id}/access",
    tag = "settings",
    params(("channel_id" = String, Path, description = "`chan_…`")),
    responses(
        (status = OK, description = "Its entries, which count while it is restricted", body = ChannelAccess),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `admin_only`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such thing", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = []))
)]
pub async fn access(
    Shared(state): Shared<State>,
    member: Member,
    PathId(id): PathId<ChannelKind>,
) -> Result<Json<ChannelAccess>, Problem> {
    Ok(Json(state.administration.channel_access(&member.session, id).await?))
}

/// Who shall do what with an account
///
/// For administrators; at most 5,000 entries. Whoever loses access loses the view and the live feed
/// at once.
#[utoipa::path(
    put,
    path = "/channels/{channel_id}/access",
    tag = "settings",
    params(("channel_id" = String, Path, description = "`chan_…`")),
    request_body = ChannelAccessWanted,
    responses(
        (status = OK, description = "Its entries", body = ChannelAccess),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf` or `admin_only`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such thing", body = ProblemDocument, content_type = "application/problem+json"),
        (status = CONFLICT, description = "Code `stale`, or a rule said no", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn set_access(
    Shared(state): Shared<State>,
    member: Member,
    PathId(id): PathId<ChannelKind>,
    Body(wanted): Body<ChannelAccessWanted>,
) -> Result<Json<ChannelAccess>, Problem> {
    Ok(Json(state.administration.set_channel_access(&member.caller(), id, wanted).await?))
}

/// What the member prefers
#[utoipa::path(
    get,
    path = "/preferences",
    tag = "settings",
    responses(
        (status = OK, description = "As they set it, or as everybody begins", body = Preferences),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = []))
)]
pub async fn preferences(
    Shared(state): Shared<State>,
    member: Member,
) -> Result<Json<Preferences>, Problem> {
    Ok(Json(state.administration.preferences(&member.caller()).await?))
}

/// What the member prefers from now on
#[utoipa::path(
    put,
    path = "/preferences",
    tag = "settings",
    request_body = PreferencesWanted,
    responses(
        (status = OK, description = "As it stands now", body = Preferences),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = CONFLICT, description = "Code `stale`, or a rule said no", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn prefer(
    Shared(state): Shared<State>,
    member: Member,
    Body(wanted): Body<PreferencesWanted>,
) -> Result<Json<Preferences>, Problem> {
    Ok(Json(state.administration.prefer(&member.caller(), wanted).await?))
}
