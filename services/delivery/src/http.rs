//! The one client that calls networks.
//!
//! Deliberately absent: redirects and retries. What was sent is sent; only a failure before the
//! connection stood proves that nothing was.

use std::time::Duration;

use kit_values::Fault;
use networks::outbound::{Headers, Request};
use reqwest::{Client, Method, redirect, retry};

use crate::sabotage;

/// Longest answer that is read, in bytes; what is longer is cut, and then makes no sense.
const LONGEST_ANSWER: usize = 1 << 20;

/// Longest wait for a connection. It lies below the timeout of a call, so that a network that
/// cannot be reached is not taken for one that did not answer.
const CONNECT: Duration = Duration::from_secs(10);

/// How long a connection is kept for the next call: shorter than networks keep theirs, since a
/// call on one that they have just closed would be one whose end nobody knows.
const IDLE: Duration = Duration::from_secs(3);

/// What came of a call.
#[derive(Debug)]
pub enum Reached {
    /// A complete answer.
    Answered {
        /// HTTP status.
        status: u16,
        /// Its headers.
        headers: Headers,
        /// Its body.
        body: Vec<u8>,
    },
    /// No complete answer came.
    Lost {
        /// Whether any byte of the request may have left.
        bytes_left: bool,
        /// What happened, without the address.
        cause: String,
    },
    /// The process was stopped by a fail point.
    Crashed,
}

/// Calls networks.
#[derive(Debug, Clone)]
pub struct Caller(Client);

impl Caller {
    /// A client whose calls take `timeout` at most.
    ///
    /// # Errors
    /// Internal when the process has no cryptography.
    pub fn new(timeout: Duration) -> Result<Self, Fault> {
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .no_proxy()
            // One call a connection: a lost one leaves no doubt about others.
            .http1_only()
            .tcp_nodelay(true)
            .connect_timeout(CONNECT.min(timeout / 2))
            .pool_idle_timeout(IDLE)
            .timeout(timeout)
            .user_agent(concat!("guichet/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(Fault::internal)?;
        Ok(Self(client))
    }

    /// Makes the call once. `trace` is a W3C `traceparent` to send along.
    pub async fn call(&self, request: &Request, trace: Option<&str>) -> Reached {
        let Ok(method) = request.method.parse::<Method>() else {
            return lost(false, "the method cannot be used");
        };
        let mut call = self
            .0
            .request(method, request.address())
            .header(reqwest::header::AUTHORIZATION, request.authorization.expose());
        if let Some(trace) = trace {
            call = call.header("traceparent", trace);
        }
        if let Some(body) = &request.body {
            call = call.json(body);
        }
        let mut response = match call.send().await {
            Ok(response) => response,
            Err(error) => {
                let bytes_left = !(error.is_connect() || error.is_builder());
                return lost(bytes_left, &cause(error));
            }
        };
        if sabotage::fails_after_first_byte() {
            return Reached::Crashed;
        }
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
            .collect();
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() <= LONGEST_ANSWER => {
                    body.extend_from_slice(&chunk);
                }
                Ok(Some(_) | None) => return Reached::Answered { status, headers, body },
                Err(error) => return lost(true, &cause(error)),
            }
        }
    }
}

fn lost(bytes_left: bool, cause: &str) -> Reached {
    Reached::Lost { bytes_left, cause: cause.to_owned() }
}

/// What happened, with its causes, but without the address, which holds proofs.
fn cause(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(inner) = source {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        source = inner.source();
    }
    text
}
