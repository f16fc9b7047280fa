//! Following a link: one lookup, one redirect, nothing set in the browser.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use kit_service::http::Problem;
use kit_store::{Scope, Store};
use kit_values::{Fault, now};

use crate::cache::Cache;
use crate::clicks::Clicks;
use crate::domain::{Code, is_bot};
use crate::store::{self, Target};

#[derive(Clone)]
struct Links {
    store: Store,
    cache: Cache,
    clicks: Clicks,
}

/// `GET /<code>` and nothing else.
pub fn router(store: Store, cache: Cache, clicks: Clicks) -> Router {
    Router::new().route("/{code}", get(follow)).with_state(Links { store, cache, clicks })
}

async fn follow(
    State(links): State<Links>,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Some(code) = Code::parse(&code) else { return gone(StatusCode::NOT_FOUND) };
    let target = match links.target(code).await {
        Ok(Some(target)) => target,
        Ok(None) => return gone(StatusCode::NOT_FOUND),
        Err(fault) => return Problem(fault).into_response(),
    };
    if target.disabled {
        return gone(StatusCode::GONE);
    }
    let Ok(address) = HeaderValue::from_str(&target.address) else {
        return Problem(Fault::internal("a stored address fits into no header")).into_response();
    };
    let user_agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    links.clicks.note(&target, is_bot(user_agent), now());
    let headers = [
        (header::LOCATION, address),
        // Asked again each time, so that a link can be switched off and clicks are counted.
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    (StatusCode::FOUND, headers).into_response()
}

/// A page for people: a link in a network's post is read by customers.
fn gone(status: StatusCode) -> Response {
    let sentence = if status == StatusCode::GONE {
        "This link has been switched off."
    } else {
        "There is no such link."
    };
    let headers =
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (status, headers, sentence).into_response()
}

impl Links {
    async fn target(&self, code: Code) -> Result<Option<Arc<Target>>, Fault> {
        let since = Instant::now();
        if let Some(target) = self.cache.get(&code, since) {
            return Ok(Some(target));
        }
        let found = self
            .store
            .transaction(&Scope::Unscoped, async |transaction| {
                store::find(transaction, &code).await
            })
            .await?
            .map(Arc::new);
        if let Some(target) = &found {
            self.cache.put(code, Arc::clone(target), since);
        }
        Ok(found)
    }
}
