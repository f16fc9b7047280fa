//! The process of the sockets: writes a line on standard output for each row of a declared
//! conversation that it reads, until it is ended.
//!
//! Deliberately absent: coming back after a cut. A socket that is cut, or told to begin anew,
//! fails the run.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::time::Duration;

use bench::network::number_in;
use faults::feed::{self, Failure, Socket};
use futures::{SinkExt as _, StreamExt as _};
use serde::Deserialize;
use serde_json::json;
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::Message;

use crate::moment;
use crate::plan::Plan;

/// Said once every socket is welcome.
pub const READY: &str = "ready";

/// What a frame holds, as far as it matters here.
#[derive(Deserialize)]
struct Frame<'a> {
    #[serde(borrow)]
    t: Cow<'a, str>,
    #[serde(borrow, default)]
    evs: Vec<Event<'a>>,
    #[serde(borrow, flatten)]
    event: Event<'a>,
}

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(borrow, default)]
    k: Cow<'a, str>,
    #[serde(borrow, default)]
    d: Option<Row<'a>>,
}

#[derive(Deserialize)]
struct Row<'a> {
    #[serde(borrow, default)]
    id: Cow<'a, str>,
    #[serde(default)]
    message_count: u64,
    #[serde(borrow, default)]
    last: Option<Last<'a>>,
}

#[derive(Deserialize)]
struct Last<'a> {
    #[serde(borrow)]
    text: Cow<'a, str>,
}

/// Follows every socket of `plan`.
pub async fn run(plan: &Plan) {
    let client = reqwest::Client::builder()
        .timeout(Duration::from_secs(10))
        .build()
        .expect("an HTTP client can be made");
    let mut sessions = Vec::new();
    for (login, password) in &plan.accounts {
        let session = feed::sign_in(&plan.gateway, (login, password), &client).await;
        sessions.push(session.expect("the demo accounts can sign in"));
    }
    let mut sockets = JoinSet::new();
    for (shown, session) in plan.sockets.iter().zip(sessions.iter().cycle()) {
        let socket = open(plan, session, shown, &client).await.expect("every socket is welcome");
        sockets.spawn(follow(socket, shown.iter().cloned().collect()));
    }
    say(READY);
    let ended = sockets.join_next().await.and_then(Result::ok).and_then(Result::err);
    say(&format!("failed: {}", ended.map_or_else(String::new, |failure| failure.to_string())));
}

async fn open(
    plan: &Plan,
    session: &str,
    shown: &[String],
    client: &reqwest::Client,
) -> Result<Socket, Failure> {
    let bootstrap = client
        .get(format!("http://{}/api/v1/bootstrap", plan.gateway))
        .header("cookie", session)
        .send()
        .await?
        .error_for_status()?
        .text()
        .await?;
    let bootstrap: serde_json::Value = serde_json::from_str(&bootstrap)?;
    let mut socket = feed::connect(&plan.gateway, session).await?;
    let hello = json!({ "t": "hello", "cursor": bootstrap["cursor"], "shown": shown, "open": shown.first() });
    socket.send(Message::text(hello.to_string())).await?;
    let welcome = socket.next().await.ok_or("no welcome")??.into_text()?;
    let welcome: serde_json::Value = serde_json::from_str(&welcome)?;
    if welcome["t"] == "welcome" && welcome["resumed"] == true {
        return Ok(socket);
    }
    Err(format!("not welcome: {welcome}").into())
}

/// Never returns without a failure.
async fn follow(mut socket: Socket, shown: HashSet<String>) -> Result<(), Failure> {
    loop {
        let frame = socket.next().await.ok_or("a socket was cut")??;
        let Message::Text(frame) = frame else { continue };
        let at = moment();
        let frame: Frame<'_> = serde_json::from_str(&frame)?;
        match &*frame.t {
            "ping" => socket.send(Message::text(json!({ "t": "pong" }).to_string())).await?,
            "reset" => return Err("a socket was told to begin anew".into()),
            _ => {}
        }
        let mut told = String::new();
        for event in frame.evs.iter().chain([&frame.event]) {
            let row = event.d.as_ref().filter(|_| event.k == "conversation.upsert");
            let Some(row) = row.filter(|row| shown.contains(&*row.id)) else { continue };
            let number = row.last.as_ref().and_then(|last| number_in(&last.text));
            let number = number.ok_or("a row without our words")?;
            // Writing to a String cannot fail.
            let _ = writeln!(told, "row {number} {} {at}", row.message_count);
        }
        if !told.is_empty() {
            say(told.trim_end());
        }
    }
}

fn say(text: &str) {
    let mut output = std::io::stdout();
    // Nobody reads any more: the run is over.
    let _ = writeln!(output, "{text}").and_then(|()| output.flush());
}
