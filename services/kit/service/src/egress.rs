//! The way out to addresses that a stranger gave: push services, pictures, link targets.
//!
//! What is checked is the address that is connected to, at every hop: a name is resolved once, by
//! the connection itself, and only public addresses are left over ([`public`]). Time, size, hops
//! and types are bounded; there are no cookies, no proxies and no decompression.
//!
//! Deliberately absent: calls to peers of ours and to the networks, whose addresses an operator
//! sets; retries; and caching, of names too.

mod address;
mod public;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use kit_values::Fault;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{self, HeaderMap};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, StatusCode};
use serde::{Deserialize, Serialize};
use url::{Host, Url};

pub use address::{Refused, read};
pub use public::is_public;

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(5);

/// What an operator says about the way out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Addresses with their ports that may be reached though they are not public, as
    /// `10.0.0.5:8443`; nothing else at these addresses may.
    pub allow: Vec<SocketAddr>,
}

/// What one request may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// From the first lookup to the last byte.
    pub time: Duration,
    /// Largest body of the answer, in bytes.
    pub bytes: usize,
    /// How many redirects of a GET are followed; with 0 a redirect is the answer.
    pub hops: u8,
    /// What the answer may be, as `image/png`; empty: anything.
    pub types: &'static [&'static str],
}

/// A request.
#[derive(Debug, Clone)]
pub struct Request {
    /// How.
    pub method: Method,
    /// Where to, as the stranger gave it.
    pub address: String,
    /// With these, which no other origin gets.
    pub headers: HeaderMap,
    /// With this.
    pub body: Vec<u8>,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, whole.
    pub body: Vec<u8>,
    /// Where it came from, after redirects.
    pub address: Url,
}

/// The way out; cheap to clone.
#[derive(Debug, Clone)]
pub struct Egress {
    settings: Arc<Settings>,
    /// By port: a connection knows which port it may use at an address that is not public.
    clients: Arc<BTreeMap<u16, Client>>,
}

/// Where names lead.
#[derive(Debug, Clone)]
enum Names {
    /// As the system says.
    System,
    /// As a test says: each time the next answer, the last one for ever.
    #[cfg_attr(not(test), expect(dead_code, reason = "made by tests"))]
    Scripted(Arc<std::sync::Mutex<HashMap<String, Vec<Vec<IpAddr>>>>>),
}

/// Leaves of a name's addresses those that may be connected to.
#[derive(Debug)]
struct Guard {
    names: Names,
    settings: Arc<Settings>,
    port: u16,
}

/// That a name leads nowhere where one may go.
#[derive(Debug, thiserror::Error)]
#[error("the name leads to no public address")]
struct Nowhere;

impl Settings {
    fn admits(&self, address: SocketAddr) -> bool {
        is_public(address.ip()) && matches!(address.port(), 80 | 443)
            || self.allow.contains(&address)
    }
}

