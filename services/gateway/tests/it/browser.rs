//! A browser, as far as the gateway notices: a cookie, a token, an origin, a socket.

use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _};
use reqwest::header::{CONTENT_TYPE, COOKIE, ORIGIN, SET_COOKIE};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::peers::PASSWORD;
use crate::world::{Gateway, PATIENCE};

#[derive(Clone)]
pub struct Browser {
    pub gateway: Gateway,
    pub cookie: Option<String>,
    pub csrf: Option<String>,
    http: reqwest::Client,
}

impl Browser {
    pub fn new(gateway: &Gateway) -> Self {
        let http = reqwest::Client::builder().timeout(PATIENCE).build().expect("a client");
        Self { gateway: gateway.clone(), cookie: None, csrf: None, http }
    }

    /// The same session at another gateway.
    pub fn at(&self, gateway: &Gateway) -> Self {
        Self { gateway: gateway.clone(), ..self.clone() }
    }

    /// A bare request, without cookie, token or origin.
    pub fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("http://{}{path}", self.gateway.address))
    }

    /// A request as a page of the workspace makes it.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let mut request = self.bare(method, path).header(ORIGIN, &self.gateway.public_url);
        if let Some(cookie) = &self.cookie {
            request = request.header(COOKIE, format!("guichet_session={cookie}"));
        }
        if let Some(csrf) = &self.csrf {
            request = request.header("x-guichet-csrf", csrf);
        }
        request
    }

    pub async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.expect("answered")
    }

    pub async fn get_json(&self, path: &str) -> Value {
        let response = self.get(path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        response.json().await.expect("JSON")
    }

    pub async fn post(&self, path: &str, body: &Value) -> Response {
        self.request(Method::POST, path).json(body).send().await.expect("answered")
    }

    pub async fn send(&self, method: Method, path: &str, body: &Value) -> Response {
        self.request(method, path).json(body).send().await.expect("answered")
    }

    /// Sends something that is taken, and gives what is answered.
    pub async fn done(&self, method: Method, path: &str, body: &Value) -> Value {
        let response = self.send(method.clone(), path, body).await;
        let status = response.status();
        let text = response.text().await.expect("text");
        assert!(status.is_success(), "{method} {path} answers {status}: {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    pub async fn sign_in(&mut self, login: &str) {
        let body = json!({"login": login, "password": PASSWORD});
        let response = self.post("/api/v1/session", &body).await;
        assert_eq!(response.status(), StatusCode::CREATED);
        let cookie = response.headers()[SET_COOKIE].to_str().expect("text");
        let value = cookie.split(';').next().and_then(|pair| pair.split_once('='));
        self.cookie = Some(value.expect("a cookie").1.to_owned());
        let body: Value = response.json().await.expect("JSON");
        self.csrf = Some(body["csrf"].as_str().expect("a token").to_owned());
    }

    /// The cursor to begin with.
    pub async fn cursor(&self) -> String {
        let bootstrap = self.get_json("/api/v1/bootstrap").await;
        bootstrap["cursor"].as_str().expect("a cursor").to_owned()
    }

    /// Opens a socket with these headers, without saying hello.
    pub async fn socket_with(
        &self,
        headers: &[(&'static str, &str)],
    ) -> Result<Socket, tungstenite::Error> {
        let address = format!("ws://{}/api/v1/live", self.gateway.address);
        let mut request = address.into_client_request().expect("an address");
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().expect("a value"));
        }
        let (stream, _) = connect_async(request).await?;
        Ok(Socket {
            stream,
            number: 0,
            cursor: String::new(),
            beside: Vec::new(),
            passed: Vec::new(),
        })
    }

    pub async fn silent_socket(&self) -> Socket {
        let cookie = format!("guichet_session={}", self.cookie.as_deref().unwrap_or_default());
        let headers = [("cookie", cookie.as_str()), ("origin", self.gateway.public_url.as_str())];
        self.socket_with(&headers).await.expect("a socket")
    }

    /// Opens a socket and says hello. Gives it with whether it was resumed.
    pub async fn socket(&self, cursor: &str, open: Option<&str>) -> (Socket, bool) {
        let mut socket = self.silent_socket().await;
        let shown: Vec<&str> = open.into_iter().collect();
        socket.say(json!({"t": "hello", "cursor": cursor, "shown": shown, "open": open})).await;
        cursor.clone_into(&mut socket.cursor);
        let welcome = socket.frame().await.expect("a welcome");
        assert_eq!(welcome["t"], "welcome", "{welcome}");
        let resumed = welcome["resumed"].as_bool().expect("a boolean");
        (socket, resumed)
    }
}

pub struct Socket {
    pub stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// The number of the last event.
    pub number: u64,
    /// The cursor of the last event.
    pub cursor: String,
    /// Frames without number and cursor that came and were not asked for.
    pub beside: Vec<Value>,
    /// Those before the ones that were asked for.
    pub passed: Vec<Value>,
}

impl Socket {
    pub async fn say(&mut self, frame: Value) {
        self.stream.send(Message::text(frame.to_string())).await.expect("sent");
    }

    /// The next text frame; none once the socket has ended.
    pub async fn frame(&mut self) -> Option<Value> {
        loop {
            let next = tokio::time::timeout(PATIENCE, self.stream.next()).await;
            match next.expect("something in time") {
                Some(Ok(Message::Text(text))) => {
                    return Some(serde_json::from_str(&text).expect("JSON"));
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    /// The close code; reads everything before it.
    pub async fn end(&mut self) -> Option<u16> {
        loop {
            let next = tokio::time::timeout(PATIENCE, self.stream.next()).await;
            match next.expect("an end in time") {
                Some(Ok(Message::Close(frame))) => return frame.map(|frame| frame.code.into()),
                Some(Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    /// The events of the next frame, whose numbers are checked; pings are answered.
    pub async fn events(&mut self) -> Vec<Value> {
        loop {
            let frame = self.frame().await.expect("a frame");
            let events = match frame["t"].as_str() {
                Some("ev") => vec![frame],
                Some("batch") => frame["evs"].as_array().expect("events").clone(),
                Some("ping") => {
                    self.say(json!({"t": "pong"})).await;
                    continue;
                }
                Some("side") => {
                    self.beside.push(frame);
                    continue;
                }
                _ => unreachable!("unexpected frame {frame}"),
            };
            for event in &events {
                self.number += 1;
                assert_eq!(event["n"], self.number, "a hole: {event}");
                event["c"].as_str().expect("a cursor").clone_into(&mut self.cursor);
            }
            return events;
        }
    }

    /// The first event for which this holds; those before it are passed over.
    pub async fn until(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            if let Some(found) = self.events().await.into_iter().find(&wanted) {
                return found;
            }
        }
    }

    /// The first frame without number and cursor for which this holds; events are passed over.
    pub async fn beside(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            if let Some(found) = self.beside.iter().position(&wanted) {
                self.passed.extend(self.beside.drain(..found));
                return self.beside.remove(0);
            }
            let frame = self.frame().await.expect("a frame");
            match frame["t"].as_str() {
                Some("side") => self.beside.push(frame),
                Some("ping") => self.say(json!({"t": "pong"})).await,
                Some("reset") => {}
                Some("ev") => self.number += 1,
                Some("batch") => {
                    self.number += frame["evs"].as_array().map_or(0, |evs| evs.len() as u64);
                }
                _ => unreachable!("unexpected frame {frame}"),
            }
        }
    }

    /// Every event that comes within this time.
    pub async fn within(&mut self, time: Duration) -> Vec<Value> {
        let mut all = Vec::new();
        let until = tokio::time::Instant::now() + time;
        while let Ok(events) = tokio::time::timeout_at(until, self.events()).await {
            all.extend(events);
        }
        all
    }
}

/// Sends a body of any kind.
pub async fn post_as(browser: &Browser, path: &str, kind: &str, body: &str) -> Response {
    let request = browser.request(Method::POST, path).header(CONTENT_TYPE, kind);
    request.body(body.to_owned()).send().await.expect("answered")
}
