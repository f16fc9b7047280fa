//! Meta's Graph under `/graph/<version>`, as far as an inbox calls it for pages and for accounts
//! of Instagram.

use axum::body::Bytes;
use axum::extract::{ConnectInfo, Path, RawQuery, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, post};
use axum::{Json, Router};
use kit_values::now;
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use super::Served;
use super::conclude::{Answers, conclude};
use super::edges::{Edge, Limited, Product, Wanted, wanted};
use super::line::Line;
use crate::facebook::actions::{self, Fields};
use crate::facebook::calls::VERSIONS;
use crate::facebook::{Parameters, Refused, people, proof};
use crate::instagram::reading;
use crate::limits::Standing;
use crate::stage::{Asked, Taken, Turned};
use crate::update::Surroundings;
use crate::world::{Account, CallKind, Network, World};

/// One call: who, what quota, how the page stands.
struct Call<'a> {
    product: Product,
    page: &'a str,
    standing: Option<Standing>,
    moment: OffsetDateTime,
}

/// The routes.
pub(super) fn router() -> Router<Served> {
    Router::new()
        .route("/{version}/{id}/messages", post(messages))
        .route("/{version}/{id}/comments", post(comments))
        .route("/{version}/{id}/replies", post(replies))
        .route("/{version}/{id}/mentions", post(mentions))
        .route("/{version}/{id}/likes", post(like).delete(unlike))
        .route("/{version}/{id}", delete(remove).post(update).get(look_up))
        .fallback(unknown)
}

async fn unknown() -> Response {
    let error = Refused::parameter("Unknown path components");
    refused(&error, &Call::of(Product::Pages, "", now()))
}

/// A handler for one edge.
macro_rules! edge {
    ($name:ident, $edge:expr) => {
        async fn $name(
            State(served): State<Served>,
            ConnectInfo(line): ConnectInfo<Line>,
            Path(path): Path<(String, String)>,
            RawQuery(query): RawQuery,
            headers: HeaderMap,
            body: Bytes,
        ) -> Response {
            called(&served, &line, path, query.as_deref(), (&headers, &body), $edge).await
        }
    };
}

edge!(messages, Edge::Messages);
edge!(comments, Edge::Comments);
edge!(replies, Edge::Replies);
edge!(mentions, Edge::Mentions);
edge!(like, Edge::Like);
edge!(unlike, Edge::Unlike);
edge!(update, Edge::Update);
edge!(remove, Edge::Remove);

async fn called(
    served: &Served,
    line: &Line,
    (version, id): (String, String),
    query: Option<&str>,
    (headers, body): (&HeaderMap, &[u8]),
    edge: Edge,
) -> Response {
    let moment = now();
    let read = prepare(served, &version, query, headers, body).and_then(|(page, parameters)| {
        let wanted = wanted(edge, &page, id, &parameters, moment)?;
        Ok((page, wanted))
    });
    match read {
        Ok((page, wanted)) => act(served, line, page, wanted).await,
        Err(error) => refused(&error, &Call::of(edge.product(Network::Facebook), "", moment)),
    }
}

