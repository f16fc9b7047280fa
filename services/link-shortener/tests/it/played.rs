//! Played services: Bitly over HTTP, with trouble by switch, and directory over gRPC, which seals
//! tokens.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use kit_service::identity::Keys;
use kit_service::rpc::{caller, status};
use kit_service::{Listener, Peer, Runtime};
use kit_values::{Class, Fault, OrganizationId};
use proto::directory::v1 as pb;
use serde_json::{Value, json};
use tonic::server::Grpc;
use tonic::service::Routes;
use tonic::{Request, Status};
use tonic_prost::ProstCodec;
use uuid::Uuid;

/// What Bitly was asked: path, token, body.
pub type Asked = (String, String, Value);

/// How Bitly answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Well,
    Hang,
    Says(u16, &'static str),
}

#[derive(Clone)]
pub struct Bitly(Arc<Mutex<(Mode, Vec<Asked>)>>);

impl Bitly {
    pub async fn start(runtime: &Runtime) -> (Self, String) {
        let bitly = Self(Arc::new(Mutex::new((Mode::Well, Vec::new()))));
        let router = Router::new().fallback(answer).with_state(bitly.clone());
        let address = runtime.reserve(&Listener::loopback()).expect("a free port");
        kit_service::http::serve(runtime, "bitly", &Listener { address }, router)
            .await
            .expect("listens");
        (bitly, format!("http://{address}"))
    }

    fn held(&self) -> MutexGuard<'_, (Mode, Vec<Asked>)> {
        self.0.lock().expect("held")
    }

    pub fn set(&self, mode: Mode) {
        self.held().0 = mode;
    }

    pub fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.held().1)
    }
}

async fn answer(State(bitly): State<Bitly>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let token = headers.get("authorization").and_then(|value| value.to_str().ok());
    let token = token.unwrap_or_default().to_owned();
    let body: Value = serde_json::from_slice(&body)
        .unwrap_or_else(|_| String::from_utf8_lossy(&body).into_owned().into());
    let mode = {
        let mut held = bitly.held();
        held.1.push((uri.path().to_owned(), token.clone(), body.clone()));
        held.0
    };
    match mode {
        Mode::Well => {}
        Mode::Hang => tokio::time::sleep(Duration::from_secs(30)).await,
        Mode::Says(status, body) => {
            let status = StatusCode::from_u16(status).expect("a status");
            return (status, body).into_response();
        }
    }
    let well = token == "Bearer good" || token == "Bearer better";
    let said = match uri.path() {
        "/oauth/access_token" => {
            let body = body.as_str().unwrap_or_default();
            if !body.contains("code=from-bitly") || !body.contains("client_secret=our+secret") {
                return (StatusCode::BAD_REQUEST, "INVALID_CODE").into_response();
            }
            return "access_token=better&login=o_better".into_response();
        }
        _ if !well => {
            let body = json!({ "message": "FORBIDDEN" }).to_string();
            return (StatusCode::FORBIDDEN, body).into_response();
        }
        "/v4/user" => json!({ "login": "o_maison", "default_group_guid": "B1" }),
        "/v4/groups" => json!({ "groups": [
            { "guid": "B1", "name": "Support", "bsds": [], "is_active": true },
            { "guid": "B2", "name": "Shop", "bsds": ["shop.example"], "is_active": true },
        ] }),
        "/v4/shorten" => {
            let long = body["long_url"].as_str().expect("an address");
            if long.contains("refused") {
                let body = json!({ "message": "INVALID_ARG_LONG_URL" }).to_string();
                return (StatusCode::BAD_REQUEST, body).into_response();
            }
            let domain = body["domain"].as_str().unwrap_or("bit.ly");
            json!({ "link": format!("https://{domain}/x{}", long.len()) })
        }
        path => panic!("{path}"),
    };
    said.to_string().into_response()
}

/// What directory holds.
#[derive(Default)]
pub struct Held {
    pub admins: Vec<Uuid>,
    /// Version and token.
    pub tokens: HashMap<OrganizationId, (i64, String)>,
    /// How often a token was asked for.
    pub asked: usize,
    pub away: bool,
}

#[derive(Clone, Default)]
pub struct Directory(Arc<Mutex<Held>>);

