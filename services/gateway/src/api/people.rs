//! `/api/v1/members`, `/invitations` and `/audit`: the directory decides who may.

use axum::Json;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use kit_service::http::Problem;
use kit_values::Fault;
use proto::notification::v1 as notification;
use serde::Deserialize;
use utoipa::IntoParams;

use super::account::post;
use super::guard::Member;
use super::input::{Body, Nothing, Parameters, PathId};
use crate::domain::audit::Place;
use crate::domain::{InvitationKind, MemberKind};
use crate::state::State;
use crate::wire::from_proto::settings::at;
use crate::wire::rest::{
    AuditPage, InvitationShown, InvitationWanted, Invitations, MadeInvitation, ManagedMember,
    ManagedMembers, MemberChange, PasswordChosen, PasswordLink, PasswordSet, ProblemDocument,
    TokenHeld,
};

/// Everybody of the organization
///
/// For administrators; `/team` gives everybody's names.
#[utoipa::path(
    get,
    path = "/members",
    tag = "people",
    responses(
        (status = OK, description = "Everybody, active or not", body = ManagedMembers),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `admin_only`", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = []))
)]
pub async fn members(
    Shared(state): Shared<State>,
    member: Member,
) -> Result<Json<ManagedMembers>, Problem> {
    Ok(Json(state.administration.members(&member.session).await?))
}

