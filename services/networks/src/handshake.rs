//! How a network checks that a callback address is ours, by GET.

use kit_values::Secret;

use crate::{Network, facebook, x};

/// What an application may have to prove.
#[derive(Debug, Clone, Copy)]
pub struct Credentials<'a> {
    /// The newest first.
    pub signing_secrets: &'a [Secret],
    /// Meta's; empty for X.
    pub verify_token: &'a Secret,
}

/// What to answer with status 200. Never to be served as anything that a browser would run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// `application/json` or `text/plain`.
    pub content_type: &'static str,
    /// The body.
    pub body: String,
}

/// The answer to a callback's GET with these query parameters, or `None` when it proves nothing
/// or asks for nothing.
#[must_use]
pub fn handshake(
    network: Network,
    query: &[(String, String)],
    credentials: &Credentials<'_>,
) -> Option<Answer> {
    match network {
        Network::X => x::signature::handshake(query, credentials),
        Network::Facebook => facebook::signature::handshake(query, credentials),
    }
}

/// The one value of a parameter; `None` when it is absent or given twice.
pub(crate) fn single<'a>(query: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let mut values = query.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let value = values.next()?;
    values.next().is_none().then_some(value)
}
