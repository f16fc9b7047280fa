//! Bitly's API v4 under `/bitly`, as far as a shortener of replies calls it; under
//! `/playground/bitly` what browsers open: the page that asks for leave, and the links.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use kit_values::mint_uuid;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Served;
use super::html::escape;
use super::language::PageLanguage;
use crate::bitly::{Account, GROUPS, Mode, Switches};

/// How long a caller who gets no answer is kept.
const HELD: Duration = Duration::from_secs(50);
/// When everything was made.
const SINCE: &str = "2024-01-15T09:00:00+0000";

/// The routes of the API.
pub(super) fn router() -> Router<Served> {
    Router::new()
        .route("/v4/user", get(user))
        .route("/v4/groups", get(groups))
        .route("/v4/shorten", post(shorten))
        .route("/oauth/access_token", post(exchange))
        .fallback(unknown)
}

/// The address under which people open the installation.
fn own(served: &Served) -> &str {
    served.config.public_url.trim_end_matches('/')
}

/// Bitly's own form of refusals.
fn refused(status: StatusCode, message: &str, resource: &str) -> Response {
    let words = message.to_lowercase().replace('_', " ");
    let body = json!({ "message": message, "resource": resource, "description": words });
    (status, Json(body)).into_response()
}

fn invalid(resource: &str, field: &str) -> Response {
    let errors = json!([{ "field": field, "error_code": "invalid" }]);
    let message = format!("INVALID_ARG_{}", field.to_uppercase());
    let body = json!({
        "message": message, "resource": resource, "description": "The value provided is invalid.",
        "errors": errors,
    });
    (StatusCode::BAD_REQUEST, Json(body)).into_response()
}

async fn unknown() -> Response {
    refused(StatusCode::NOT_FOUND, "NOT_FOUND", "unknown")
}

/// What the switches make of a call; none when it is answered as it should.
async fn trouble(served: &Served, resource: &str) -> Option<Response> {
    Some(match served.bitly.called() {
        Mode::Well => return None,
        Mode::Hang => {
            tokio::select! {
                () = served.runtime.stop.cancelled() => {}
                () = tokio::time::sleep(HELD) => {}
            }
            refused(StatusCode::SERVICE_UNAVAILABLE, "TEMPORARILY_UNAVAILABLE", resource)
        }
        Mode::RateLimited => {
            refused(StatusCode::TOO_MANY_REQUESTS, "RATE_LIMIT_EXCEEDED", resource)
        }
        Mode::OverQuota => {
            refused(StatusCode::TOO_MANY_REQUESTS, "MONTHLY_RATE_LIMIT_EXCEEDED", resource)
        }
        Mode::Forbidden => refused(StatusCode::FORBIDDEN, "FORBIDDEN", resource),
        Mode::ServerError => refused(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL_ERROR", resource),
        Mode::Unavailable => {
            let page = "<html><body>503 Service Unavailable</body></html>";
            (StatusCode::SERVICE_UNAVAILABLE, [(CONTENT_TYPE, "text/html")], page).into_response()
        }
        Mode::Nonsense => (StatusCode::OK, "{\"surprise\":true}").into_response(),
    })
}

/// Whose call it is.
async fn admitted(
    served: &Served,
    headers: &HeaderMap,
    resource: &str,
) -> Result<Account, Response> {
    if let Some(response) = trouble(served, resource).await {
        return Err(response);
    }
    let token = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = token.and_then(|value| value.strip_prefix("Bearer "));
    token.and_then(Account::of).ok_or_else(|| refused(StatusCode::FORBIDDEN, "FORBIDDEN", resource))
}

async fn user(State(served): State<Served>, headers: HeaderMap) -> Response {
    match admitted(&served, &headers, "users").await {
        Ok(account) => Json(json!({
            "login": account.login,
            "name": account.login,
            "default_group_guid": GROUPS[0].guid,
            "is_active": true,
            "is_2fa_enabled": false,
            "is_sso_user": false,
            "created": SINCE,
            "modified": SINCE,
            "emails": [{ "email": "care@maison-lumiere.example", "is_primary": true, "is_verified": true }],
        }))
        .into_response(),
        Err(response) => response,
    }
}

async fn groups(State(served): State<Served>, headers: HeaderMap) -> Response {
    if let Err(response) = admitted(&served, &headers, "groups").await {
        return response;
    }
    let groups = GROUPS.map(|group| {
        json!({
            "guid": group.guid,
            "name": group.name,
            "organization_guid": "Oo1sim00001",
            "role": "org-admin",
            "bsds": group.domains,
            "is_active": true,
            "created": SINCE,
            "modified": SINCE,
            "references": { "organization": "https://api-ssl.bitly.com/v4/organizations/Oo1sim00001" },
        })
    });
    Json(json!({ "groups": groups })).into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    long_url: String,
    #[serde(default)]
    domain: Option<String>,
    #[serde(default)]
    group_guid: Option<String>,
}

async fn shorten(State(served): State<Served>, headers: HeaderMap, body: Bytes) -> Response {
    let account = match admitted(&served, &headers, "bitlinks").await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let Ok(wanted) = serde_json::from_slice::<Wanted>(&body) else {
        return refused(StatusCode::UNPROCESSABLE_ENTITY, "UNPROCESSABLE_ENTITY", "bitlinks");
    };
    let is_web = wanted.long_url.starts_with("https://") || wanted.long_url.starts_with("http://");
    if !is_web || wanted.long_url.contains(' ') {
        return invalid("bitlinks", "long_url");
    }
    let guid = wanted.group_guid.as_deref().unwrap_or(GROUPS[0].guid);
    let Some(group) = GROUPS.iter().find(|group| group.guid == guid) else {
        return refused(StatusCode::FORBIDDEN, "FORBIDDEN", "bitlinks");
    };
    let domain = wanted.domain.as_deref().unwrap_or("bit.ly");
    if domain != "bit.ly" && !group.domains.contains(&domain) {
        return invalid("bitlinks", "domain");
    }
    let hash: String = mint_uuid().simple().to_string().chars().rev().take(7).collect();
    let link = served.bitly.shorten(&account, (guid, domain), &wanted.long_url, hash);
    // The real one leads there by itself; the played one can only be followed here.
    let address = format!("{}/playground/bitly/{}", own(&served), link.hash);
    let group = format!("https://api-ssl.bitly.com/v4/groups/{guid}");
    let body = json!({
        "id": format!("{domain}/{}", link.hash),
        "link": address,
        "long_url": wanted.long_url,
        "created_at": SINCE,
        "archived": false,
        "tags": [],
        "custom_bitlinks": [],
        "deeplinks": [],
        "references": { "group": group },
    });
    let status = if link.is_new { StatusCode::CREATED } else { StatusCode::OK };
    (status, Json(body)).into_response()
}

async fn exchange(State(served): State<Served>, body: Bytes) -> Response {
    if let Some(response) = trouble(&served, "oauth").await {
        return response;
    }
    let text = String::from_utf8_lossy(&body).into_owned();
    let fields: BTreeMap<String, String> =
        url::form_urlencoded::parse(text.as_bytes()).into_owned().collect();
    let named = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    if named("client_id").is_empty() || named("client_secret").is_empty() {
        return refused(StatusCode::BAD_REQUEST, "INVALID_CLIENT", "oauth");
    }
    match served.bitly.exchange(named("code")) {
        Some(token) => Json(json!({ "access_token": token, "login": "oauth" })).into_response(),
        None => refused(StatusCode::BAD_REQUEST, "INVALID_CODE", "oauth"),
    }
}

/// What a browser brings to the page that asks for leave.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    redirect_uri: String,
    #[serde(default)]
    state: String,
}

