//! `/api/v1/account`, `/password-resets` and `/welcome`: a member's own account, and the first run.

use std::collections::BTreeSet;

use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use axum_extra::extract::CookieJar;
use kit_service::http::Problem;
use kit_values::{Fault, OrganizationId};
use proto::notification::v1 as notification;

use super::guard::Member;
use super::input::{Body, Nothing};
use super::session::removal;
use crate::app::sessions;
use crate::domain::session::Session;
use crate::edge::proxies::ClientAddress;
use crate::peers::{Forgotten, Verified};
use crate::state::State;
use crate::wire::rest::{
    PasswordChange, PasswordChosen, PasswordForgotten, PasswordSet, ProblemDocument, Welcome,
    WelcomeWanted,
};

/// Another password
///
/// Every other session of the member ends, its sockets within seconds; this one goes on.
#[utoipa::path(
    put,
    path = "/account/password",
    tag = "account",
    request_body = PasswordChange,
    responses(
        (status = NO_CONTENT, description = "It is the password from now on"),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
        (status = TOO_MANY_REQUESTS, description = "Code `sign_in_throttled`, with `Retry-After`", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn change_password(
    Shared(state): Shared<State>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    member: Member,
    Body(change): Body<PasswordChange>,
) -> Result<StatusCode, Problem> {
    let (session, digest) = (&member.session, member.token.digest());
    // The news may be here before the answer is: this session's sockets already stand for what
    // comes, and its row is put back if the news took it.
    state.hub.renew(digest, session.epoch + 1);
    let client = address.to_string();
    let changed = state.administration.change_password(&member.caller(), change, client).await;
    let verified = changed.inspect_err(|_| state.hub.renew(digest, session.epoch))?;
    state.hub.renew(digest, verified.epoch);
    let renewed = Session { epoch: verified.epoch, ..session.clone() };
    sessions::renew(&state.store, digest, &renewed).await?;
    end_older(&state, &verified).await?;
    tracing::info!(member = %verified.member, "password changed");
    Ok(StatusCode::NO_CONTENT)
}

/// Sign out everywhere
///
/// Every session of the member ends, this one included; their sockets within seconds.
#[utoipa::path(
    post,
    path = "/account/sign-out-everywhere",
    tag = "account",
    responses(
        (status = NO_CONTENT, description = "Signed out"),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn sign_out_everywhere(
    Shared(state): Shared<State>,
    member: Member,
    jar: CookieJar,
    _: Nothing,
) -> Result<Response, Problem> {
    let verified = state.administration.sign_out_everywhere(&member.caller()).await?;
    end_older(&state, &verified).await?;
    state.hub.cut_sessions(&BTreeSet::from([member.token.digest()]));
    tracing::info!(member = %verified.member, "signed out everywhere");
    Ok((StatusCode::NO_CONTENT, jar.add(removal(state.secure))).into_response())
}

/// Ends the sessions of before, here at once; other processes do on the directory's news.
async fn end_older(state: &State, verified: &Verified) -> Result<(), Fault> {
    let Verified { organization, member, epoch, .. } = *verified;
    state.hub.cut_member(organization, member, epoch);
    sessions::void(&state.store, organization, member, epoch).await
}

/// Say that a password is forgotten
///
/// The answer is the same whether or not the login is somebody's. A mail with a link goes out if
/// this installation has a mail server; an administrator can make a link, too.
#[utoipa::path(
    post,
    path = "/password-resets",
    tag = "account",
    request_body = PasswordForgotten,
    responses(
        (status = ACCEPTED, description = "If the login is somebody's, they are written to"),
        (status = FORBIDDEN, description = "Code `foreign_origin`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
        (status = TOO_MANY_REQUESTS, description = "Code `sign_in_throttled`, with `Retry-After`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub async fn forgotten(
    Shared(state): Shared<State>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    Body(forgotten): Body<PasswordForgotten>,
) -> Result<StatusCode, Problem> {
    let client = address.to_string();
    let found = state.administration.forgotten(forgotten.login, client).await?;
    if let Some(Forgotten { member, link }) = found {
        let organization = member.organization_id.parse().map_err(Fault::internal)?;
        let mail = notification::SendAccountMailRequest {
            mail: notification::AccountMail::PasswordReset.into(),
            to: member.login,
            display_name: member.display_name,
            url: state.link("password-reset", &link.token),
            expires_at: link.expires_at,
            ..notification::SendAccountMailRequest::default()
        };
        post(&state, organization, mail);
    }
    Ok(StatusCode::ACCEPTED)
}

/// Writes to somebody beside the answer, whose time must not tell that there is somebody to write
/// to. An installation without a mail server writes to nobody.
pub fn post(
    state: &State,
    organization: OrganizationId,
    mail: notification::SendAccountMailRequest,
) {
    let writing = state.clone();
    state.tasks.spawn("gateway-account-mail", async move {
        match sent(&writing, organization, mail).await {
            Ok(Ok(())) => tracing::info!(%organization, "a mail about an account was sent"),
            Ok(Err(reason)) => {
                tracing::info!(%organization, reason, "a mail about an account was not sent");
            }
            Err(fault) => {
                tracing::warn!(%organization, %fault, "a mail about an account was not sent");
            }
        }
        Ok(())
    });
}

async fn sent(
    state: &State,
    organization: OrganizationId,
    mail: notification::SendAccountMailRequest,
) -> Result<Result<(), String>, Fault> {
    let organization = state.directory.organization_of(organization).await?;
    let mail = notification::SendAccountMailRequest {
        organization_name: organization.name,
        language: organization.language,
        ..mail
    };
    state.notifications.account_mail(mail).await
}

/// Set a new password
///
/// For whoever holds a link's token. Every session of the member ends.
#[utoipa::path(
    post,
    path = "/password-resets/complete",
    tag = "account",
    request_body = PasswordChosen,
    responses(
        (status = OK, description = "What they sign in with", body = PasswordSet),
        (status = FORBIDDEN, description = "Code `foreign_origin`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "Code `token_void`: used, replaced or too old", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
        (status = TOO_MANY_REQUESTS, description = "Code `sign_in_throttled`, with `Retry-After`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub async fn complete(
    Shared(state): Shared<State>,
    Body(chosen): Body<PasswordChosen>,
) -> Result<Json<PasswordSet>, Problem> {
    let verified = state.administration.set_password(chosen).await?;
    end_older(&state, &verified).await?;
    Ok(Json(PasswordSet { login: verified.me.login }))
}

/// Whether this installation is still to be set up
#[utoipa::path(
    get,
    path = "/welcome",
    tag = "account",
    responses(
        (status = OK, description = "Whether anybody can sign in yet", body = Welcome),
    )
)]
pub async fn welcome(Shared(state): Shared<State>) -> Result<Json<Welcome>, Problem> {
    let needed = state.administration.is_new().await?;
    Ok(Json(Welcome { needed, simulated_networks_offered: state.playground.is_some() }))
}

/// Set the installation up
///
/// The first organization and its first administrator, for whoever holds the token that
/// `guichet up` printed; then they sign in.
#[utoipa::path(
    post,
    path = "/welcome",
    tag = "account",
    request_body = WelcomeWanted,
    responses(
        (status = CREATED, description = "What the administrator signs in with", body = PasswordSet),
        (status = FORBIDDEN, description = "Code `foreign_origin`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "Code `token_void`: used, replaced or too old", body = ProblemDocument, content_type = "application/problem+json"),
        (status = CONFLICT, description = "Code `stale`, or a rule said no", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
        (status = TOO_MANY_REQUESTS, description = "Code `sign_in_throttled`, with `Retry-After`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub async fn set_up(
    Shared(state): Shared<State>,
    Body(wanted): Body<WelcomeWanted>,
) -> Result<(StatusCode, Json<PasswordSet>), Problem> {
    Ok((StatusCode::CREATED, Json(state.administration.welcome(wanted).await?)))
}
