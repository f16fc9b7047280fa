//! TikTok's API for business accounts under `/tiktok/open_api/v1.3`, as far as an inbox calls it.
//! Whatever is answered is HTTP 200; an address without its last slash is none.

use axum::body::Bytes;
use axum::extract::{ConnectInfo, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use kit_values::now;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use super::Served;
use super::conclude::{Answers, conclude};
use super::line::Line;
use crate::limits::{Limits, Rule};
use crate::stage::{Asked, Taken, Turned};
use crate::tiktok::calls::{self, Granted};
use crate::tiktok::{Refused, reading};
use crate::update::Surroundings;
use crate::world::{Account, CallKind, Network, World, fingerprint};

/// Calls of an application in a second, a minute and a day.
const APPLICATION: [(&str, u64, Duration); 3] = [
    ("QPS", 10, Duration::SECOND),
    ("QPM", 600, Duration::MINUTE),
    ("QPD", 864_000, Duration::DAY),
];
/// Calls of an account of one endpoint in a minute.
const OF_AN_ACCOUNT: u64 = 40;

/// The routes.
pub(super) fn router() -> Router<Served> {
    Router::new()
        .route("/open_api/v1.3/business/comment/list/", get(comments))
        .route("/open_api/v1.3/business/comment/reply/list/", get(replies))
        .route("/open_api/v1.3/business/comment/reply/create/", post(reply))
        .route("/open_api/v1.3/business/comment/like/", post(like))
        .route("/open_api/v1.3/business/comment/hide/", post(hide))
        .route("/open_api/v1.3/business/comment/delete/", post(delete))
        .route("/open_api/v1.3/business/message/send/", post(send))
        .route("/open_api/v1.3/business/message/media/download/", post(download))
        .route("/open_api/v1.3/business/get/", get(business))
        .fallback(unknown)
}

async fn unknown() -> Response {
    (StatusCode::NOT_FOUND, "404 page not found\n").into_response()
}

/// A handler for an endpoint that does something.
macro_rules! acting {
    ($name:ident, $decide:path) => {
        async fn $name(
            State(served): State<Served>,
            ConnectInfo(line): ConnectInfo<Line>,
            headers: HeaderMap,
            body: Bytes,
        ) -> Response {
            let decide = |world: &World, account: &Account, _, _| {
                $decide(world, account, &calls::read(&body)?)
            };
            act(&served, &line, &headers, stringify!($name), decide).await
        }
    };
}

acting!(like, calls::like);
acting!(hide, calls::hide);
acting!(delete, calls::delete);

async fn reply(
    State(served): State<Served>,
    ConnectInfo(line): ConnectInfo<Line>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let decide = |world: &World, account: &Account, snowflake, _| {
        calls::reply(world, account, &calls::read(&body)?, snowflake)
    };
    act(&served, &line, &headers, "reply", decide).await
}

async fn send(
    State(served): State<Served>,
    ConnectInfo(line): ConnectInfo<Line>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let decide = |world: &World, account: &Account, snowflake, moment| {
        calls::send(world, account, &calls::read(&body)?, snowflake, moment)
    };
    act(&served, &line, &headers, "send", decide).await
}

async fn comments(
    State(served): State<Served>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    look_up(&served, &headers, "comments", |world, account, around| {
        reading::comments(world, account, &asked(query.as_deref())?, around)
    })
}

async fn replies(
    State(served): State<Served>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    look_up(&served, &headers, "replies", |world, account, around| {
        reading::replies(world, account, &asked(query.as_deref())?, around)
    })
}

async fn business(
    State(served): State<Served>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    look_up(&served, &headers, "business", |_, account, around| {
        reading::business(account, &asked(query.as_deref())?, around)
    })
}

async fn download(State(served): State<Served>, headers: HeaderMap, body: Bytes) -> Response {
    look_up(&served, &headers, "download", |world, account, around| {
        reading::download(world, account, &calls::read(&body)?, around)
    })
}

/// The parameters of an address; a name that the endpoint does not know is refused.
fn asked<T: DeserializeOwned>(query: Option<&str>) -> Result<T, Refused> {
    let address = format!("http://tiktok/?{}", query.unwrap_or_default());
    let url = url::Url::parse(&address).map_err(|error| Refused::parameter(&error.to_string()))?;
    let typed = |name: &str, text: &str| match name {
        "cursor" | "max_count" | "include_replies" => {
            serde_json::from_str(text).unwrap_or_else(|_| json!(text))
        }
        _ => json!(text),
    };
    let values = url.query_pairs().map(|(name, text)| (name.to_string(), typed(&name, &text)));
    serde_json::from_value(Value::Object(values.collect()))
        .map_err(|error| Refused::parameter(&error.to_string()))
}

fn rules(account: &Account, endpoint: &str, limits: Limits) -> Vec<Rule> {
    let app = account.applications.first().map_or("", String::as_str);
    let mut rules: Vec<Rule> = APPLICATION
        .iter()
        .map(|(name, limit, span)| {
            Rule::new(&format!("tiktok/{app}"), name, limits.of(*limit), *span)
        })
        .collect();
    let whose = format!("tiktok/{}/{endpoint}", account.account_id);
    rules.push(Rule::new(&whose, "QPM", limits.of(OF_AN_ACCOUNT), Duration::MINUTE));
    rules
}

fn admit(
    served: &Served,
    headers: &HeaderMap,
    endpoint: &str,
    acts: bool,
    moment: OffsetDateTime,
) -> Result<Account, Refused> {
    let token = headers.get("access-token").and_then(|value| value.to_str().ok());
    let token = token.filter(|token| !token.is_empty()).ok_or_else(Refused::no_token)?;
    let account = served.stage.caller(Network::Tiktok, Some(token)).ok_or_else(Refused::token)?;
    let rules = |_: &World, account: &Account, limits| rules(account, endpoint, limits);
    match served.stage.admit(account, acts, rules, moment) {
        Ok(admitted) => Ok(admitted.account),
        Err(Turned::Unauthorized) => Err(Refused::token()),
        Err(Turned::UsedUp(standing)) => Err(Refused::throttled(standing.name)),
        Err(Turned::Limited(Some(seconds))) => Err(Refused::throttled(match seconds {
            0..=1 => "QPS",
            2..=300 => "QPM",
            _ => "QPD",
        })),
        Err(Turned::Limited(None)) => Err(Refused::throttled("unknown")),
        Err(Turned::ErrorIn200) => Err(Refused::internal()),
    }
}

/// Why a call did nothing.
enum Verdict {
    Refused(Refused),
    /// A sign that changes nothing.
    Sign,
}

async fn act(
    served: &Served,
    line: &Line,
    headers: &HeaderMap,
    endpoint: &str,
    decide: impl FnOnce(&World, &Account, u64, OffsetDateTime) -> Result<Granted, Refused>,
) -> Response {
    let moment = now();
    let trace = trace(endpoint, moment);
    let account = match admit(served, headers, endpoint, true, moment) {
        Ok(account) => account,
        Err(error) => return refused(&error, &trace),
    };
    let asked = |world: &World, snowflake| {
        let Granted { deed, kind, target } =
            decide(world, &account, snowflake, moment).map_err(Verdict::Refused)?;
        let deed = deed.ok_or(Verdict::Sign)?;
        Ok(Asked { deed, kind, target, metadata: None })
    };
    match served.stage.take(&account, moment, asked) {
        Ok(Ok(taken)) => {
            let answers = answers(served, &account, &taken, &trace);
            conclude(served, line, &taken, answers).await
        }
        // No message came of it, so that its id is empty.
        Ok(Err(Verdict::Sign)) => answer(&json!({"message": {"message_id": ""}}), &trace),
        Ok(Err(Verdict::Refused(error))) => refused(&error, &trace),
        Err(fault) => {
            tracing::warn!(%fault, "a call could not be kept and was refused");
            refused(&Refused::internal(), &trace)
        }
    }
}

fn answers(served: &Served, account: &Account, taken: &Taken, trace: &str) -> Answers {
    let id = taken.happening.deed.id().unwrap_or_default();
    let kind = taken.happening.call.as_ref().map(|call| call.kind);
    let data = match kind {
        Some(CallKind::Message) => json!({"message": {"message_id": id}}),
        Some(CallKind::Comment) => {
            let inner = served.stage.lock();
            let around = served.stage.around();
            let told = |item| reading::told(&inner.world, account, item, around);
            inner.world.item(id).map_or_else(|| json!({"comment_id": id}), told)
        }
        _ => json!({}),
    };
    let mut broken = refused(&Refused::internal(), trace);
    *broken.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    Answers {
        success: answer(&data, trace),
        with_errors: answer(&data, trace),
        server_error: broken,
    }
}

fn look_up(
    served: &Served,
    headers: &HeaderMap,
    endpoint: &str,
    find: impl FnOnce(&World, &Account, Surroundings<'_>) -> Result<Value, Refused>,
) -> Response {
    let moment = now();
    let trace = trace(endpoint, moment);
    let found = admit(served, headers, endpoint, false, moment)
        .and_then(|account| find(&served.stage.lock().world, &account, served.stage.around()));
    match found {
        Ok(data) => answer(&data, &trace),
        Err(error) => refused(&error, &trace),
    }
}

/// Tells one answer from another.
fn trace(endpoint: &str, moment: OffsetDateTime) -> String {
    let nanos = moment.unix_timestamp_nanos();
    format!("{}{:016X}", moment.unix_timestamp(), fingerprint(&format!("{endpoint}/{nanos}")))
}

fn refused(refused: &Refused, trace: &str) -> Response {
    Json(refused.body(trace)).into_response()
}

fn answer(data: &Value, trace: &str) -> Response {
    Json(json!({"code": 0, "message": "OK", "request_id": trace, "data": data})).into_response()
}