impl Directory {
    pub fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().expect("held")
    }

    pub async fn start(keys: &Keys) -> (Self, Peer, Runtime) {
        let directory = Self::default();
        let runtime = Runtime::new(keys.identity("directory").expect("identity"));
        let address: SocketAddr = kit_service::rpc::serve(
            &runtime,
            &Listener::loopback(),
            "directory",
            directory.routes(),
        )
        .await
        .expect("listens");
        (directory, address.into(), runtime)
    }

    fn routes(&self) -> Routes {
        let (member, put, remove, get) = (self.clone(), self.clone(), self.clone(), self.clone());
        let router = Router::new();
        let router =
            unary(router, "DirectoryService/GetMember", move |request| member.member(&request));
        let router =
            unary(router, "SettingsService/PutConnection", move |request| put.put(&request));
        let router = unary(router, "SettingsService/RemoveConnection", move |request| {
            remove.remove(&request)
        });
        let router = unary(router, "SettingsService/GetConnectionCredentials", move |request| {
            get.credentials(&request)
        });
        Routes::from(router)
    }

    fn member(
        &self,
        request: &Request<pb::GetMemberRequest>,
    ) -> Result<pb::GetMemberResponse, Status> {
        let caller = caller(request)?;
        let member = caller.member().map_err(status)?;
        let role =
            if self.held().admins.contains(&member) { pb::Role::Admin } else { pb::Role::Agent };
        Ok(pb::GetMemberResponse {
            member: Some(pb::Member { roles: vec![role.into()], ..pb::Member::default() }),
        })
    }

    fn put(
        &self,
        request: &Request<pb::PutConnectionRequest>,
    ) -> Result<pb::PutConnectionResponse, Status> {
        let caller = caller(request)?;
        caller.member().map_err(status)?;
        let organization = caller.organization().map_err(status)?;
        let mut held = self.held();
        let version = held.tokens.get(&organization).map_or(1, |(version, _)| version + 1);
        held.tokens.insert(organization, (version, request.get_ref().secret.clone()));
        let connection = Some(pb::Connection { version, ..pb::Connection::default() });
        Ok(pb::PutConnectionResponse { connection })
    }

    fn remove(
        &self,
        request: &Request<pb::RemoveConnectionRequest>,
    ) -> Result<pb::RemoveConnectionResponse, Status> {
        let organization = caller(request)?.organization().map_err(status)?;
        let asked = request.get_ref().version;
        let mut held = self.held();
        let found = held.tokens.get(&organization).map(|(version, _)| *version);
        if found.is_some_and(|version| asked != 0 && asked != version) {
            let changed = Fault::new(Class::Rejected, "connection_changed", "Changed.");
            return Err(status(changed));
        }
        held.tokens.remove(&organization);
        Ok(pb::RemoveConnectionResponse {})
    }

    fn credentials(
        &self,
        request: &Request<pb::GetConnectionCredentialsRequest>,
    ) -> Result<pb::GetConnectionCredentialsResponse, Status> {
        let organization = caller(request)?.organization().map_err(status)?;
        let mut held = self.held();
        held.asked += 1;
        if held.away {
            return Err(Status::unavailable("away"));
        }
        let found = held.tokens.get(&organization).cloned();
        let (version, secret) = found.ok_or_else(|| status(Fault::not_found("connection")))?;
        let connection = Some(pb::Connection { version, ..pb::Connection::default() });
        Ok(pb::GetConnectionCredentialsResponse { connection, secret })
    }
}

/// One call of a service of directory, and no other: the rest of them are of no interest here.
fn unary<Asked, Answer>(
    router: Router,
    method: &str,
    answer: impl Fn(Request<Asked>) -> Result<Answer, Status> + Clone + Send + Sync + 'static,
) -> Router
where
    Asked: prost::Message + Default + Send + 'static,
    Answer: prost::Message + Default + Send + 'static,
{
    let call = move |request: axum::extract::Request| {
        let answer = answer.clone();
        async move {
            let service = tower::service_fn(move |request: Request<Asked>| {
                let answer = answer(request).map(tonic::Response::new);
                std::future::ready(answer)
            });
            let mut grpc = Grpc::new(ProstCodec::<Answer, Asked>::default());
            let answer = grpc.unary(service, request).await;
            Ok::<_, Infallible>(answer.map(axum::body::Body::new))
        }
    };
    router.route(
        &format!("/guichet.directory.v1.{method}"),
        post(async move |request| match call(request).await {
            Ok(answer) => answer,
            Err(never) => match never {},
        }),
    )
}
