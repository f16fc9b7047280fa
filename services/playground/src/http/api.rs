//! The JSON API; the crate's own documentation lists it.

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use kit_service::http::Problem;
use kit_values::{Class, Fault, now};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::Served;
use super::views;
use crate::callbacks::Callback;
use crate::controls::{Generator, GeneratorChange};
use crate::ledger::AcceptedCall;
use crate::log::Line;
use crate::replay::{ReplayRequest, Replayed};
use crate::stage::Performed;
use crate::switches::Switches;
use crate::trouble::Faults;
use crate::world::{
    Account, Action, Author, FacebookAction, InstagramAction, Language, Network, Origin, Persona,
    TiktokAction, XAction,
};

/// How many lines of the log the state shows.
const SHOWN_LINES: usize = 60;
/// How many accepted calls the state shows.
const SHOWN_CALLS: usize = 30;

type Answer<T> = Result<T, Problem>;

/// Everything that the page shows besides threads and messages.
#[derive(Debug, Serialize)]
pub(super) struct StateView {
    simulated: bool,
    /// Grows with everything that happens.
    version: u64,
    accounts: Vec<Account>,
    personas: Vec<Persona>,
    generator: Generator,
    switches: Switches,
    faults: Faults,
    callbacks: Vec<Callback>,
    /// How many updates are not answered yet, or will be tried again.
    pending: usize,
    log: Vec<Line>,
    /// How many calls of the networks' APIs took effect, and the newest of them.
    accepted: usize,
    business: Vec<views::BusinessView>,
}

