//! `/api/v1/session`.

use std::time::Duration;

use axum::extract::State as Shared;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use kit_service::http::Problem;
use kit_values::Secret;
use std::collections::BTreeSet;

use super::guard::{self, Member};
use super::input::Body;
use crate::app::sessions;
use crate::domain::session::{LIFETIME, Session};
use crate::edge::bearer::SessionToken;
use crate::edge::proxies::ClientAddress;
use crate::peers::Verified;
use crate::state::State;
use crate::wire::rest::{CurrentSession, ProblemDocument, SignIn, SignedIn};

/// Name of the session's cookie.
pub const COOKIE: &str = "guichet_session";

/// How long to wait before each further try to end a session's pushes.
const PAUSES: [Duration; 3] =
    [Duration::from_secs(1), Duration::from_secs(3), Duration::from_secs(9)];

/// Sign in
///
/// Throttled per login and per client address. The answer does not tell an unknown login from a
/// wrong password.
#[utoipa::path(
    post,
    path = "/session",
    tag = "session",
    request_body = SignIn,
    responses(
        (status = CREATED, description = "Signed in; sets the cookie", body = SignedIn),
        (status = UNAUTHORIZED, description = "Code `sign_in_failed`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = TOO_MANY_REQUESTS, description = "Code `sign_in_throttled`, with `Retry-After`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Not what the route takes", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub async fn sign_in(
    Shared(state): Shared<State>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    headers: HeaderMap,
    jar: CookieJar,
    Body(SignIn { login, password }): Body<SignIn>,
) -> Result<Response, Problem> {
    let password = Secret::new(password);
    let client = address.to_string();
    let verified = state.directory.verify_sign_in(login, password, client).await?;
    let session =
        Session::begin(verified.organization, verified.member, verified.epoch, kit_values::now());
    let previous = guard::token(&headers);
    let digest = previous.as_ref().map(SessionToken::digest);
    let token = sessions::begin(&state.store, &session, digest).await?;
    if let Some(digest) = digest {
        state.hub.cut_sessions(&BTreeSet::from([digest]));
    }
    tracing::info!(member = %session.member, "signed in");
    let jar = jar.add(cookie(token.cookie().expose().clone(), state.secure));
    let body = SignedIn { me: verified.me, csrf: token.csrf().expose().clone() };
    Ok((StatusCode::CREATED, jar, Json(body)).into_response())
}

/// The present session
#[utoipa::path(
    get,
    path = "/session",
    tag = "session",
    responses(
        (status = OK, description = "Signed in", body = CurrentSession),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = []))
)]
pub async fn current(
    Shared(state): Shared<State>,
    member: Member,
) -> Result<Json<CurrentSession>, Problem> {
    let (verified, organization) = futures::try_join!(verified(&state, &member), async {
        state.directory.organization(&member.session).await.map_err(Problem)
    })?;
    Ok(Json(CurrentSession {
        me: verified.me,
        organization,
        csrf: member.token.csrf().expose().clone(),
    }))
}

/// Sign out
///
/// Ends the session everywhere, open sockets included.
#[utoipa::path(
    delete,
    path = "/session",
    tag = "session",
    responses(
        (status = NO_CONTENT, description = "Signed out"),
        (status = UNAUTHORIZED, description = "Code `not_signed_in`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = FORBIDDEN, description = "Code `csrf`", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("session" = [], "csrf" = []))
)]
pub async fn sign_out(
    Shared(state): Shared<State>,
    member: Member,
    jar: CookieJar,
) -> Result<Response, Problem> {
    let digest = member.token.digest();
    sessions::end(&state.store, digest).await?;
    state.hub.cut_sessions(&BTreeSet::from([digest]));
    end_pushes(&state, &member).await;
    Ok((StatusCode::NO_CONTENT, jar.add(removal(state.secure))).into_response())
}

/// The session's browser is told nothing any more. Whoever signs out is signed out, also while
/// the notifications are away: they hear of it a little later.
async fn end_pushes(state: &State, member: &Member) {
    let (caller, session) = (member.caller(), member.token.push_name());
    let Err(fault) = state.notifications.end_pushes(&caller, session.clone()).await else { return };
    tracing::info!(%fault, "the pushes of a session end later");
    let notifications = state.notifications.clone();
    state.tasks.spawn("gateway-end-pushes", async move {
        for pause in PAUSES {
            tokio::time::sleep(pause).await;
            if notifications.end_pushes(&caller, session.clone()).await.is_ok() {
                return Ok(());
            }
        }
        tracing::warn!("the pushes of a session that ended could not be ended");
        Ok(())
    });
}

/// The cookie's removal.
pub fn removal(secure: bool) -> Cookie<'static> {
    let mut removal = cookie(String::new(), secure);
    removal.make_removal();
    removal
}

/// The member behind a session, as they are now; a session that became void ends here.
pub async fn verified(state: &State, member: &Member) -> Result<Verified, Problem> {
    let verified = state.directory.member(&member.session).await?;
    if verified.epoch > member.session.epoch {
        let digest = member.token.digest();
        sessions::end(&state.store, digest).await?;
        state.hub.cut_sessions(&BTreeSet::from([digest]));
        return Err(Problem(sessions::not_signed_in()));
    }
    Ok(verified)
}

fn cookie(value: String, secure: bool) -> Cookie<'static> {
    Cookie::build((COOKIE, value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(secure)
        .max_age(LIFETIME)
        .build()
}