/// Another name, other roles, active or not
///
/// For administrators; the last active one stays one (409 `last_admin`).
#[utoipa::path(
    patch,
    path = "/members/{member_id}",
    tag = "people",
    params(("member_id" = String, Path, description = "`mem_…`")),
    request_body = MemberChange,
    responses(
        (status = OK, description = "As they are now", body = ManagedMember),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf` or `admin_only`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such thing", body = ProblemDocument, content_type = "application/problem+json"),
        (status = CONFLICT, description = "Code `stale`, or a rule said no", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn change_member(
    Shared(state): Shared<State>,
    member: Member,
    PathId(id): PathId<MemberKind>,
    Body(change): Body<MemberChange>,
) -> Result<Json<ManagedMember>, Problem> {
    if change.roles.as_ref().is_some_and(Vec::is_empty) {
        let sentence = "A member has at least one role.";
        return Err(Problem(Fault::invalid("roles", "roles", sentence)));
    }
    Ok(Json(state.administration.change_member(&member.caller(), id, change).await?))
}

/// A link for a member who has forgotten their password
///
/// For administrators. The link is good for an hour, and once.
#[utoipa::path(
    post,
    path = "/members/{member_id}/password-reset",
    tag = "people",
    params(("member_id" = String, Path, description = "`mem_…`")),
    responses(
        (status = CREATED, description = "The link", body = PasswordLink),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf` or `admin_only`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such thing", body = ProblemDocument, content_type = "application/problem+json"),
        (status = CONFLICT, description = "Code `stale`, or a rule said no", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn password_link(
    Shared(state): Shared<State>,
    member: Member,
    PathId(id): PathId<MemberKind>,
    _: Nothing,
) -> Result<(StatusCode, Json<PasswordLink>), Problem> {
    let link = state.administration.password_link(&member.caller(), id).await?;
    let url = state.link("password-reset", &link.token);
    Ok((StatusCode::CREATED, Json(PasswordLink { url, expires_at: at(link.expires_at)? })))
}

/// Invite somebody
///
/// For administrators. An older invitation of the same login is no more. They are written to, if
/// their login is an address and this installation has a mail server.
#[utoipa::path(
    post,
    path = "/invitations",
    tag = "people",
    request_body = InvitationWanted,
    responses(
        (status = CREATED, description = "Their link, given this one time", body = MadeInvitation),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf` or `admin_only`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = CONFLICT, description = "Code `stale`, or a rule said no", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn invite(
    Shared(state): Shared<State>,
    member: Member,
    Body(wanted): Body<InvitationWanted>,
) -> Result<(StatusCode, Json<MadeInvitation>), Problem> {
    let (invitation, link) = state.administration.invite(&member.caller(), wanted).await?;
    let made = MadeInvitation {
        invitation_id: invitation.invitation_id,
        url: state.link("invitation", &link.token),
        expires_at: at(link.expires_at)?,
    };
    let mail = notification::SendAccountMailRequest {
        mail: notification::AccountMail::Invitation.into(),
        to: invitation.login,
        display_name: invitation.display_name,
        url: made.url.clone(),
        expires_at: link.expires_at,
        ..notification::SendAccountMailRequest::default()
    };
    post(&state, member.session.organization, mail);
    Ok((StatusCode::CREATED, Json(made)))
}

/// The open invitations
///
/// For administrators.
#[utoipa::path(
    get,
    path = "/invitations",
    tag = "people",
    responses(
        (status = OK, description = "Newest first", body = Invitations),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `admin_only`", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = []))
)]
pub async fn invitations(
    Shared(state): Shared<State>,
    member: Member,
) -> Result<Json<Invitations>, Problem> {
    Ok(Json(state.administration.invitations(&member.caller()).await?))
}

/// Take an invitation back
///
/// For administrators.
#[utoipa::path(
    delete,
    path = "/invitations/{invitation_id}",
    tag = "people",
    params(("invitation_id" = String, Path, description = "`inv_…`")),
    responses(
        (status = NO_CONTENT, description = "It is no more"),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf` or `admin_only`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "No such thing", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn revoke(
    Shared(state): Shared<State>,
    member: Member,
    PathId(id): PathId<InvitationKind>,
    _: Nothing,
) -> Result<StatusCode, Problem> {
    state.administration.revoke(&member.caller(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who is invited by a token
///
/// For whoever holds it; changes nothing. The token travels in the body, so that no log of
/// addresses has it.
#[utoipa::path(
    post,
    path = "/invitations/look",
    tag = "people",
    request_body = TokenHeld,
    responses(
        (status = OK, description = "Who is invited, and where to", body = InvitationShown),
        (status = FORBIDDEN, description = "Code `foreign_origin`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "Code `token_void`: used, replaced or too old", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub async fn look(
    Shared(state): Shared<State>,
    Body(held): Body<TokenHeld>,
) -> Result<Json<InvitationShown>, Problem> {
    Ok(Json(state.administration.invitation(held.token).await?))
}

/// Come in by an invitation
///
/// For whoever holds its token; then they sign in.
#[utoipa::path(
    post,
    path = "/invitations/accept",
    tag = "people",
    request_body = PasswordChosen,
    responses(
        (status = CREATED, description = "What they sign in with", body = PasswordSet),
        (status = FORBIDDEN, description = "Code `foreign_origin`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "Code `token_void`: used, replaced or too old", body = ProblemDocument, content_type = "application/problem+json"),
        (status = CONFLICT, description = "Code `stale`, or a rule said no", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
        (status = TOO_MANY_REQUESTS, description = "Code `sign_in_throttled`, with `Retry-After`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub async fn accept(
    Shared(state): Shared<State>,
    Body(chosen): Body<PasswordChosen>,
) -> Result<(StatusCode, Json<PasswordSet>), Problem> {
    Ok((StatusCode::CREATED, Json(state.administration.accept(chosen).await?)))
}

/// Where a page of the audit begins.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditWanted {
    /// `next` of the page before; left out for the first.
    cursor: Option<String>,
}

/// Who did what
///
/// For administrators, newest first, whichever service kept it. Entries are only ever added, and
/// each is bound to the one before it in its service.
#[utoipa::path(
    get,
    path = "/audit",
    tag = "people",
    params(AuditWanted),
    responses(
        (status = OK, description = "One page", body = AuditPage),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `admin_only`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = []))
)]
pub async fn audit(
    Shared(state): Shared<State>,
    member: Member,
    Parameters(wanted): Parameters<AuditWanted>,
) -> Result<Json<AuditPage>, Problem> {
    let begins = match wanted.cursor {
        None => Place::default(),
        Some(cursor) => Place::parse(&cursor).ok_or_else(|| {
            Problem(Fault::invalid("cursor", "cursor", "This is not where a page begins."))
        })?,
    };
    Ok(Json(state.audit.page(&member.caller(), begins).await?))
}
