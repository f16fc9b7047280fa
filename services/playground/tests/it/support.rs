//! A running playground, and something that takes its webhooks.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kit_service::identity::Keys;
use kit_service::{Listener, Runtime};
use kit_values::Secret;
use playground::world::{Network, Tier};
use playground::{Application, Config, ConnectedAccount, Start};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub const X_SECRET: &str = "consumer-secret-of-the-test";
pub const FACEBOOK_SECRET: &str = "app-secret-of-the-test";
pub const X_ACCOUNT: &str = "1716450569358098432";
pub const OTHER_X_ACCOUNT: &str = "1716450569358098777";
pub const PAGE: &str = "104857600000001";
pub const OTHER_PAGE: &str = "104857600000002";
pub const INSTAGRAM_SECRET: &str = "instagram-secret-of-the-test";
pub const TIKTOK_SECRET: &str = "tiktok-secret-of-the-test";
pub const INSTAGRAM: &str = "17841400000000001";
pub const TIKTOK: &str = "-000TestOpenIdOfTheAccount-";

/// HMAC-SHA256 from its definition (RFC 2104), on the hash alone: not the code that signs.
pub fn mac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut block = [0_u8; 64];
    if key.len() > 64 {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let inner = Sha256::new().chain_update(block.map(|byte| byte ^ 0x36)).chain_update(message);
    let outer =
        Sha256::new().chain_update(block.map(|byte| byte ^ 0x5c)).chain_update(inner.finalize());
    outer.finalize().to_vec()
}

/// One request that the playground made.
#[derive(Debug, Clone)]
pub struct Received {
    pub path: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Received {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a JSON body")
    }

    pub fn is_facebook(&self) -> bool {
        self.path.starts_with("/hooks/facebook/")
    }

    /// Whether it bears the signature that its network puts on it.
    pub fn is_signed(&self) -> bool {
        let meta = |secret: &str| {
            let code = hex::encode(mac(secret.as_bytes(), &self.body));
            ("x-hub-signature-256", format!("sha256={code}"))
        };
        let (header, expected) = if self.is_facebook() {
            meta(FACEBOOK_SECRET)
        } else if self.path.starts_with("/hooks/instagram/") {
            meta(INSTAGRAM_SECRET)
        } else if self.path.starts_with("/hooks/tiktok/") {
            let moment = self.signed_at();
            let mut message = format!("{moment}.").into_bytes();
            message.extend(&self.body);
            let code = hex::encode(mac(TIKTOK_SECRET.as_bytes(), &message));
            ("tiktok-signature", format!("t={moment},s={code}"))
        } else {
            let code = STANDARD.encode(mac(X_SECRET.as_bytes(), &self.body));
            ("x-twitter-webhooks-signature", format!("sha256={code}"))
        };
        self.headers.get_all(header).iter().collect::<Vec<_>>() == [expected.as_str()]
    }

    /// The second in which TikTok says that it signed.
    pub fn signed_at(&self) -> i64 {
        let header = self.headers["tiktok-signature"].to_str().expect("text");
        let moment = header.strip_prefix("t=").and_then(|rest| rest.split(',').next());
        moment.expect("a moment").parse().expect("seconds")
    }

    /// How many updates it holds.
    pub fn updates(&self) -> usize {
        let body = self.json();
        let Some(entries) = body["entry"].as_array() else { return 1 };
        let count = |entry: &Value, list: &str| entry[list].as_array().map_or(0, Vec::len);
        entries.iter().map(|entry| count(entry, "changes") + count(entry, "messaging")).sum()
    }
}

/// Takes webhooks as ingest does.
#[derive(Clone)]
pub struct Ingest {
    received: Arc<Mutex<Vec<Received>>>,
    answers: Arc<Mutex<VecDeque<u16>>>,
    challenges: Arc<Mutex<usize>>,
    pause: Arc<Mutex<Duration>>,
    pub address: SocketAddr,
}

type Challenge = std::collections::HashMap<String, String>;

