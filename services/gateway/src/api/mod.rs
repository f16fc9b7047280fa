//! HTTP: `/api/v1` with its OpenAPI description, the playground's pages, the workspace's files.

mod account;
mod answering;
mod availability;
mod away_states;
mod bootstrap;
mod capacity;
mod conversations;
mod drafts;
mod guard;
mod input;
mod links;
mod lists;
mod live;
mod notifications;
mod ownership;
mod people;
mod search;
mod session;
mod settings;
mod story;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request, State as Shared};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use kit_service::http::Problem;
use kit_values::Fault;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

use crate::edge::{headers, proxies, workspace};
use crate::state::State;

pub use session::COOKIE;

/// Largest body of a request, in bytes: a text of 10,000 characters of four bytes, with room.
const LARGEST_BODY: usize = 64 * 1024;
/// Largest body that sets a whole list: 5,000 entries of who may do what with an account, or the
/// choices of a contact attribute, 200 of 120 characters, however they are written.
const LARGEST_LIST: usize = 1024 * 1024;
/// Carries the build of the workspace on every answer of the API.
const UI_BUILD: &str = "x-guichet-ui-build";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Guichet",
        description = "The gateway's API. Requests that change something carry the header \
                       `x-guichet-csrf`; bodies are JSON and unknown fields are refused."
    ),
    // Named by a parameter alone, which does not bring its schema along.
    components(schemas(crate::wire::rest::Queue, crate::wire::rest::Sort, crate::wire::rest::SearchIn)),
    modifiers(&CookieSession),
    tags(
        (name = "session", description = "Who is signed in."),
        (name = "conversations", description = "Conversations and their messages."),
        (name = "answering", description = "Replies, states and the reply lock."),
        (name = "story", description = "Notes, what is done to messages, contacts, activity."),
        (name = "team", description = "Who works, who owns what and why, and what one is told."),
        (name = "notifications", description = "What one is told, and by which means."),
        (name = "links", description = "Short links."),
        (name = "settings", description = "What administrators set, and what a member prefers."),
        (name = "people", description = "Members, invitations, and who did what."),
        (name = "account", description = "A member's own account, and the first run."),
        (name = "live", description = "What a workspace needs to begin and to stay current.")
    )
)]
struct Description;

struct CookieSession;

impl Modify for CookieSession {
    fn modify(&self, description: &mut utoipa::openapi::OpenApi) {
        let components = description.components.get_or_insert_default();
        let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
            COOKIE,
            "Set by signing in.",
        )));
        components.add_security_scheme("session", cookie);
        let csrf = SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(
            guard::CSRF,
            "Given by signing in and by the present session.",
        )));
        components.add_security_scheme("csrf", csrf);
    }
}

fn routes() -> OpenApiRouter<State> {
    let list = DefaultBodyLimit::max(LARGEST_LIST);
    let v1 = OpenApiRouter::new()
        .routes(routes!(session::sign_in, session::current, session::sign_out))
        .routes(routes!(bootstrap::bootstrap))
        .routes(routes!(conversations::list))
        .routes(routes!(conversations::batch))
        .routes(routes!(conversations::one))
        .routes(routes!(lists::bulk))
        .routes(routes!(lists::index))
        .routes(routes!(lists::remind, lists::cancel_reminder))
        .routes(routes!(drafts::list))
        .routes(routes!(drafts::put, drafts::drop))
        .routes(routes!(search::search))
        .routes(routes!(conversations::messages))
        .routes(routes!(answering::reply))
        .routes(routes!(answering::retry))
        .routes(routes!(answering::settle))
        .routes(routes!(answering::change_state))
        .routes(routes!(answering::acquire_lock, answering::release_lock))
        .routes(routes!(ownership::take))
        .routes(routes!(ownership::assign))
        .routes(routes!(ownership::unassign))
        .routes(routes!(ownership::explanations))
        .routes(routes!(availability::current, availability::choose))
        .routes(routes!(availability::choose_default))
        .routes(routes!(availability::away_states))
        .routes(routes!(availability::team))
        .routes(routes!(capacity::team))
        .routes(routes!(capacity::member))
        .routes(routes!(notifications::list))
        .routes(routes!(notifications::read))
        .routes(routes!(notifications::test))
        .routes(routes!(notifications::outcome))
        .routes(routes!(notifications::preferences, notifications::choose))
        .routes(routes!(notifications::push_key))
        .routes(routes!(notifications::subscribe, notifications::unsubscribe))
        .routes(routes!(links::settings, links::choose))
        .routes(routes!(links::connect, links::disconnect))
        .routes(routes!(links::authorize))
        .routes(routes!(links::callback))
        .routes(routes!(links::test))
        .routes(routes!(links::preview))
        .routes(routes!(away_states::all, away_states::add))
        .routes(routes!(away_states::order))
        .routes(routes!(away_states::change))
        .routes(routes!(settings::attributes, settings::add_attribute).layer(list))
        .routes(routes!(settings::order_attributes))
        .routes(routes!(settings::change_attribute, settings::archive_attribute).layer(list))
        .routes(routes!(settings::channels))
        .routes(routes!(settings::change_channel))
        .routes(routes!(settings::access, settings::set_access).layer(list))
        .routes(routes!(settings::preferences, settings::prefer))
        .routes(routes!(people::members))
        .routes(routes!(people::change_member))
        .routes(routes!(people::password_link))
        .routes(routes!(people::invite, people::invitations))
        .routes(routes!(people::look))
        .routes(routes!(people::accept))
        .routes(routes!(people::revoke))
        .routes(routes!(people::audit))
        .routes(routes!(account::change_password))
        .routes(routes!(account::sign_out_everywhere))
        .routes(routes!(account::forgotten))
        .routes(routes!(account::complete))
        .routes(routes!(account::welcome, account::set_up))
        .routes(routes!(story::notes, story::write_note))
        .routes(routes!(story::change_note, story::delete_note))
        .routes(routes!(story::restore_note))
        .routes(routes!(story::note_versions))
        .routes(routes!(story::act))
        .routes(routes!(story::delete_message))
        .routes(routes!(story::contact))
        .routes(routes!(story::set_attribute))
        .routes(routes!(story::activity))
        .routes(routes!(live::live));
    OpenApiRouter::with_openapi(Description::openapi()).nest("/api/v1", v1)
}

