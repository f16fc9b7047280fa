//! The page, its API, and what permalinks open.
//!
//! Everything lies under `/playground`, where the gateway passes it on. Deliberately absent:
//! sign-in (the gateway's), and the networks' own APIs, which come with what calls them.

mod api;
mod html;
mod language;
mod pages;
mod permalinks;
mod views;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::HeaderValue;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, post, put};
use kit_service::Tasks;

use crate::stage::Stage;

/// What requests share.
#[derive(Clone, Debug)]
pub struct Served {
    /// The world and its controls.
    pub stage: Arc<Stage>,
    /// For work that reads files.
    pub tasks: Tasks,
}

/// Every route.
pub fn router(served: Served) -> Router {
    Router::new()
        .route("/playground", get(pages::index))
        .route("/playground/", get(pages::index))
        .route("/playground/{asset}", get(pages::asset))
        .route("/playground/avatars/{file}", get(pages::avatar))
        .route("/playground/media/{kind}", get(pages::media))
        .route("/playground/x/{handle}/status/{id}", get(permalinks::on_x))
        .route("/playground/x/i/web/status/{id}", get(permalinks::on_x_without_handle))
        .route("/playground/facebook/{page}/posts/{post}", get(permalinks::on_facebook))
        .route("/playground/facebook/{id}", get(permalinks::on_facebook_by_id))
        .route("/playground/api/state", get(api::state))
        .route("/playground/api/threads", get(api::threads))
        .route("/playground/api/inbox", get(api::inbox))
        .route("/playground/api/log", get(api::log))
        .route("/playground/api/generator", put(api::generator))
        .route("/playground/api/switches", put(api::switches))
        .route("/playground/api/personas", post(api::join))
        .route("/playground/api/x/replay", post(api::replay))
        .route("/playground/api/{network}/{action}", post(api::act))
        .fallback(api::unknown)
        .layer(DefaultBodyLimit::max(256 * 1024))
        .layer(middleware::from_fn(guarded))
        .with_state(served)
}

/// What strangers wrote is shown here, so the browser is told to run and fetch nothing else.
async fn guarded(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let policy = "default-src 'self'; base-uri 'none'; form-action 'self'; object-src 'none'";
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
