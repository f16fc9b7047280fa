//! The networks' callbacks: `/hooks/<network>/<application id>`, GET and POST.
//!
//! Whoever is not the network learns nothing: one empty 401 for an unknown application, one
//! without a secret, and any signature that is not right.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::BytesMut;
use futures::StreamExt as _;
use kit_service::Tasks;
use kit_service::http::Problem;
use networks::{
    Credentials, Item, Network, Refusal, handshake, signature_header, verifiable, verify,
};

use crate::app::Arrived;
use crate::batcher::{Batcher, PATIENCE};
use crate::domain::{ApplicationId, RequestId};
use crate::metrics::{IN_FLIGHT, REFUSED};
use crate::registry::{Application, Registry};
use crate::room::{Full, Held, Rooms};

/// Longest body. Meta sends up to 1,000 updates in one (`reference/networks.md` 2).
const BODY: usize = 8 << 20;

/// Bodies from this size on are verified and read beside the runtime, which serves everybody
/// else meanwhile: the longest take a tenth of a second.
const LONG: usize = 128 << 10;

/// Longest time to send a body.
const SENDING: Duration = Duration::from_secs(10);

/// How much of a body that is not wanted is read and thrown away before the answer: whoever is
/// still sending when the connection closes may never see it.
const DISCARDED: usize = 4 * BODY;

/// The answer's header that names the request ([`RequestId`]).
const RECEIPT: HeaderName = HeaderName::from_static("guichet-receipt");

#[derive(Clone)]
struct Entrance {
    registry: Arc<Registry>,
    batcher: Batcher,
    rooms: Arc<Rooms>,
    tasks: Tasks,
}

/// The routes; `tasks` is where long bodies are read.
pub fn router(registry: Arc<Registry>, batcher: Batcher, tasks: Tasks) -> Router {
    let rooms = Arc::default();
    Router::new()
        .route("/hooks/{network}/{application}", get(greet).post(receive))
        .with_state(Entrance { registry, batcher, rooms, tasks })
}

impl Entrance {
    /// The application of a callback address; `None` for any other address.
    fn application(&self, network: &str, application: &str) -> Option<Arc<Application>> {
        let network: Network = network.parse().ok()?;
        let application: ApplicationId = application.parse().ok()?;
        let known = self.registry.now();
        known.application(application).filter(|found| found.network == network).cloned()
    }
}

/// The network checks that the address is ours.
async fn greet(
    State(entrance): State<Entrance>,
    Path((network, application)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Response {
    // What Meta documents for a wrong token, and the same for an address that nobody has.
    let refusal = match network.parse() {
        Ok(Network::Facebook) => StatusCode::FORBIDDEN,
        Ok(Network::X) | Err(_) => StatusCode::UNAUTHORIZED,
    };
    let Some(application) = entrance.application(&network, &application) else {
        return refusal.into_response();
    };
    let query = query.unwrap_or_default();
    let query: Vec<(String, String)> =
        url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let credentials = Credentials {
        signing_secrets: &application.secrets.signing,
        verify_token: &application.secrets.verify_token,
    };
    let Some(answer) = handshake(application.network, &query, &credentials) else {
        return refusal.into_response();
    };
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(answer.content_type)),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, answer.body).into_response()
}