async fn look_up(
    State(served): State<Served>,
    Path((version, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let moment = now();
    let called = prepare(&served, &version, query.as_deref(), &headers, b"");
    let read = called.and_then(|(page, parameters)| Ok((page, parameters.shaped::<Fields>()?)));
    let (page, fields) = match read {
        Ok(read) => read,
        Err(error) => return refused(&error, &Call::of(Product::Pages, "", moment)),
    };
    let owner = page.account_id.clone();
    let limited = Limited::reading(Product::of_reading(page.network), moment);
    let mut call = Call::of(limited.product, &owner, moment);
    let rules = |world: &World, page: &Account, limits| limited.rules(world, page, limits);
    let admitted = match served.stage.admit(page, false, rules, moment) {
        Ok(admitted) => admitted,
        Err(turned) => return turned_away(&turned, call),
    };
    call.standing = admitted.standings.first().copied();
    let found =
        shown(served.stage.around(), &served.stage.lock().world, &admitted.account, &id, &fields);
    match found {
        Ok(shown) => answer(StatusCode::OK, &shown, &call),
        Err(error) => refused(&error, &call),
    }
}

/// A person, or something on the page.
fn shown(
    around: Surroundings<'_>,
    world: &World,
    page: &Account,
    id: &str,
    fields: &Fields,
) -> Result<Value, Refused> {
    if page.network == Network::Instagram {
        return reading::read(world, page, id, fields.text(), around);
    }
    match people::profile(world, page, id, fields, around) {
        Some(found) => found,
        None if people::is_profile(fields) => Err(Refused::no_profile()),
        None => actions::read(world, page, id, fields),
    }
}

/// Who calls, proved as far as the call proves it, and what it carries.
fn prepare(
    served: &Served,
    version: &str,
    query: Option<&str>,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<(Account, Parameters), Refused> {
    if !VERSIONS.contains(&version) {
        return Err(Refused::parameter("Unknown path components"));
    }
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let kind = text(CONTENT_TYPE).unwrap_or_default();
    let mut parameters = Parameters::read(query, kind, body)?;
    let bearer = text(AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
    let token = parameters.access_token.take().or_else(|| bearer.map(ToOwned::to_owned));
    let caller = |network| served.stage.caller(network, token.as_deref());
    let page = caller(Network::Facebook).or_else(|| caller(Network::Instagram));
    let page = page.ok_or_else(Refused::token)?;
    if let Some(given) = &parameters.appsecret_proof {
        let is_right = served.config.applications.iter().any(|application| {
            application.network == page.network
                && page.applications.contains(&application.application_id)
                && proof(application.secret.expose(), &page.token()) == *given
        });
        if !is_right {
            return Err(Refused::proof());
        }
    }
    Ok((page, parameters))
}

/// Why a call did nothing.
enum Verdict {
    Refused(Refused),
    /// A sign that changes nothing, to this person.
    Sign(String),
}

async fn act(
    served: &Served,
    line: &Line,
    page: Account,
    Wanted { limited, decide }: Wanted,
) -> Response {
    let moment = limited.moment;
    let id = page.account_id.clone();
    let mut call = Call::of(limited.product, &id, moment);
    let rules = |world: &World, page: &Account, limits| limited.rules(world, page, limits);
    let admitted = match served.stage.admit(page, true, rules, moment) {
        Ok(admitted) => admitted,
        Err(turned) => return turned_away(&turned, call),
    };
    call.standing = admitted.standings.first().copied();
    let mut recipient = String::new();
    let asked = |world: &World, snowflake| {
        let granted = decide(world, &admitted.account, snowflake).map_err(Verdict::Refused)?;
        let Some(deed) = granted.deed else { return Err(Verdict::Sign(granted.recipient)) };
        recipient = granted.recipient;
        let (kind, target, metadata) = (granted.kind, granted.target, granted.metadata);
        Ok(Asked { deed, kind, target, metadata })
    };
    match served.stage.take(&admitted.account, moment, asked) {
        Ok(Ok(taken)) => {
            let answers = answers(&taken, &recipient, &call);
            conclude(served, line, &taken, answers).await
        }
        Ok(Err(Verdict::Sign(recipient))) => {
            answer(StatusCode::OK, &json!({"recipient_id": recipient}), &call)
        }
        Ok(Err(Verdict::Refused(error))) => refused(&error, &call),
        Err(fault) => {
            tracing::warn!(%fault, "a call could not be kept and was refused");
            refused(&Refused::internal(), &call)
        }
    }
}

fn turned_away(turned: &Turned, mut call: Call<'_>) -> Response {
    match turned {
        Turned::Unauthorized => refused(&Refused::token(), &call),
        Turned::UsedUp(standing) if standing.name == call.product.as_str() => {
            call.standing = Some(*standing);
            refused(&Refused::limited(call.product.code()), &call)
        }
        Turned::UsedUp(_) => refused(&Refused::too_fast(), &call),
        Turned::Limited(Some(seconds)) => {
            let reset = call.moment + Duration::seconds(i64::from(*seconds));
            let name = call.product.as_str();
            call.standing = Some(Standing { name, limit: 1, remaining: 0, reset });
            refused(&Refused::limited(call.product.code()), &call)
        }
        Turned::Limited(None) => refused(&Refused::application_limited(), &call),
        Turned::ErrorIn200 => {
            let mut response = refused(&Refused::parameter("An unknown error occurred"), &call);
            *response.status_mut() = StatusCode::OK;
            response
        }
    }
}

fn answers(taken: &Taken, recipient: &str, call: &Call<'_>) -> Answers {
    let id = taken.happening.deed.id().unwrap_or_default();
    let kind = taken.happening.call.as_ref().map(|call| call.kind);
    let body = match kind {
        Some(CallKind::Message | CallKind::PrivateReply) => {
            json!({"recipient_id": recipient, "message_id": id})
        }
        Some(CallKind::Reaction) => json!({"recipient_id": recipient}),
        Some(CallKind::Comment) => json!({"id": id}),
        _ => json!({"success": true}),
    };
    Answers {
        success: answer(StatusCode::OK, &body, call),
        with_errors: answer(StatusCode::OK, &body, call),
        server_error: refused(&Refused::internal(), call),
    }
}

impl<'a> Call<'a> {
    const fn of(product: Product, page: &'a str, moment: OffsetDateTime) -> Self {
        Self { product, page, standing: None, moment }
    }

    /// What `X-Business-Use-Case-Usage` says: there only once a hundredth is used.
    fn usage(&self) -> Option<HeaderValue> {
        let standing = self.standing?;
        let used = standing.limit.saturating_sub(standing.remaining);
        let percent = used.saturating_mul(100) / standing.limit.max(1);
        if percent == 0 {
            return None;
        }
        let wait =
            if standing.remaining == 0 { standing.reset - self.moment } else { Duration::ZERO };
        let usage = json!({self.page: [{
            "type": self.product.as_str(),
            "call_count": percent,
            "total_cputime": percent / 4,
            "total_time": percent / 4,
            "estimated_time_to_regain_access": (wait.whole_seconds().max(0) + 59) / 60,
        }]});
        HeaderValue::from_str(&usage.to_string()).ok()
    }
}

fn refused(refused: &Refused, call: &Call<'_>) -> Response {
    let status = StatusCode::from_u16(refused.status).unwrap_or(StatusCode::BAD_REQUEST);
    let trace = format!("{}/{}", call.page, call.moment.unix_timestamp_nanos());
    answer(status, &refused.body(&trace), call)
}

fn answer(status: StatusCode, body: &Value, call: &Call<'_>) -> Response {
    let mut response = (status, Json(body)).into_response();
    if let Some(usage) = call.usage() {
        response.headers_mut().insert("x-business-use-case-usage", usage);
    }
    response
}
