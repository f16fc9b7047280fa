//! `x-twitter-webhooks-signature: sha256=<base64>`, and the challenge-response check.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::handshake::{Answer, Credentials, single};
use crate::signature::{code, usable};

pub(crate) const HEADER: &str = "x-twitter-webhooks-signature";

/// A token is opaque; X sends about 48 characters.
const LONGEST_TOKEN: usize = 1_024;

pub(crate) fn decode(code: &[u8]) -> Option<Vec<u8>> {
    STANDARD.decode(code).ok().filter(|decoded| decoded.len() == 32)
}

pub(crate) fn encode(code: &[u8; 32]) -> String {
    format!("sha256={}", STANDARD.encode(code))
}

/// `?crc_token=T` is answered with T's code under the consumer secret: the newest, as after a
/// rotation X knows no other.
pub(crate) fn handshake(
    query: &[(String, String)],
    credentials: &Credentials<'_>,
) -> Option<Answer> {
    let token = single(query, "crc_token")?;
    let secret = usable(credentials.signing_secrets).next()?;
    if token.is_empty() || token.len() > LONGEST_TOKEN {
        return None;
    }
    let answer = encode(&code(secret, token.as_bytes()));
    Some(Answer {
        content_type: "application/json",
        body: serde_json::json!({ "response_token": answer }).to_string(),
    })
}
