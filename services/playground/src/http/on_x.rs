//! X's API v2 under `/x`, as far as an inbox calls it.

use axum::body::Bytes;
use axum::extract::{ConnectInfo, Path, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post, put};
use axum::{Json, Router};
use kit_values::now;
use serde::Deserialize;
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use super::Served;
use super::conclude::{Answers, conclude};
use super::line::Line;
use super::x_people;
use crate::limits::{Limits, Rule, Standing};
use crate::stage::{Admitted, Asked, Taken, Turned};
use crate::world::{Account, CallKind, Network, World};
use crate::x::calls::{self, Granted};
use crate::x::{Refused, actions};

const QUARTER: Duration = Duration::minutes(15);

/// What is called, with the account's own limit in a quarter of an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Endpoint {
    CreatePost,
    DeletePost,
    CreateMessage,
    Like,
    Unlike,
    Repost,
    Unrepost,
    Follow,
    Unfollow,
    Hide,
    Me,
    User,
    Post,
}

impl Endpoint {
    const fn limit(self) -> u64 {
        match self {
            Self::CreatePost => 100,
            Self::DeletePost
            | Self::Like
            | Self::Unlike
            | Self::Repost
            | Self::Unrepost
            | Self::Follow
            | Self::Unfollow
            | Self::Hide => 50,
            Self::CreateMessage => 15,
            Self::Me => 75,
            Self::User | Self::Post => 900,
        }
    }

    /// Every limit: the account's own first, as the headers show it.
    fn rules(self, account: &Account, limits: Limits) -> Vec<Rule> {
        let own = account.account_id.as_str();
        let app = account.applications.first().map_or("", String::as_str);
        let quarter = |name| Rule::new(own, name, limits.of(self.limit()), QUARTER);
        match self {
            Self::CreatePost => vec![
                quarter("x-posts"),
                Rule::new(app, "x-app-posts-day", limits.of(10_000), Duration::DAY),
            ],
            Self::DeletePost => vec![quarter("x-deletes")],
            Self::Like => vec![
                quarter("x-likes"),
                Rule::new(own, "x-likes-day", limits.of(1_000), Duration::DAY),
            ],
            Self::Unlike => vec![
                quarter("x-unlikes"),
                Rule::new(own, "x-unlikes-day", limits.of(1_000), Duration::DAY),
            ],
            Self::Repost => vec![quarter("x-reposts")],
            Self::Unrepost => vec![quarter("x-unreposts")],
            Self::Follow => vec![quarter("x-follows")],
            Self::Unfollow => vec![quarter("x-unfollows")],
            Self::Hide => vec![quarter("x-hides")],
            Self::CreateMessage => vec![
                quarter("x-messages"),
                Rule::new(own, "x-messages-day", limits.of(1_440), Duration::DAY),
                Rule::new(app, "x-app-messages-day", limits.of(1_440), Duration::DAY),
            ],
            Self::Me => vec![quarter("x-me")],
            Self::User => vec![quarter("x-users")],
            Self::Post => vec![quarter("x-post")],
        }
    }

    const fn acts(self) -> bool {
        !matches!(self, Self::Me | Self::User | Self::Post)
    }
}

/// The routes.
pub(super) fn router() -> Router<Served> {
    Router::new()
        .route("/2/tweets", post(create_post))
        .route("/2/tweets/{id}", delete(delete_post).get(x_people::post))
        .route("/2/tweets/{tweet_id}/hidden", put(hide))
        .route("/2/dm_conversations/with/{participant_id}/messages", post(create_message))
        .route("/2/users/{id}/likes", post(like))
        .route("/2/users/{id}/likes/{tweet_id}", delete(unlike))
        .route("/2/users/{id}/retweets", post(repost))
        .route("/2/users/{id}/retweets/{source_tweet_id}", delete(unrepost))
        .route("/2/users/{id}/following", post(follow))
        .route("/2/users/{id}/following/{target_user_id}", delete(unfollow))
        .route("/2/users/me", get(x_people::me))
        .route("/2/users/{id}", get(x_people::user))
        .fallback(unknown)
}

async fn unknown() -> Response {
    refused(&Refused::not_found("page", "path", "the address"), None)
}

async fn create_post(
    State(served): State<Served>,
    ConnectInfo(line): ConnectInfo<Line>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let decide = |world: &World, account: &Account, snowflake| {
        let request: calls::CreatePost = read(&headers, &body)?;
        calls::create_post(world, account, &request, snowflake)
    };
    act(&served, &line, &headers, Endpoint::CreatePost, decide).await
}