impl Names {
    async fn resolve(self, name: &str, port: u16) -> std::io::Result<Vec<SocketAddr>> {
        match self {
            Self::System => Ok(tokio::net::lookup_host((name, port)).await?.collect()),
            Self::Scripted(script) => {
                let mut script = script.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                let answers = script.get_mut(name).ok_or(std::io::ErrorKind::NotFound)?;
                let answer = if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() };
                Ok(answer.into_iter().map(|address| SocketAddr::new(address, port)).collect())
            }
        }
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let (names, settings, port) = (self.names.clone(), Arc::clone(&self.settings), self.port);
        Box::pin(async move {
            let mut found = names.resolve(name.as_str(), port).await?;
            found.retain(|address| settings.admits(*address));
            if found.is_empty() {
                return Err(Nowhere.into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

impl Egress {
    /// A way out as the settings say.
    ///
    /// # Errors
    /// Internal when no client can be made.
    pub fn new(settings: Settings) -> Result<Self, Fault> {
        Self::with_names(settings, &Names::System)
    }

    fn with_names(settings: Settings, names: &Names) -> Result<Self, Fault> {
        crate::cryptography();
        let settings = Arc::new(settings);
        let ports = [80, 443].into_iter().chain(settings.allow.iter().map(SocketAddr::port));
        let clients = ports
            .map(|port| {
                let guard = Guard { names: names.clone(), settings: Arc::clone(&settings), port };
                let client = Client::builder()
                    .dns_resolver(Arc::new(guard))
                    .redirect(Policy::none())
                    .no_proxy()
                    .referer(false)
                    // A kept connection would outlive what its name led to.
                    .pool_max_idle_per_host(0)
                    .connect_timeout(CONNECT)
                    .user_agent("Guichet")
                    .build()
                    .map_err(Fault::internal)?;
                Ok((port, client))
            })
            .collect::<Result<_, Fault>>()?;
        Ok(Self { settings, clients: Arc::new(clients) })
    }

    /// Whether an operator named this very address, which then may do without https.
    #[must_use]
    pub fn is_named(&self, address: &Url) -> bool {
        let port = address.port_or_known_default();
        literal(address).zip(port).is_some_and(|(literal, port)| {
            self.settings.allow.contains(&SocketAddr::new(literal, port))
        })
    }

    /// Sends a request and reads its whole answer.
    ///
    /// # Errors
    /// Why nothing was sent, or why the answer was not taken.
    pub async fn send(&self, request: Request, limits: &Limits) -> Result<Answer, Refused> {
        tokio::time::timeout(limits.time, self.follow(request, limits))
            .await
            .unwrap_or(Err(Refused::Time))
    }

    async fn follow(&self, request: Request, limits: &Limits) -> Result<Answer, Refused> {
        let Request { method, address, mut headers, body } = request;
        let mut address = read(&address)?;
        let mut hops = limits.hops;
        loop {
            let answer = self.once(&method, &address, &headers, body.clone()).await?;
            let next = next_hop(&method, &answer).filter(|_| limits.hops > 0);
            let Some(next) = next else { return whole(answer, address, limits).await };
            hops = hops.checked_sub(1).ok_or(Refused::Hops)?;
            let next = read(address.join(&next).map_err(|_| Refused::Unreadable)?.as_str())?;
            if address.scheme() == "https" && next.scheme() != "https" {
                return Err(Refused::Downgrade);
            }
            if next.origin() != address.origin() {
                headers = HeaderMap::new();
            }
            address = next;
        }
    }

    async fn once(
        &self,
        method: &Method,
        address: &Url,
        headers: &HeaderMap,
        body: Vec<u8>,
    ) -> Result<reqwest::Response, Refused> {
        let port = address.port_or_known_default().ok_or(Refused::Port)?;
        // A literal address is connected to without asking any resolver.
        let literal = literal(address);
        if literal.is_some_and(|literal| {
            !is_public(literal) && !self.settings.admits(SocketAddr::new(literal, port))
        }) {
            return Err(Refused::Private);
        }
        let client = self.clients.get(&port).ok_or(Refused::Port)?;
        if literal.is_some_and(|literal| !self.settings.admits(SocketAddr::new(literal, port))) {
            return Err(Refused::Port);
        }
        let answer = client
            .request(method.clone(), address.clone())
            .headers(headers.clone())
            .header(header::ACCEPT_ENCODING, "identity")
            .body(body)
            .send()
            .await
            .map_err(|error| refusal(&error))?;
        // What was connected to, as the socket says.
        match answer.remote_addr() {
            Some(peer) if self.settings.admits(peer) => Ok(answer),
            _ => Err(Refused::Private),
        }
    }
}

/// The address that stands in the place of a name.
fn literal(address: &Url) -> Option<IpAddr> {
    match address.host()? {
        Host::Ipv4(literal) => Some(IpAddr::V4(literal)),
        Host::Ipv6(literal) => Some(IpAddr::V6(literal)),
        Host::Domain(_) => None,
    }
}

/// Where the answer sends a GET.
fn next_hop(method: &Method, answer: &reqwest::Response) -> Option<String> {
    let redirects = matches!(answer.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    if !redirects || *method != Method::GET {
        return None;
    }
    Some(answer.headers().get(header::LOCATION)?.to_str().ok()?.to_owned())
}

async fn whole(
    mut answer: reqwest::Response,
    address: Url,
    limits: &Limits,
) -> Result<Answer, Refused> {
    let said = |name| answer.headers().get(name).and_then(|value| value.to_str().ok());
    let encoded = said(header::CONTENT_ENCODING).is_some_and(|value| value != "identity");
    if encoded {
        return Err(Refused::Encoded);
    }
    let kind = said(header::CONTENT_TYPE).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !limits.types.is_empty() && !limits.types.iter().any(|it| it.eq_ignore_ascii_case(kind)) {
        return Err(Refused::Type);
    }
    let largest = u64::try_from(limits.bytes).unwrap_or(u64::MAX);
    if answer.content_length().is_some_and(|length| length > largest) {
        return Err(Refused::Size);
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| refusal(&error))? {
        if body.len() + chunk.len() > limits.bytes {
            return Err(Refused::Size);
        }
        body.extend_from_slice(&chunk);
    }
    let (status, headers) = (answer.status(), answer.headers().clone());
    Ok(Answer { status, headers, body, address })
}

fn refusal(error: &reqwest::Error) -> Refused {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        if error.is::<Nowhere>() {
            return Refused::Private;
        }
        cause = error.source();
    }
    if error.is_timeout() { Refused::Time } else { Refused::Unreachable }
}