impl Ingest {
    pub async fn start(runtime: &Runtime) -> Self {
        let address = runtime.reserve(&Listener::loopback()).expect("a free port");
        let ingest = Self {
            received: Arc::default(),
            answers: Arc::default(),
            challenges: Arc::default(),
            pause: Arc::default(),
            address,
        };
        let router = Router::new()
            .route("/hooks/{network}/{application}", post(take).get(challenge))
            .with_state(ingest.clone());
        let listener = Listener { address };
        kit_service::http::serve(runtime, "ingest", &listener, router).await.expect("listens");
        ingest
    }

    /// The next requests are answered with these; then 200 again.
    pub fn answer_next(&self, statuses: impl IntoIterator<Item = u16>) {
        self.answers.lock().expect("lock").extend(statuses);
    }

    /// From now on requests wait so long before they are taken.
    pub fn pause(&self, pause: Duration) {
        *self.pause.lock().expect("lock") = pause;
    }

    pub fn received(&self) -> Vec<Received> {
        self.received.lock().expect("lock").clone()
    }

    pub fn challenges(&self) -> usize {
        *self.challenges.lock().expect("lock")
    }

    /// Waits until this many requests have come.
    pub async fn wait_for(&self, count: usize) -> Vec<Received> {
        eventually("the requests to arrive", || self.received().len() >= count).await;
        self.received()
    }
}

