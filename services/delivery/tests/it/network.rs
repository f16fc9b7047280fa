//! A network with a script: it speaks HTTP itself, because what it is for is to break it.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use kit_service::Runtime;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What the network does with one call.
#[derive(Debug, Clone)]
pub enum Script {
    /// Takes it and says so.
    Accept,
    /// Takes it, says so after this long.
    Slow(Duration),
    /// Takes it and never answers.
    AcceptThenHang,
    /// Takes it and breaks the connection.
    AcceptThenReset,
    /// Takes it and says that something went wrong.
    AcceptThen500,
    /// Takes it and answers with half a body.
    AcceptThenHalf,
    /// Answers with this status, headers and body without taking it.
    Refuse(u16, Vec<(&'static str, String)>, Value),
    /// Says 200 and means no.
    ErrorsIn200,
}

/// A call as it came.
#[derive(Debug, Clone)]
pub struct Received {
    pub method: String,
    pub path: String,
    pub authorization: String,
    pub traceparent: Option<String>,
    pub body: Value,
    /// Whether the network did it.
    pub taken: bool,
}

#[derive(Default)]
struct Held {
    script: VecDeque<Script>,
    always: Option<Script>,
    received: Vec<Received>,
    next_id: u64,
}

#[derive(Clone)]
pub struct Network {
    address: SocketAddr,
    held: Arc<Mutex<Held>>,
}

impl Network {
    pub async fn start(runtime: &Runtime) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let network = Self { address, held: Arc::default() };
        let (serving, tasks, stop) = (network.clone(), runtime.tasks.clone(), runtime.stop.clone());
        runtime.tasks.spawn("network", async move {
            loop {
                let accepted = tokio::select! {
                    () = stop.cancelled() => return Ok(()),
                    accepted = listener.accept() => accepted,
                };
                let (stream, _) = accepted.expect("a connection");
                let (network, stop) = (serving.clone(), stop.clone());
                tasks.spawn("connection", async move {
                    tokio::select! {
                        () = stop.cancelled() => {}
                        () = network.serve(stream) => {}
                    }
                    Ok(())
                });
            }
        });
        network
    }

    /// Its base address.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The next calls go so; when the script is over, calls are accepted.
    pub fn script(&self, script: impl IntoIterator<Item = Script>) {
        self.held().script.extend(script);
    }

    /// Every call without a script goes so.
    pub fn always(&self, script: Script) {
        self.held().always = Some(script);
    }

    /// Every call that came.
    pub fn received(&self) -> Vec<Received> {
        self.held().received.clone()
    }

    /// How many calls were done that carry this text.
    pub fn taken(&self, text: &str) -> usize {
        let carries = |call: &&Received| call.taken && call.body.to_string().contains(text);
        self.held().received.iter().filter(carries).count()
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().expect("no test panics while holding it")
    }

    async fn serve(&self, mut stream: TcpStream) {
        while let Some(mut call) = read(&mut stream).await {
            let (script, id) = {
                let mut held = self.held();
                let script = held.script.pop_front().or_else(|| held.always.clone());
                let script = script.unwrap_or(Script::Accept);
                call.taken = !matches!(script, Script::Refuse(..) | Script::ErrorsIn200);
                held.received.push(call.clone());
                held.next_id += 1;
                (script, held.next_id)
            };
            match script {
                Script::Accept => answer(&mut stream, 201, &[], &done(&call, id)).await,
                Script::Slow(time) => {
                    tokio::time::sleep(time).await;
                    answer(&mut stream, 201, &[], &done(&call, id)).await;
                }
                Script::AcceptThenHang => std::future::pending().await,
                Script::AcceptThenReset => {
                    stream.set_zero_linger().expect("a socket");
                    return;
                }
                Script::AcceptThen500 => {
                    answer(&mut stream, 500, &[], &json!({"title": "Internal"})).await;
                }
                Script::AcceptThenHalf => {
                    let head = "HTTP/1.1 201 Created\r\ncontent-length: 500\r\n\r\n{\"data\":";
                    stream.write_all(head.as_bytes()).await.expect("written");
                    return;
                }
                Script::Refuse(status, headers, body) => {
                    answer(&mut stream, status, &headers, &body).await;
                }
                Script::ErrorsIn200 => {
                    let body = json!({"errors": [{
                        "type": "https://api.twitter.com/2/problems/resource-not-found",
                        "title": "Not Found Error", "detail": "Could not find tweet."
                    }]});
                    answer(&mut stream, 200, &[], &body).await;
                }
            }
        }
    }
}

/// The id that the how manyeth call gets.
pub fn id_of(number: u64) -> String {
    // As large as those of today, so that a time can be read from it.
    (1_990_000_000_000_000_000_u64 + number).to_string()
}

fn done(call: &Received, number: u64) -> Value {
    let id = id_of(number);
    let undone = call.method == "DELETE";
    if call.path.contains("/likes")
        || call.path.contains("/retweets")
        || call.path.contains("/following")
    {
        let data = json!({"liked": !undone, "retweeted": !undone, "following": !undone,
            "pending_follow": false});
        json!({"data": data, "success": true})
    } else if call.method == "GET" {
        json!({"is_hidden": true, "can_hide": true})
    } else if call.body.get("is_hidden").is_some() {
        json!({"success": true})
    } else if undone {
        json!({"data": {"deleted": true}, "success": true})
    } else if call.path.contains("/dm_conversations/") {
        json!({"data": {"dm_event_id": id, "dm_conversation_id": "1-2"}})
    } else if call.path.contains("/messages?") {
        json!({"recipient_id": call.body["recipient"]["id"], "message_id": format!("m_{number}")})
    } else {
        json!({"data": {"id": id, "text": call.body["text"]}})
    }
}

async fn read(stream: &mut TcpStream) -> Option<Received> {
    let mut bytes = Vec::new();
    let head_ends = loop {
        let mut chunk = [0; 4096];
        let count = stream.read(&mut chunk).await.ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&chunk[..count]);
        if let Some(place) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break place + 4;
        }
    };
    let head = String::from_utf8(bytes[..head_ends].to_vec()).expect("a head is text");
    let header = |name: &str| {
        head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    };
    let length: usize = header("content-length").map_or(0, |text| text.parse().expect("a number"));
    while bytes.len() < head_ends + length {
        let mut chunk = [0; 4096];
        let count = stream.read(&mut chunk).await.ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&chunk[..count]);
    }
    let mut first = head.lines().next()?.split(' ');
    Some(Received {
        method: first.next()?.to_owned(),
        path: first.next()?.to_owned(),
        authorization: header("authorization").unwrap_or_default(),
        traceparent: header("traceparent"),
        body: serde_json::from_slice(&bytes[head_ends..]).unwrap_or(Value::Null),
        taken: false,
    })
}

async fn answer(stream: &mut TcpStream, status: u16, headers: &[(&str, String)], body: &Value) {
    let body = body.to_string();
    let headers: String =
        headers.iter().map(|(name, value)| [name, ": ", value, "\r\n"].concat()).collect();
    let text = format!(
        "HTTP/1.1 {status} Status\r\n{headers}content-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    // Whoever asked may be gone.
    let _ = stream.write_all(text.as_bytes()).await;
}
