//! The page, its API, what permalinks open, and the networks' own APIs.
//!
//! What people see lies under `/playground`, where the gateway passes it on; sign-in is the
//! gateway's. The networks' APIs lie beside it, under `/x`, `/graph`, `/tiktok` and
//! `/bitly`, and are called by services only.

mod api;
mod conclude;
mod edges;
mod graph;
mod html;
mod language;
mod line;
mod on_bitly;
mod on_tiktok;
mod on_x;
mod pages;
mod permalinks;
mod views;
mod x_people;

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
use kit_service::Runtime;

pub use self::line::serve;
use crate::bitly::Bitly;
use crate::config::Config;
use crate::stage::Stage;

/// What requests share.
#[derive(Clone, Debug)]
pub struct Served {
    /// The world and its controls.
    pub stage: Arc<Stage>,
    /// The registrations and their secrets.
    pub config: Arc<Config>,
    /// The played Bitly.
    pub bitly: Arc<Bitly>,
    /// For work of its own, and to know when to end.
    pub runtime: Runtime,
}

/// Every route.
pub fn router(served: Served) -> Router {
    let page = Router::new()
        .route("/playground", get(pages::index))
        .route("/playground/", get(pages::index))
        .route("/playground/{asset}", get(pages::asset))
        .route("/playground/avatars/{file}", get(pages::avatar))
        .route("/playground/media/{kind}", get(pages::media))
        .route("/playground/x/{handle}/status/{id}", get(permalinks::on_x))
        .route("/playground/x/i/web/status/{id}", get(permalinks::on_x_without_handle))
        .route("/playground/facebook/{page}/posts/{post}", get(permalinks::on_facebook))
        .route("/playground/facebook/{id}", get(permalinks::on_facebook_by_id))
        .route("/playground/instagram/{*path}", get(permalinks::on_instagram))
        .route("/playground/tiktok/{*path}", get(permalinks::on_tiktok))
        .route("/playground/api/state", get(api::state))
        .route("/playground/api/threads", get(api::threads))
        .route("/playground/api/inbox", get(api::inbox))
        .route("/playground/api/log", get(api::log))
        .route("/playground/api/accepted", get(api::accepted))
        .route("/playground/api/answer", post(api::answer))
        .route("/playground/api/faults", get(api::faults).put(api::set_faults))
        .route("/playground/api/generator", put(api::generator))
        .route("/playground/api/switches", put(api::switches))
        .route("/playground/api/personas", post(api::join))
        .route("/playground/bitly/authorize", get(on_bitly::authorize))
        .route("/playground/bitly/{hash}", get(on_bitly::follow))
        .route("/playground/api/bitly", get(on_bitly::switches).put(on_bitly::switch))
        .route("/playground/api/x/replay", post(api::replay))
        .route("/playground/api/{network}/{action}", post(api::act))
        .fallback(api::unknown)
        .layer(middleware::from_fn(guarded));
    Router::new()
        .nest("/x", on_x::router())
        .nest("/graph", graph::router())
        .nest("/tiktok", on_tiktok::router())
        .nest("/bitly", on_bitly::router())
        .merge(page)
        .layer(DefaultBodyLimit::max(256 * 1024))
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
