//! A person who answers: signed in, with a live feed, so that routing sees them.
//!
//! Written from the description of the gateway's API. Deliberately absent: what a screen shows
//! ([`crate::screen`]).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message;

use crate::feed::{self, Failure};

/// What became of a request: its status and its document.
pub type Answer = (u16, Value);

/// Somebody at work.
#[derive(Debug)]
pub struct Agent {
    /// `mem_…`
    pub member: String,
    gateway: String,
    cookie: String,
    csrf: String,
    tab: String,
    client: Client,
    heard: Arc<Mutex<BTreeMap<String, u64>>>,
    task: JoinHandle<()>,
}

/// What is to be answered, and how.
#[derive(Debug, Clone)]
pub struct Occasion {
    /// `conv_…`
    pub conversation: String,
    /// The kind of answer.
    pub kind: String,
    /// The account that answers (`chan_…`).
    pub channel: String,
    /// The message that is answered (`msg_…`), where there is one.
    pub to: Value,
    /// The newest message that the writer has seen.
    pub seen_through: i64,
}

impl Agent {
    /// Signs in and opens the live feed, which stays open until it is dropped.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "a live feed ends with its own handle")]
    pub async fn sign_in(gateway: &str, account: &(String, String)) -> Self {
        let client = Client::builder().timeout(Duration::from_secs(20)).build().expect("a client");
        let answer = sign_in(&client, gateway, account).await;
        let cookie = answer.headers().get("set-cookie").and_then(|value| value.to_str().ok());
        let cookie = cookie.and_then(|cookie| cookie.split(';').next()).expect("a cookie");
        let cookie = cookie.to_owned();
        let session: Value = answer.json().await.expect("JSON");
        let heard = Arc::new(Mutex::default());
        let task = tokio::spawn(listen(gateway.to_owned(), cookie.clone(), Arc::clone(&heard)));
        Self {
            member: text(&session["me"]["id"]),
            gateway: gateway.to_owned(),
            cookie,
            csrf: text(&session["csrf"]),
            tab: format!("tab{}", kit_values::mint_uuid().simple()),
            client,
            heard,
            task,
        }
    }

    /// Asks for `path` below `/api/v1`.
    ///
    /// # Errors
    /// When no answer comes.
    pub async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Answer, Failure> {
        let mut request = self
            .client
            .request(method, format!("http://{}/api/v1{path}", self.gateway))
            .header("origin", format!("http://{}", self.gateway))
            .header("cookie", &self.cookie)
            .header("x-guichet-csrf", &self.csrf)
            .header("x-guichet-tab", &self.tab);
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await?;
        let status = answer.status().as_u16();
        let text = answer.text().await?;
        let document = if text.is_empty() { Value::Null } else { serde_json::from_str(&text)? };
        Ok((status, document))
    }

