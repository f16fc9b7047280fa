//! Who may come in: pages of this very origin, and members with a session.

use axum::extract::{FromRequestParts, Request, State as Shared};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum_extra::extract::CookieJar;
use kit_service::Caller;
use kit_service::http::Problem;
use kit_values::{Class, Fault};

use super::session::COOKIE;
use crate::app::sessions;
use crate::domain::origin;
use crate::domain::session::Session;
use crate::edge::bearer::SessionToken;
use crate::peers;
use crate::state::State;

/// Header that proves that a request was made by a page of ours.
pub const CSRF: &str = "x-guichet-csrf";

/// A request of a signed-in member. A request that may change something also carried the
/// token against forged requests.
pub struct Member {
    /// Their session.
    pub session: Session,
    /// Their token.
    pub token: SessionToken,
}

impl Member {
    /// For calls on their behalf.
    pub fn caller(&self) -> Caller {
        peers::member_of(&self.session)
    }
}

/// The token in the request's cookie, if there is one.
pub fn token(headers: &HeaderMap) -> Option<SessionToken> {
    SessionToken::read(CookieJar::from_headers(headers).get(COOKIE)?.value())
}

impl FromRequestParts<State> for Member {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Problem> {
        let token = token(&parts.headers).ok_or_else(sessions::not_signed_in)?;
        let session = sessions::current(&state.store, token.digest()).await?;
        if !is_safe(&parts.method) {
            let given = parts.headers.get(CSRF).and_then(|value| value.to_str().ok());
            if !given.is_some_and(|given| token.is_csrf(given)) {
                return Err(Problem(Fault::new(
                    Class::Forbidden,
                    "csrf",
                    "The request lacks the token that proves where it was made; reload the page.",
                )));
            }
        }
        Ok(Self { session, token })
    }
}

/// A request that a page of another origin cannot have made: it says a page of ours made it.
pub struct OwnPage;

impl FromRequestParts<State> for OwnPage {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Problem> {
        let origin = parts.headers.get(header::ORIGIN).and_then(|value| value.to_str().ok());
        if origin.is_some_and(|origin| origin::is_own(&state.origins, origin)) {
            Ok(Self)
        } else {
            Err(Problem(foreign()))
        }
    }
}

/// Refuses requests that may change something when a page of another origin made them.
pub async fn own_pages_only(
    Shared(state): Shared<State>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    let foreign_page = match headers.get(header::ORIGIN) {
        Some(origin) => !origin.to_str().is_ok_and(|origin| origin::is_own(&state.origins, origin)),
        // No page: a program, which has no cookies of others.
        None => headers
            .get("sec-fetch-site")
            .is_some_and(|site| site != "same-origin" && site != "none"),
    };
    if foreign_page && !is_safe(request.method()) {
        return Problem(foreign()).into_response();
    }
    next.run(request).await
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE)
}

fn foreign() -> Fault {
    Fault::new(
        Class::Forbidden,
        "foreign_origin",
        "Only pages at this gateway's own address may do this.",
    )
}