async fn take(
    State(ingest): State<Ingest>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, [(&'static str, String); 1]) {
    let pause = *ingest.pause.lock().expect("lock");
    tokio::time::sleep(pause).await;
    let mut received = ingest.received.lock().expect("lock");
    received.push(Received { path: uri.path().to_owned(), headers, body });
    let status = ingest.answers.lock().expect("lock").pop_front().unwrap_or(200);
    let status = StatusCode::from_u16(status).expect("a status");
    (status, [("guichet-receipt", format!("req_{}", received.len()))])
}

async fn challenge(
    State(ingest): State<Ingest>,
    Query(query): Query<Challenge>,
) -> Result<String, StatusCode> {
    *ingest.challenges.lock().expect("lock") += 1;
    if let Some(token) = query.get("crc_token") {
        let code = STANDARD.encode(mac(X_SECRET.as_bytes(), token.as_bytes()));
        return Ok(json!({"response_token": format!("sha256={code}")}).to_string());
    }
    let is_right = query.get("hub.verify_token").is_some_and(|token| token == "verify");
    query.get("hub.challenge").filter(|_| is_right).cloned().ok_or(StatusCode::FORBIDDEN)
}

/// The answer to a call.
pub struct Called {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Called {
    pub async fn of(answer: reqwest::Response) -> Result<Self, reqwest::Error> {
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let body = answer.bytes().await?;
        Ok(Self { status, headers, body: serde_json::from_slice(&body).unwrap_or(Value::Null) })
    }

    /// The text at a place of the body.
    pub fn text(&self, place: &str) -> String {
        let value = self.body.pointer(place).and_then(Value::as_str);
        assert!(value.is_some(), "no {place} in {}", self.body);
        value.unwrap_or_default().to_owned()
    }

    /// A header as a number.
    pub fn number(&self, header: &str) -> i64 {
        assert!(self.headers.contains_key(header), "no {header}");
        self.headers[header].to_str().expect("text").parse().expect("a number")
    }
}

/// A playground with two accounts of X, two Facebook pages, and an account each of Instagram and
/// TikTok, its generator at rest.
pub struct Playground {
    runtime: Runtime,
    pub ingest: Ingest,
    pub journal: PathBuf,
    base: String,
    client: reqwest::Client,
    folder: Arc<tempfile::TempDir>,
}

pub fn runtime() -> Runtime {
    kit_service::cryptography();
    let keys = Keys::generate(&["playground"]).expect("keys");
    Runtime::new(keys.identity("playground").expect("identity"))
}

pub fn config(http: SocketAddr, ingest: SocketAddr, journal: &Path) -> Config {
    let account = |id: &str, handle: &str, name: &str| ConnectedAccount {
        account_id: id.into(),
        handle: handle.into(),
        name: name.into(),
        tier: Tier::Enterprise,
        scopes: None,
    };
    Config {
        http: Listener { address: http },
        journal: journal.to_owned(),
        ingest_url: format!("http://{ingest}"),
        public_url: "http://inbox.test/".into(),
        applications: vec![
            Application {
                network: Network::X,
                application_id: "xapp".into(),
                secret: Secret::new(X_SECRET.into()),
                verify_token: Secret::default(),
                accounts: vec![
                    account(X_ACCOUNT, "maison", "Maison"),
                    account(OTHER_X_ACCOUNT, "maison_aide", "Maison Aide"),
                ],
            },
            Application {
                network: Network::Facebook,
                application_id: "fbapp".into(),
                secret: Secret::new(FACEBOOK_SECRET.into()),
                verify_token: Secret::new("verify".into()),
                accounts: vec![
                    account(PAGE, "maison.page", "Maison"),
                    account(OTHER_PAGE, "atelier", "L'Atelier"),
                ],
            },
            Application {
                network: Network::Instagram,
                application_id: "igapp".into(),
                secret: Secret::new(INSTAGRAM_SECRET.into()),
                verify_token: Secret::new("verify".into()),
                accounts: vec![account(INSTAGRAM, "maison.insta", "Maison")],
            },
            Application {
                network: Network::Tiktok,
                application_id: "ttapp".into(),
                secret: Secret::new(TIKTOK_SECRET.into()),
                verify_token: Secret::default(),
                accounts: vec![account(TIKTOK, "maison.tok", "Maison")],
            },
        ],
        generator: Start { running: false, seed: 1 },
    }
}

impl Playground {
    pub async fn start() -> Self {
        let folder = Arc::new(tempfile::tempdir().expect("a folder"));
        let runtime = runtime();
        let ingest = Ingest::start(&runtime).await;
        Self::on(runtime, ingest, folder, |_| {}).await
    }

    /// With another configuration.
    pub async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = Arc::new(tempfile::tempdir().expect("a folder"));
        let runtime = runtime();
        let ingest = Ingest::start(&runtime).await;
        Self::on(runtime, ingest, folder, change).await
    }

    async fn on(
        runtime: Runtime,
        ingest: Ingest,
        folder: Arc<tempfile::TempDir>,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        let journal = folder.path().join("deep").join("journal.jsonl");
        let http = runtime.reserve(&Listener::loopback()).expect("a free port");
        let mut config = config(http, ingest.address, &journal);
        change(&mut config);
        playground::start(config, runtime.clone()).await.expect("starts");
        let base = format!("http://{http}");
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let started = Self { runtime, ingest, journal, base, client, folder };
        eventually("the callbacks to be checked", || started.ingest.challenges() >= 3).await;
        started
    }

    /// Ends the process's tasks and starts again on the same journal, with a new ingest.
    pub async fn restart(self, change: impl FnOnce(&Path)) -> Self {
        self.runtime.stop.cancel();
        self.runtime.tasks.drained().await;
        change(&self.journal);
        let runtime = runtime();
        let ingest = Ingest::start(&runtime).await;
        Self::on(runtime, ingest, Arc::clone(&self.folder), |_| {}).await
    }

    /// Where it listens.
    pub fn base(&self) -> &str {
        &self.base
    }

    pub async fn get(&self, path: &str) -> (u16, HeaderMap, String) {
        let answer = self.client.get(format!("{}{path}", self.base)).send().await.expect("answer");
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        (status, headers, answer.text().await.expect("a text"))
    }

    pub async fn get_in(&self, path: &str, language: &str) -> String {
        let request = self.client.get(format!("{}{path}", self.base));
        let answer = request.header("accept-language", language).send().await.expect("answer");
        answer.text().await.expect("a text")
    }

    pub async fn json(&self, path: &str) -> Value {
        let (status, _, body) = self.get(&format!("/playground/api/{path}")).await;
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).expect("JSON")
    }

    /// The log, line by line.
    pub async fn log(&self) -> Vec<Value> {
        let (status, _, body) = self.get("/playground/api/log").await;
        assert_eq!(status, 200);
        body.lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect()
    }

    /// Status and JSON of a request.
    pub async fn send(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let method = method.parse().expect("a method");
        let request = self.client.request(method, format!("{}/playground/api/{path}", self.base));
        let answer = request.json(&body).send().await.expect("answer");
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or(Value::Null))
    }

    /// A call of X's API by an account.
    pub async fn x(&self, account: &str, method: &str, path: &str, body: Value) -> Called {
        self.try_x(account, method, path, body).await.expect("an answer")
    }

    /// As [`Playground::x`], where there may be no answer.
    pub async fn try_x(
        &self,
        account: &str,
        method: &str,
        path: &str,
        body: Value,
    ) -> Result<Called, reqwest::Error> {
        let method = method.parse().expect("a method");
        let request = self.client.request(method, format!("{}/x{path}", self.base));
        let request = request.bearer_auth(format!("simulated-{account}"));
        let request = if body.is_null() { request } else { request.json(&body) };
        Called::of(request.timeout(Duration::from_secs(3)).send().await?).await
    }

    /// A call of Graph by a page.
    pub async fn graph(&self, page: &str, method: &str, path: &str, body: Value) -> Called {
        self.try_graph(page, method, path, body).await.expect("an answer")
    }

    /// As [`Playground::graph`], where there may be no answer.
    pub async fn try_graph(
        &self,
        page: &str,
        method: &str,
        path: &str,
        body: Value,
    ) -> Result<Called, reqwest::Error> {
        let method = method.parse().expect("a method");
        let request = self.client.request(method, format!("{}/graph/v25.0{path}", self.base));
        let request = request.bearer_auth(format!("simulated-{page}"));
        let request = if body.is_null() { request } else { request.json(&body) };
        Called::of(request.timeout(Duration::from_secs(3)).send().await?).await
    }

    /// A call of TikTok's API by its account.
    pub async fn tiktok(&self, method: &str, path: &str, body: Value) -> Called {
        self.try_tiktok(method, path, body).await.expect("an answer")
    }

    /// As [`Playground::tiktok`], where there may be no answer.
    pub async fn try_tiktok(
        &self,
        method: &str,
        path: &str,
        body: Value,
    ) -> Result<Called, reqwest::Error> {
        let request = self.request(method, &format!("/tiktok/open_api/v1.3/business/{path}"));
        let request = request.header("access-token", format!("simulated-{TIKTOK}"));
        let request = if body.is_null() { request } else { request.json(&body) };
        Called::of(request.timeout(Duration::from_secs(3)).send().await?).await
    }

    /// A request as it is built.
    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method.parse().expect("a method"), format!("{}{path}", self.base))
    }

    /// What the networks' APIs have accepted.
    pub async fn accepted(&self) -> Vec<Value> {
        let accepted = self.json("accepted").await;
        accepted.as_array().expect("a list").clone()
    }

    /// Changes the faults.
    pub async fn trouble(&self, faults: Value) {
        let (status, answer) = self.send("PUT", "faults", faults).await;
        assert_eq!(status, 200, "{answer}");
    }

    /// Posts a body as it stands.
    pub async fn send_raw(&self, path: &str, kind: &str, body: &str) -> (u16, HeaderMap, Value) {
        let request = self.client.post(format!("{}/playground/api/{path}", self.base));
        let request = request.header("content-type", kind).body(body.to_owned());
        let answer = request.send().await.expect("answer");
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        (status, headers, answer.json().await.unwrap_or(Value::Null))
    }

    /// Does an action that must succeed; gives what it came to.
    pub async fn act(&self, path: &str, body: Value) -> Value {
        let (status, performed) = self.send("POST", path, body).await;
        assert_eq!(status, 201, "{path}: {performed}");
        performed
    }

    /// One of the page's posts.
    pub async fn a_post_of(&self, network: &str, account: &str) -> String {
        let threads = self.json(&format!("threads?network={network}&account={account}")).await;
        let post = threads.as_array().and_then(|threads| threads.last()).expect("old posts");
        post["id"].as_str().expect("an id").to_owned()
    }
}

impl Drop for Playground {
    fn drop(&mut self) {
        self.runtime.stop.cancel();
    }
}

/// Waits up to ten seconds.
pub async fn eventually(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..1_000 {
        if is_so() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(is_so(), "waited in vain for {what}");
}