/// The description of `/api/v1`, as it is served.
#[must_use]
pub fn description() -> utoipa::openapi::OpenApi {
    routes().into_openapi()
}

/// Everything behind the port.
///
/// # Errors
/// Internal when the description cannot be written.
pub fn router(state: State) -> Result<Router, Fault> {
    let (api, description) = routes().split_for_parts();
    let description = description.to_json().map_err(Fault::internal)?;
    let description: Arc<str> = description.into();
    let ui_build = HeaderValue::from_str(&state.ui_build).map_err(Fault::internal)?;

    let api = api
        .route(
            "/api/v1/openapi.json",
            get(async move || {
                ([(header::CONTENT_TYPE, "application/json")], description.to_string())
            }),
        )
        .route("/api/{*rest}", axum::routing::any(unknown))
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(map_response(move |mut response: Response| {
            let ui_build = ui_build.clone();
            async move {
                let headers = response.headers_mut();
                headers.insert(UI_BUILD, ui_build);
                headers
                    .entry(header::CACHE_CONTROL)
                    .or_insert(HeaderValue::from_static("no-store"));
                response
            }
        }));
    let pages = Router::new()
        .route("/playground", axum::routing::any(playground))
        .route("/playground/{*rest}", axum::routing::any(playground))
        .fallback(page);
    Ok(api
        .merge(pages)
        .layer(from_fn_with_state(state.clone(), guard::own_pages_only))
        .layer(map_response(headers::protect))
        .layer(from_fn_with_state(state.clone(), know_client))
        .with_state(state))
}

async fn unknown() -> Problem {
    Problem(Fault::not_found("route"))
}

async fn wrong_method() -> Response {
    // No class of fault stands for this: the route is there, the method is not.
    let document = serde_json::json!({
        "type": "urn:guichet:problem:method_not_allowed",
        "title": "Method not allowed",
        "status": StatusCode::METHOD_NOT_ALLOWED.as_u16(),
        "code": "method_not_allowed",
        "detail": "This route does not answer that method.",
    });
    let kind = [(header::CONTENT_TYPE, "application/problem+json")];
    (StatusCode::METHOD_NOT_ALLOWED, kind, document.to_string()).into_response()
}

async fn playground(Shared(state): Shared<State>, request: Request) -> Response {
    match &state.playground {
        Some(playground) => playground.pass(request).await,
        None => Problem(Fault::not_found("page")).into_response(),
    }
}

async fn page(Shared(state): Shared<State>, request: Request) -> Response {
    workspace::answer(state.find, request.method(), request.uri().path(), request.headers())
}

/// Notes where a request comes from. Whatever else it says about that is taken from it.
async fn know_client(
    Shared(state): Shared<State>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    let client = state.proxies.client(peer.ip(), request.headers());
    request.extensions_mut().insert(client);
    for name in proxies::PRIVATE {
        request.headers_mut().remove(name);
    }
    next.run(request).await
}
