//! A browser's live feed: signs in, starts from a snapshot, applies frames by revision, resumes
//! from its cursor after every cut, and begins anew in place when told to.
//!
//! Written from the wire contract, as the workspace is, in another language.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message;

use crate::checker::Shown;
use crate::feed::{self, Failure};

/// A conversation open on a screen.
#[derive(Debug)]
pub struct Screen {
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    gateway: String,
    login: String,
    password: String,
    conversation: String,
    model: Mutex<Model>,
}

/// What the screen holds.
#[derive(Debug, Default)]
struct Model {
    cursor: String,
    messages: BTreeMap<String, Value>,
    resumed: u64,
    resets: u64,
}

impl Screen {
    /// Opens `conversation` for a member, and keeps it up to date until dropped.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "a screen ends with its own handle")]
    pub fn open(gateway: &str, account: &(String, String), conversation: &str) -> Self {
        let shared = Arc::new(Shared {
            gateway: gateway.to_owned(),
            login: account.0.clone(),
            password: account.1.clone(),
            conversation: conversation.to_owned(),
            model: Mutex::default(),
        });
        let task = tokio::spawn(keep_up(shared.clone()));
        Self { shared, task }
    }

    /// Every message on the screen, in the order in which it shows them.
    #[must_use]
    pub fn shown(&self) -> Vec<Shown> {
        let model = self.shared.model();
        let mut rows: Vec<&Value> = model.messages.values().collect();
        rows.sort_by_key(|row| {
            let id = text(row, "external_id");
            (text(row, "network_time"), id.len(), id)
        });
        rows.into_iter()
            .map(|row| Shown {
                external_id: text(row, "external_id"),
                conversation: self.shared.conversation.clone(),
                text: text(row, "text"),
            })
            .collect()
    }

    /// Whether it has followed its live feed from a snapshot on.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.shared.model().resumed > 0
    }

    /// How often it resumed from its cursor, and how often it began anew.
    #[must_use]
    pub fn reconnections(&self) -> (u64, u64) {
        let model = self.shared.model();
        (model.resumed, model.resets)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    fn model(&self) -> std::sync::MutexGuard<'_, Model> {
        self.model.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Connects again whenever the line is cut.
async fn keep_up(shared: Arc<Shared>) {
    let mut cookie = None;
    loop {
        if follow(&shared, &mut cookie).await.is_err() {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}

async fn follow(shared: &Shared, cookie: &mut Option<String>) -> Result<(), Failure> {
    let client = reqwest::Client::builder().timeout(Duration::from_secs(10)).build()?;
    let session = if let Some(session) = cookie.clone() {
        session
    } else {
        let account = (&*shared.login, &*shared.password);
        cookie.insert(feed::sign_in(&shared.gateway, account, &client).await?).clone()
    };
    if shared.model().cursor.is_empty() {
        snapshot(shared, &client, &session).await?;
    }
    let mut socket = feed::connect(&shared.gateway, &session).await?;
    let hello = json!({
        "t": "hello",
        "cursor": shared.model().cursor,
        "shown": [shared.conversation],
        "open": shared.conversation,
    });
    socket.send(Message::text(hello.to_string())).await?;
    loop {
        // The server pings every 20 s: silence means that the line is dead.
        let next = tokio::time::timeout(Duration::from_secs(35), socket.next()).await?;
        let Some(frame) = next else { return Err("the line was cut".into()) };
        let Message::Text(frame) = frame? else { continue };
        let frame: Value = serde_json::from_str(&frame)?;
        match frame["t"].as_str() {
            Some("welcome") if frame["resumed"] == true => shared.model().resumed += 1,
            Some("ping") => socket.send(Message::text(json!({ "t": "pong" }).to_string())).await?,
            Some("reset") => {
                shared.model().resets += 1;
                snapshot(shared, &client, &session).await?;
                return Err("beginning anew".into());
            }
            Some("batch") => {
                for event in frame["evs"].as_array().into_iter().flatten() {
                    apply(shared, event);
                }
            }
            Some("ev") => apply(shared, &frame),
            _ => {}
        }
    }
}

fn apply(shared: &Shared, event: &Value) {
    let mut model = shared.model();
    if let Some(cursor) = event["c"].as_str() {
        cursor.clone_into(&mut model.cursor);
    }
    let row = &event["d"];
    if event["k"] == "message.upsert" && row["conversation_id"] == shared.conversation.as_str() {
        put(&mut model, row);
    }
}

/// Newer revisions replace older ones; the same or an older one changes nothing.
fn put(model: &mut Model, row: &Value) {
    let id = text(row, "id");
    let newer =
        model.messages.get(&id).is_none_or(|have| row["rev"].as_i64() > have["rev"].as_i64());
    if newer {
        model.messages.insert(id, row.clone());
    }
}

/// The cursor first, then what it stands for: what comes between is repeated, never missed.
async fn snapshot(shared: &Shared, client: &reqwest::Client, cookie: &str) -> Result<(), Failure> {
    let get = async |path: String| -> Result<Value, Failure> {
        let answer = client
            .get(format!("http://{}{path}", shared.gateway))
            .header("cookie", cookie)
            .send()
            .await?
            .error_for_status()?;
        Ok(answer.json().await?)
    };
    let bootstrap = get("/api/v1/bootstrap".to_owned()).await?;
    let mut rows = Vec::new();
    let mut before = String::new();
    loop {
        let conversation = &shared.conversation;
        let page =
            get(format!("/api/v1/conversations/{conversation}/messages?limit=200{before}")).await?;
        rows.extend(page["messages"].as_array().cloned().unwrap_or_default());
        match page["older"].as_str() {
            Some(older) if !older.is_empty() => before = format!("&before={older}"),
            _ => break,
        }
    }
    let mut model = shared.model();
    bootstrap["cursor"].as_str().unwrap_or_default().clone_into(&mut model.cursor);
    model.messages.clear();
    for row in &rows {
        put(&mut model, row);
    }
    Ok(())
}

fn text(row: &Value, key: &str) -> String {
    row[key].as_str().unwrap_or_default().to_owned()
}
