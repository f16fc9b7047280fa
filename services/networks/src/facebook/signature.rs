//! `X-Hub-Signature-256: sha256=<lower-case hexadecimal>`, and the hub handshake.

use crate::handshake::{Answer, Credentials, single};

pub(crate) const HEADER: &str = "x-hub-signature-256";

/// A challenge is a short number; more is somebody else's text that we would hand back.
const LONGEST_CHALLENGE: usize = 1_024;

/// Lower case only: Meta writes no other, and one notation has one spelling.
pub(crate) fn decode(code: &[u8]) -> Option<Vec<u8>> {
    let lower = code.len() == 64 && !code.iter().any(u8::is_ascii_uppercase);
    if lower { hex::decode(code).ok() } else { None }
}

pub(crate) fn encode(code: &[u8; 32]) -> String {
    format!("sha256={}", hex::encode(code))
}

/// `?hub.mode=subscribe&hub.verify_token=…&hub.challenge=N` is answered with N when the token is
/// the application's.
pub(crate) fn handshake(
    query: &[(String, String)],
    credentials: &Credentials<'_>,
) -> Option<Answer> {
    let token = single(query, "hub.verify_token")?;
    let challenge = single(query, "hub.challenge")?;
    let known = !credentials.verify_token.expose().is_empty()
        && credentials.verify_token.equals(token.as_bytes());
    let subscribing = single(query, "hub.mode") == Some("subscribe");
    (known && subscribing && challenge.len() <= LONGEST_CHALLENGE)
        .then(|| Answer { content_type: "text/plain; charset=utf-8", body: challenge.to_owned() })
}