/// A webhook. Verified before it is parsed, committed before it is answered.
async fn receive(
    State(entrance): State<Entrance>,
    Path((network, application)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let _counted = InFlight::enter();
    let Some(application) = entrance.application(&network, &application) else {
        discard(body).await;
        return refused("unknown_application");
    };
    let signatures: Vec<HeaderValue> =
        headers.get_all(signature_header(application.network)).iter().cloned().collect();
    if let Err(refusal) = could_be_verified(&application, &signatures) {
        // Nothing of the body is held: whatever it says would be refused.
        discard(body).await;
        return refused(refusal.as_str());
    }
    let held = entrance.rooms.enter(application.id);
    let (body, _held) = match read(held, &headers, body).await {
        Ok(read) => read,
        Err(status) => return answer(status),
    };
    let reading = {
        let (application, body) = (Arc::clone(&application), body.clone());
        move || verified(&application, &signatures, &body)
    };
    let reading = if body.len() < LONG {
        Ok(reading())
    } else {
        entrance.tasks.blocking("ingest-reading", reading).await
    };
    let items = match reading {
        Ok(Ok(items)) => items,
        Ok(Err(refusal)) => return refused(refusal.as_str()),
        Err(fault) => return Problem(fault).into_response(),
    };
    let request = RequestId::mint();
    let arrived = Arrived {
        request,
        application,
        received_at: kit_values::now(),
        body,
        items,
        trace: kit_service::telemetry::trace_context(),
    };
    match entrance.batcher.submit(arrived).await {
        Ok(()) => ([(RECEIPT, request.to_string())], StatusCode::OK).into_response(),
        Err(_) => answer(StatusCode::SERVICE_UNAVAILABLE),
    }
}

/// Whether there is anything to verify, before there is a body.
fn could_be_verified(application: &Application, signatures: &[HeaderValue]) -> Result<(), Refusal> {
    let signatures: Vec<&[u8]> = signatures.iter().map(HeaderValue::as_bytes).collect();
    verifiable(application.network, &signatures, &application.secrets.signing)
}

/// The items of a body that the network signed.
fn verified(
    application: &Application,
    signatures: &[HeaderValue],
    body: &[u8],
) -> Result<Vec<Item>, Refusal> {
    let signatures: Vec<&[u8]> = signatures.iter().map(HeaderValue::as_bytes).collect();
    verify(application.network, &signatures, body, &application.secrets.signing)?;
    Ok(networks::parse(application.network, body))
}

fn refused(reason: &'static str) -> Response {
    metrics::counter!(REFUSED, "reason" => reason).increment(1);
    answer(StatusCode::UNAUTHORIZED)
}

fn answer(status: StatusCode) -> Response {
    if status == StatusCode::SERVICE_UNAVAILABLE {
        return (status, [(RETRY_AFTER, HeaderValue::from_static("1"))]).into_response();
    }
    status.into_response()
}

/// The whole body, with the room that it takes.
async fn read(
    mut held: Held,
    headers: &HeaderMap,
    body: Body,
) -> Result<(Bytes, Held), StatusCode> {
    let announced = headers
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok())
        .and_then(|length| length.parse::<usize>().ok());
    if announced.is_some_and(|length| length > BODY) {
        discard(body).await;
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    let reading = async {
        let mut chunks = body.into_data_stream();
        let mut whole = BytesMut::with_capacity(announced.unwrap_or(0).min(64 << 10));
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|_| StatusCode::BAD_REQUEST)?;
            if whole.len() + chunk.len() > BODY {
                drop((whole, held));
                discard(Body::from_stream(chunks)).await;
                return Err(StatusCode::PAYLOAD_TOO_LARGE);
            }
            let room = held.grow(chunk.len()).await;
            room.map_err(|Full| StatusCode::SERVICE_UNAVAILABLE)?;
            whole.extend_from_slice(&chunk);
        }
        Ok((whole.freeze(), held))
    };
    tokio::time::timeout(SENDING, reading).await.unwrap_or(Err(StatusCode::REQUEST_TIMEOUT))
}

/// Reads and throws away what is not wanted, within bounds.
async fn discard(body: Body) {
    let discarding = async {
        let mut chunks = body.into_data_stream();
        let mut discarded = 0;
        while let Some(Ok(chunk)) = chunks.next().await {
            discarded += chunk.len();
            if discarded > DISCARDED {
                break;
            }
        }
    };
    // Out of patience is as good as done.
    let _ = tokio::time::timeout(PATIENCE, discarding).await;
}

/// Counts a webhook for as long as it is being received.
struct InFlight;

impl InFlight {
    fn enter() -> Self {
        metrics::gauge!(IN_FLIGHT).increment(1);
        Self
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        metrics::gauge!(IN_FLIGHT).decrement(1);
    }
}