async fn delete_post(
    State(served): State<Served>,
    ConnectInfo(line): ConnectInfo<Line>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let decide = |world: &World, account: &Account, _| calls::delete_post(world, account, &id);
    act(&served, &line, &headers, Endpoint::DeletePost, decide).await
}

async fn create_message(
    State(served): State<Served>,
    ConnectInfo(line): ConnectInfo<Line>,
    Path(participant): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let decide = |world: &World, account: &Account, snowflake| {
        let request: calls::CreateMessage = read(&headers, &body)?;
        calls::create_message(world, account, &participant, &request, snowflake)
    };
    act(&served, &line, &headers, Endpoint::CreateMessage, decide).await
}

async fn like(
    State(served): State<Served>,
    ConnectInfo(line): ConnectInfo<Line>,
    Path(me): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let decide = |world: &World, account: &Account, _| {
        let request: actions::ThePost = read(&headers, &body)?;
        actions::like(world, account, &me, &request.tweet_id, true)
    };
    act(&served, &line, &headers, Endpoint::Like, decide).await
}

async fn unlike(
    State(served): State<Served>,
    ConnectInfo(line): ConnectInfo<Line>,
    Path((me, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let decide =
        |world: &World, account: &Account, _| actions::like(world, account, &me, &id, false);
    act(&served, &line, &headers, Endpoint::Unlike, decide).await
}

async fn repost(
    State(served): State<Served>,
    ConnectInfo(line): ConnectInfo<Line>,
    Path(me): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let decide = |world: &World, account: &Account, snowflake| {
        let request: actions::ThePost = read(&headers, &body)?;
        actions::repost(world, account, &me, &request.tweet_id, Some(snowflake))
    };
    act(&served, &line, &headers, Endpoint::Repost, decide).await
}

async fn unrepost(
    State(served): State<Served>,
    ConnectInfo(line): ConnectInfo<Line>,
    Path((me, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let decide =
        |world: &World, account: &Account, _| actions::repost(world, account, &me, &id, None);
    act(&served, &line, &headers, Endpoint::Unrepost, decide).await
}

async fn follow(
    State(served): State<Served>,
    ConnectInfo(line): ConnectInfo<Line>,
    Path(me): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let decide = |world: &World, account: &Account, _| {
        let request: actions::ThePerson = read(&headers, &body)?;
        actions::follow(world, account, &me, &request.target_user_id, true)
    };
    act(&served, &line, &headers, Endpoint::Follow, decide).await
}

async fn unfollow(
    State(served): State<Served>,
    ConnectInfo(line): ConnectInfo<Line>,
    Path((me, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let decide =
        |world: &World, account: &Account, _| actions::follow(world, account, &me, &id, false);
    act(&served, &line, &headers, Endpoint::Unfollow, decide).await
}

async fn hide(
    State(served): State<Served>,
    ConnectInfo(line): ConnectInfo<Line>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let decide = |world: &World, account: &Account, _| {
        let request: actions::Hidden = read(&headers, &body)?;
        actions::hide(world, account, &id, request.hidden)
    };
    act(&served, &line, &headers, Endpoint::Hide, decide).await
}

async fn act(
    served: &Served,
    line: &Line,
    headers: &HeaderMap,
    endpoint: Endpoint,
    decide: impl FnOnce(&World, &Account, u64) -> Result<Granted, Refused>,
) -> Response {
    let moment = now();
    let Admitted { account, standings } = match admit(served, headers, endpoint, moment) {
        Ok(admitted) => admitted,
        Err(response) => return *response,
    };
    let standing = standings.first();
    let asked = |world: &World, snowflake| {
        let Granted { deed, kind, target } = decide(world, &account, snowflake)?;
        Ok(Asked { deed, kind, target, metadata: None })
    };
    match served.stage.take(&account, moment, asked) {
        Ok(Ok(taken)) => {
            let answers = answers(&account, endpoint, &taken, standing);
            conclude(served, line, &taken, answers).await
        }
        Ok(Err(error)) => refused(&error, standing),
        Err(fault) => {
            tracing::warn!(%fault, "a call could not be kept and was refused");
            refused(&Refused::unavailable(), standing)
        }
    }
}

fn answers(
    account: &Account,
    endpoint: Endpoint,
    taken: &Taken,
    standing: Option<&Standing>,
) -> Answers {
    let id = taken.happening.deed.id().unwrap_or_default();
    let call = taken.happening.call.as_ref();
    let target = call.map_or("", |call| call.target.as_str());
    let (status, data) = match endpoint {
        Endpoint::DeletePost => (StatusCode::OK, json!({"deleted": true})),
        Endpoint::Like | Endpoint::Unlike => {
            (StatusCode::OK, json!({"liked": endpoint == Endpoint::Like}))
        }
        Endpoint::Repost | Endpoint::Unrepost => {
            let retweeted = endpoint == Endpoint::Repost;
            (StatusCode::OK, json!({"rest_id": target, "retweeted": retweeted}))
        }
        Endpoint::Follow | Endpoint::Unfollow => {
            let following = endpoint == Endpoint::Follow;
            (StatusCode::OK, json!({"following": following, "pending_follow": false}))
        }
        Endpoint::Hide => {
            let hidden = call.is_some_and(|call| call.kind == CallKind::Hide);
            (StatusCode::OK, json!({"hidden": hidden}))
        }
        Endpoint::CreateMessage => {
            let conversation = calls::conversation_id(&account.account_id, target);
            let data = json!({"dm_conversation_id": conversation, "dm_event_id": id});
            (StatusCode::CREATED, data)
        }
        _ => {
            let text = taken.happening.deed.text();
            let data = json!({"id": id, "text": text, "edit_history_post_ids": [id]});
            (StatusCode::CREATED, data)
        }
    };
    let error = Refused::not_found("user", "author_id", &account.account_id).body();
    Answers {
        success: answer(status, &json!({"data": data}), standing),
        with_errors: answer(status, &json!({"data": data, "errors": [error]}), standing),
        server_error: refused(&Refused::internal(), standing),
    }
}

pub(super) fn admit(
    served: &Served,
    headers: &HeaderMap,
    endpoint: Endpoint,
    moment: OffsetDateTime,
) -> Result<Admitted, Box<Response>> {
    let token = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = token.and_then(|value| value.strip_prefix("Bearer "));
    let Some(account) = served.stage.caller(Network::X, token) else {
        return Err(Box::new(refused(&Refused::unauthorized(), None)));
    };
    let rules = |_: &World, account: &Account, limits| endpoint.rules(account, limits);
    let turned = match served.stage.admit(account, endpoint.acts(), rules, moment) {
        Ok(admitted) => return Ok(admitted),
        Err(turned) => turned,
    };
    Err(Box::new(match turned {
        Turned::Unauthorized => refused(&Refused::unauthorized(), None),
        Turned::UsedUp(standing) => refused(&Refused::limited(), Some(&standing)),
        Turned::Limited(Some(seconds)) => {
            let reset = moment + Duration::seconds(seconds.into());
            let (name, limit) = ("x-switch", endpoint.limit());
            let standing = Standing { name, limit, remaining: 0, reset };
            refused(&Refused::limited(), Some(&standing))
        }
        Turned::Limited(None) | Turned::ErrorIn200 => refused(&Refused::limited(), None),
    }))
}

fn read<T: for<'de> Deserialize<'de>>(headers: &HeaderMap, body: &[u8]) -> Result<T, Refused> {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if kind.split(';').next().unwrap_or_default().trim() != "application/json" {
        let detail = "The content type of your request must be application/json.";
        return Err(Refused::invalid("body", detail));
    }
    calls::read(body)
}

pub(super) fn refused(refused: &Refused, standing: Option<&Standing>) -> Response {
    let status = StatusCode::from_u16(refused.status).unwrap_or(StatusCode::BAD_REQUEST);
    let mut response = answer(status, &refused.body(), standing);
    let kind = HeaderValue::from_static("application/problem+json");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}

/// An answer with the headers that tell how the caller stands.
pub(super) fn answer(status: StatusCode, body: &Value, standing: Option<&Standing>) -> Response {
    let mut response = (status, Json(body)).into_response();
    if let Some(standing) = standing {
        // Seconds; rounded up, so that whoever waits for them does not come too early.
        let reset = standing.reset.unix_timestamp() + i64::from(standing.reset.nanosecond() > 0);
        let headers = response.headers_mut();
        headers.insert("x-rate-limit-limit", HeaderValue::from(standing.limit));
        headers.insert("x-rate-limit-remaining", HeaderValue::from(standing.remaining));
        headers.insert("x-rate-limit-reset", HeaderValue::from(reset));
    }
    response
}