    /// Asks until it is answered 2xx, and gives the document.
    pub async fn get(&self, path: &str) -> Value {
        let mut tries = 0;
        loop {
            match self.ask(Method::GET, path, None).await {
                Ok((200, document)) => return document,
                other => {
                    tries += 1;
                    assert!(tries < 100, "GET {path}: {other:?}");
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            }
        }
    }

    async fn must(&self, method: Method, path: &str, body: &Value) -> Value {
        let (status, document) =
            self.ask(method.clone(), path, Some(body)).await.expect("the gateway answers");
        assert!((200..300).contains(&status), "{method} {path}: {status} {document}");
        document
    }

    /// Becomes Available.
    pub async fn available(&self) -> Value {
        let body = json!({ "availability": "available", "away_state_id": null, "keep_conversations": false });
        self.must(Method::PUT, "/availability", &body).await
    }

    /// Goes Away and hands back what is new.
    pub async fn away(&self) -> Value {
        let body =
            json!({ "availability": "away", "away_state_id": null, "keep_conversations": false });
        self.must(Method::PUT, "/availability", &body).await
    }

    /// Every conversation of a queue.
    pub async fn rows(&self, queue: &str) -> Vec<Value> {
        let mut rows = Vec::new();
        let mut after = String::new();
        loop {
            let page = self.get(&format!("/conversations?queue={queue}&limit=100{after}")).await;
            rows.extend(page["rows"].as_array().cloned().unwrap_or_default());
            match page["next"].as_str() {
                Some(next) if !next.is_empty() => after = format!("&after={next}"),
                _ => return rows,
            }
        }
    }

    /// Every message of a conversation, in the order in which it shows them.
    pub async fn messages(&self, conversation: &str) -> Vec<Value> {
        let mut messages: Vec<Value> = Vec::new();
        let mut before = String::new();
        loop {
            let path = format!("/conversations/{conversation}/messages?limit=200{before}");
            let page = self.get(&path).await;
            let older = page["messages"].as_array().cloned().unwrap_or_default();
            messages.splice(0..0, older);
            match page["older"].as_str() {
                Some(older) if !older.is_empty() => before = format!("&before={older}"),
                _ => return messages,
            }
        }
    }

    /// The first way to answer the newest message of a customer that is of `kind` and possible.
    pub async fn occasion(&self, conversation: &str, kind: &str) -> Occasion {
        let row = self.get(&format!("/conversations/{conversation}")).await;
        let answers = row["answers"].as_array().cloned().unwrap_or_default();
        let option = answers
            .iter()
            .find(|option| option["kind"] == kind && option["available"] == true)
            .unwrap_or_else(|| panic!("no {kind} is possible: {answers:#?}"));
        let messages = self.messages(conversation).await;
        let seen = messages.iter().filter_map(|message| message["sequence"].as_i64()).max();
        Occasion {
            conversation: conversation.to_owned(),
            kind: kind.to_owned(),
            channel: text(&option["channel_id"]),
            to: option["in_reply_to"].clone(),
            seen_through: seen.unwrap_or_default(),
        }
    }

    /// Sends a reply. The same `key` is the same reply.
    ///
    /// # Errors
    /// When no answer comes: whether it was accepted is then not known.
    pub async fn reply(
        &self,
        occasion: &Occasion,
        key: &str,
        words: &str,
        fence: i64,
    ) -> Result<Answer, Failure> {
        let body = json!({
            "key": key,
            "kind": occasion.kind,
            "channel_id": occasion.channel,
            "in_reply_to": occasion.to,
            "text": words,
            "seen_through": occasion.seen_through,
            "fence": fence,
            "shorten_links": false,
            "despite_newer": false,
        });
        let path = format!("/conversations/{}/replies", occasion.conversation);
        self.ask(Method::POST, &path, Some(&body)).await
    }

    /// Sends a reply until the gateway has said yes or no to it.
    pub async fn reply_surely(&self, occasion: &Occasion, key: &str, words: &str) -> Answer {
        let mut tries = 0;
        loop {
            match self.reply(occasion, key, words, 0).await {
                Ok((status, document)) if status < 500 => return (status, document),
                other => {
                    tries += 1;
                    assert!(tries < 100, "a reply has no answer: {other:?}");
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            }
        }
    }

    /// How many frames of this kind its live feed has brought.
    #[must_use]
    pub fn heard(&self, kind: &str) -> u64 {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.get(kind).copied().unwrap_or_default()
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Tries until the gateway and directory are there.
async fn sign_in(client: &Client, gateway: &str, account: &(String, String)) -> reqwest::Response {
    let mut tries = 0;
    loop {
        let answer = client
            .post(format!("http://{gateway}/api/v1/session"))
            .header("origin", format!("http://{gateway}"))
            .json(&json!({ "login": account.0, "password": account.1 }))
            .send()
            .await;
        match answer {
            Ok(answer) if answer.status().as_u16() == 201 => return answer,
            other => {
                tries += 1;
                let status = other.map(|answer| answer.status());
                assert!(tries < 150, "the sign-in of {}: {status:?}", account.0);
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }
}

async fn listen(gateway: String, cookie: String, heard: Arc<Mutex<BTreeMap<String, u64>>>) {
    loop {
        let _ = follow(&gateway, &cookie, &heard).await;
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

async fn follow(
    gateway: &str,
    cookie: &str,
    heard: &Mutex<BTreeMap<String, u64>>,
) -> Result<(), Failure> {
    let client = Client::builder().timeout(Duration::from_secs(10)).build()?;
    let bootstrap: Value = client
        .get(format!("http://{gateway}/api/v1/bootstrap"))
        .header("cookie", cookie)
        .send()
        .await?
        .error_for_status()?
        .json()
        .await?;
    let mut socket = feed::connect(gateway, cookie).await?;
    let hello = json!({ "t": "hello", "cursor": bootstrap["cursor"], "shown": [], "open": null });
    socket.send(Message::text(hello.to_string())).await?;
    loop {
        let next = tokio::time::timeout(Duration::from_secs(35), socket.next()).await?;
        let Some(frame) = next else { return Err("the line was cut".into()) };
        let Message::Text(frame) = frame? else { continue };
        let frame: Value = serde_json::from_str(&frame)?;
        let alone = [frame.clone()];
        let events = match frame["t"].as_str() {
            Some("ping") => {
                socket.send(Message::text(json!({ "t": "pong" }).to_string())).await?;
                continue;
            }
            Some("batch") => frame["evs"].as_array().map(Vec::as_slice).unwrap_or_default(),
            _ => &alone,
        };
        let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
        for event in events {
            let kind = event["k"].as_str().or_else(|| event["t"].as_str()).unwrap_or_default();
            *heard.entry(kind.to_owned()).or_default() += 1;
        }
    }
}

/// A text of a document; empty where there is none.
#[must_use]
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