/// `/playground/bitly/authorize`: may Guichet use the account?
pub(super) async fn authorize(
    State(served): State<Served>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    // Only back to where the browser came from.
    if !asked.redirect_uri.starts_with(&format!("{}/", own(&served))) {
        return (StatusCode::BAD_REQUEST, "redirect_uri").into_response();
    }
    let code = mint_uuid().simple().to_string();
    served.bitly.authorize(code.clone());
    let back = |pairs: &[(&str, &str)]| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(pairs).append_pair("state", &asked.state);
        escape(&format!("{}?{}", asked.redirect_uri, query.finish()))
    };
    let (yes, no) = (back(&[("code", &code)]), back(&[("error", "access_denied")]));
    let language = PageLanguage::choose(None, &headers);
    let [title, question, allow, deny] = match language {
        PageLanguage::En => [
            "Bitly (simulated)",
            "May Guichet make links with this account?",
            "Allow",
            "Do not allow",
        ],
        PageLanguage::Fr => [
            "Bitly (simulé)",
            "Guichet peut-il créer des liens avec ce compte ?",
            "Autoriser",
            "Ne pas autoriser",
        ],
    };
    Html(format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <link rel=\"stylesheet\" href=\"/playground/app.css\"></head><body><main>\
         <h1>{title}</h1><p>{question}</p><p><a class=\"button\" href=\"{yes}\">{allow}</a> \
         <a href=\"{no}\">{deny}</a></p></main></body></html>",
        language.tag()
    ))
    .into_response()
}

/// `/playground/bitly/<hash>`: leads on, as Bitly does.
pub(super) async fn follow(State(served): State<Served>, Path(hash): Path<String>) -> Response {
    match served.bitly.address(&hash) {
        Some(address) => {
            let led = Response::builder()
                .status(StatusCode::MOVED_PERMANENTLY)
                .header(LOCATION, address)
                .body(Body::empty());
            led.unwrap_or_else(|_| StatusCode::NOT_FOUND.into_response())
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// `GET /playground/api/bitly`
pub(super) async fn switches(State(served): State<Served>) -> Json<Value> {
    Json(json!({ "mode": served.bitly.switches().mode, "calls": served.bitly.calls() }))
}

/// `PUT /playground/api/bitly`
pub(super) async fn switch(
    State(served): State<Served>,
    Json(switches): Json<Switches>,
) -> StatusCode {
    served.bitly.switch(switches);
    StatusCode::NO_CONTENT
}
