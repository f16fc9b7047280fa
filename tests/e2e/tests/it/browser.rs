//! A signed-in member: requests with their cookie, and a live socket that keeps what it was shown.

use std::sync::{Arc, Mutex, PoisonError};

use futures::{SinkExt as _, StreamExt as _};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::HeaderValue;

/// A session.
#[derive(Debug, Clone)]
pub struct Browser {
    gateway: String,
    client: reqwest::Client,
    /// `name=value`, as it is sent.
    pub cookie: String,
    pub csrf: String,
}

/// Status and text of an answer.
pub type Answer = (u16, String);

impl Browser {
    pub async fn sign_in(gateway: &str, login: &str, password: &str) -> Self {
        let client = reqwest::Client::new();
        let answer = attempt(&client, gateway, login, password).await;
        assert_eq!(answer.status().as_u16(), 201, "{login} signs in");
        let cookie = answer.headers()["set-cookie"].to_str().expect("text").to_owned();
        let cookie = cookie.split(';').next().expect("name=value").to_owned();
        let body: Value = answer.json().await.expect("JSON");
        let csrf = body["csrf"].as_str().expect("a token").to_owned();
        Self { gateway: gateway.to_owned(), client, cookie, csrf }
    }

    /// Somebody who has not signed in.
    pub fn stranger(gateway: &str) -> Self {
        let (gateway, client) = (gateway.to_owned(), reqwest::Client::new());
        Self { gateway, client, cookie: String::new(), csrf: String::new() }
    }

    pub fn gateway(&self) -> &str {
        &self.gateway
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, None).await
    }

    pub async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let mut request = self
            .client
            .request(method, format!("http://{}{path}", self.gateway))
            .header("cookie", &self.cookie)
            .header("origin", format!("http://{}", self.gateway))
            .header("x-guichet-csrf", &self.csrf)
            .header("x-guichet-tab", "a0b1c2d3e4f5a6b7");
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await.expect("the gateway answers");
        (answer.status().as_u16(), answer.text().await.expect("text"))
    }

    pub async fn json(&self, path: &str) -> Value {
        let (status, text) = self.get(path).await;
        assert_eq!(status, 200, "{path}: {text}");
        serde_json::from_str(&text).expect("JSON")
    }

    /// Every conversation of a queue, by id.
    pub async fn conversations(&self, queue: &str) -> Vec<String> {
        let page = self.json(&format!("/api/v1/conversations?queue={queue}&limit=200")).await;
        let rows = page["rows"].as_array().expect("rows");
        rows.iter().map(|row| row["id"].as_str().expect("an id").to_owned()).collect()
    }

    /// A live socket that declares `open`, from `cursor`.
    pub async fn live(&self, cursor: &str, open: Option<&str>) -> Socket {
        let address = format!("ws://{}/api/v1/live", self.gateway);
        let mut request = address.into_client_request().expect("an address");
        let header = |text: &str| HeaderValue::from_str(text).expect("a header");
        request.headers_mut().insert("cookie", header(&self.cookie));
        request.headers_mut().insert("origin", header(&format!("http://{}", self.gateway)));
        let (mut socket, _) = tokio_tungstenite::connect_async(request).await.expect("a socket");
        let shown: Vec<&str> = open.into_iter().collect();
        let hello = json!({ "t": "hello", "cursor": cursor, "shown": shown, "open": open });
        socket.send(Message::text(hello.to_string())).await.expect("a hello");
        let frames = Arc::new(Mutex::new(Vec::new()));
        let kept = frames.clone();
        let mut task = JoinSet::new();
        task.spawn(async move {
            while let Some(Ok(frame)) = socket.next().await {
                let Message::Text(text) = frame else { continue };
                if text.contains("\"t\":\"ping\"") {
                    let _ = socket.send(Message::text(r#"{"t":"pong"}"#)).await;
                }
                kept.lock().unwrap_or_else(PoisonError::into_inner).push(text.to_string());
            }
        });
        Socket { frames, task }
    }
}

/// Tries to sign in.
pub async fn attempt(
    client: &reqwest::Client,
    gateway: &str,
    login: &str,
    password: &str,
) -> Response {
    client
        .post(format!("http://{gateway}/api/v1/session"))
        .header("origin", format!("http://{gateway}"))
        .json(&json!({ "login": login, "password": password }))
        .send()
        .await
        .expect("the gateway answers")
}

/// A live socket; dropped, it is cut.
pub struct Socket {
    frames: Arc<Mutex<Vec<String>>>,
    task: JoinSet<()>,
}

impl Socket {
    /// Whether the socket ends within this time.
    pub async fn ends_within(&mut self, time: std::time::Duration) -> bool {
        tokio::time::timeout(time, self.task.join_next()).await.is_ok()
    }

    /// Every frame so far, one a line.
    pub fn shown(&self) -> String {
        self.frames.lock().unwrap_or_else(PoisonError::into_inner).join("\n")
    }
}