pub(super) async fn state(State(served): State<Served>) -> Json<StateView> {
    let generator = served.stage.generator().borrow().clone();
    let switches = served.stage.switches();
    let faults = served.stage.faults();
    let inner = served.stage.lock();
    Json(StateView {
        simulated: true,
        version: inner.world.last_number(),
        accounts: inner.world.accounts().to_vec(),
        personas: inner.world.personas().to_vec(),
        generator,
        switches,
        faults,
        callbacks: inner.callbacks.clone(),
        pending: inner.log.pending(),
        log: inner.log.newest(SHOWN_LINES).cloned().collect(),
        accepted: inner.accepted.count(),
        business: inner
            .accepted
            .newest(SHOWN_CALLS)
            .map(|call| views::business(&inner.world, call))
            .collect(),
    })
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Place {
    network: Network,
    account: String,
    #[serde(default)]
    persona: Option<String>,
}

pub(super) async fn threads(
    State(served): State<Served>,
    place: Query<Place>,
) -> Json<Vec<views::View>> {
    let inner = served.stage.lock();
    Json(views::threads(&inner.world, place.network, &place.account, place.persona.as_deref()))
}

pub(super) async fn inbox(
    State(served): State<Served>,
    place: Query<Place>,
) -> Json<Vec<views::View>> {
    let persona = place.persona.clone().unwrap_or_default();
    let inner = served.stage.lock();
    Json(views::inbox(&inner.world, place.network, &place.account, &persona))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LogRange {
    #[serde(default)]
    after: u64,
    #[serde(default)]
    limit: Option<usize>,
}

/// One JSON line per update, oldest first.
pub(super) async fn log(State(served): State<Served>, range: Query<LogRange>) -> Answer<Response> {
    let mut body = Vec::new();
    {
        let inner = served.stage.lock();
        for line in inner.log.after(range.after, range.limit.unwrap_or(usize::MAX)) {
            serde_json::to_writer(&mut body, line).map_err(Fault::internal)?;
            body.push(b'\n');
        }
    }
    Ok(([(CONTENT_TYPE, "application/x-ndjson")], Body::from(body)).into_response())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AcceptedRange {
    #[serde(default)]
    after: u64,
    #[serde(default)]
    network: Option<Network>,
    #[serde(default)]
    account: Option<String>,
}

/// Every accepted call after happening `after`, oldest first.
pub(super) async fn accepted(
    State(served): State<Served>,
    range: Query<AcceptedRange>,
) -> Json<Vec<AcceptedCall>> {
    let inner = served.stage.lock();
    let is_wanted = |call: &&AcceptedCall| {
        range.network.is_none_or(|network| call.network == network)
            && range.account.as_ref().is_none_or(|account| call.account == *account)
    };
    Json(inner.accepted.after(range.after).filter(is_wanted).cloned().collect())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answering {
    to: String,
    text: String,
    #[serde(default)]
    author: Option<Author>,
}

/// The customer answers something that the business wrote, in the way that it was written.
pub(super) async fn answer(
    State(served): State<Served>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer<(StatusCode, Json<Performed>)> {
    let Answering { to, text, author } = read(&headers, &body)?;
    let action = views::answering(&served.stage.lock().world, &to, text, author)
        .map_err(crate::error::fault)?;
    let (_, performed) = served.stage.perform(&action, Origin::Hand, now())?;
    Ok((StatusCode::CREATED, Json(performed)))
}

pub(super) async fn faults(State(served): State<Served>) -> Json<Faults> {
    Json(served.stage.faults())
}

pub(super) async fn set_faults(
    State(served): State<Served>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer<Json<Faults>> {
    let faults: Faults = read(&headers, &body)?;
    if let Some(field) = faults.field_out_of_range() {
        return Err(Fault::invalid("out_of_range", field, "That value cannot be.").into());
    }
    served.stage.trouble(faults.clone());
    Ok(Json(faults))
}

pub(super) async fn generator(
    State(served): State<Served>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer<Json<Generator>> {
    let change: GeneratorChange = read(&headers, &body)?;
    change.check()?;
    served.stage.steer(&change);
    Ok(Json(served.stage.generator().borrow().clone()))
}

pub(super) async fn switches(
    State(served): State<Served>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer<Json<Switches>> {
    let switches: Switches = read(&headers, &body)?;
    if let Some(field) = switches.field_out_of_range() {
        return Err(Fault::invalid("out_of_range", field, "That value cannot be.").into());
    }
    served.stage.switch(switches.clone());
    Ok(Json(switches))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Newcomer {
    name: String,
    handle: String,
    #[serde(default)]
    language: Option<Language>,
}

/// Somebody new; the key is the handle.
pub(super) async fn join(
    State(served): State<Served>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer<(StatusCode, Json<Persona>)> {
    let newcomer: Newcomer = read(&headers, &body)?;
    let is_handle = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let handle = newcomer.handle.trim_start_matches('@');
    if handle.is_empty() || handle.len() > 20 || !handle.chars().all(is_handle) {
        let sentence = "A handle is 1 to 20 letters, digits or underscores.";
        return Err(Fault::invalid("not_a_handle", "handle", sentence).into());
    }
    let length = newcomer.name.chars().count();
    if newcomer.name.trim().is_empty() || length > 255 {
        let sentence = "A name has 1 to 255 characters.";
        return Err(Fault::invalid("not_a_name", "name", sentence).into());
    }
    let key = handle.to_ascii_lowercase();
    let is_taken = {
        let inner = served.stage.lock();
        let is_same = |persona: &Persona| persona.handle.eq_ignore_ascii_case(handle);
        inner.world.persona(&key).is_some()
            || inner.world.personas().iter().any(is_same)
            || inner.world.account(Network::X, handle).is_some()
    };
    if is_taken || key == crate::world::Author::BUSINESS {
        let sentence = "Somebody has that handle; choose another.";
        return Err(Fault::invalid("taken", "handle", sentence).into());
    }
    let persona = Persona {
        key,
        name: newcomer.name,
        handle: handle.to_owned(),
        language: newcomer.language.unwrap_or(Language::En),
    };
    served.stage.join(persona.clone(), now())?;
    Ok((StatusCode::CREATED, Json(persona)))
}

/// X's replay job.
pub(super) async fn replay(
    State(served): State<Served>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer<Json<Replayed>> {
    let request: ReplayRequest = read(&headers, &body)?;
    let stage = served.stage;
    let job = move || crate::replay::replay(&stage, &request, now());
    Ok(Json(served.runtime.tasks.blocking("playground-replay", job).await??))
}

pub(super) async fn act(
    State(served): State<Served>,
    Path((network, action)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer<(StatusCode, Json<Performed>)> {
    let mut fields: Map<String, Value> = read(&headers, &body)?;
    if fields.insert("action".to_owned(), json!(action)).is_some() {
        let sentence = "The action is named by the address alone.";
        return Err(Fault::invalid("unknown_field", "action", sentence).into());
    }
    let action = match network.as_str() {
        "x" => Action::X(shaped::<XAction>(fields)?),
        "facebook" => Action::Facebook(shaped::<FacebookAction>(fields)?),
        "instagram" => Action::Instagram(shaped::<InstagramAction>(fields)?),
        "tiktok" => Action::Tiktok(shaped::<TiktokAction>(fields)?),
        _ => return Err(Fault::not_found("network that is played here").into()),
    };
    let (_, performed) = served.stage.perform(&action, Origin::Hand, now())?;
    Ok((StatusCode::CREATED, Json(performed)))
}

pub(super) async fn unknown() -> Problem {
    Fault::not_found("page").into()
}

/// A JSON body. Only JSON, which a foreign page cannot send without asking first.
fn read<T: DeserializeOwned>(headers: &HeaderMap, body: &[u8]) -> Result<T, Fault> {
    let is_json =
        headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).is_some_and(|value| {
            value.split(';').next().unwrap_or_default().trim() == "application/json"
        });
    if !is_json {
        let sentence = "Send JSON, and say so in Content-Type.";
        return Err(Fault::new(Class::Invalid, "not_json", sentence));
    }
    serde_json::from_slice(body).map_err(|error| unreadable(&error))
}

fn shaped<T: DeserializeOwned>(fields: Map<String, Value>) -> Result<T, Fault> {
    serde_json::from_value(Value::Object(fields)).map_err(|error| unreadable(&error))
}

fn unreadable(error: &serde_json::Error) -> Fault {
    // Names the field or the kinds known; the values are the sender's own.
    Fault::new(Class::Invalid, "unreadable", format!("That cannot be read: {error}."))
}
