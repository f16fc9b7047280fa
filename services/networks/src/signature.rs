//! Is this body from the network? Checked over the raw bytes, before any parsing.

use hmac::{Hmac, Mac};
use kit_values::Secret;
use sha2::Sha256;

use crate::{Network, facebook, x};

/// Why a signature proves nothing. For counters and tests; whoever posted learns none of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The header is not there.
    Missing,
    /// The header is there more than once.
    Several,
    /// Not `sha256=` and a code in the network's own notation.
    Malformed,
    /// No secret of the application makes this code from this body.
    Mismatch,
    /// The application has no secret: nothing can be proved, so nothing is accepted.
    NoSecret,
}

impl Refusal {
    /// Stable word, for a counter.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Several => "several",
            Self::Malformed => "malformed",
            Self::Mismatch => "mismatch",
            Self::NoSecret => "no_secret",
        }
    }
}

/// The name of the header that carries the signature, in lower case.
#[must_use]
pub const fn signature_header(network: Network) -> &'static str {
    match network {
        Network::X => x::signature::HEADER,
        Network::Facebook => facebook::signature::HEADER,
    }
}

/// Whether [`verify`] could succeed with any body at all: what can be told before it is read.
///
/// # Errors
/// Why it could not.
pub fn verifiable(network: Network, headers: &[&[u8]], secrets: &[Secret]) -> Result<(), Refusal> {
    signed_code(network, headers)?;
    usable(secrets).next().map(|_| ()).ok_or(Refusal::NoSecret)
}

/// The one code of the one header.
fn signed_code(network: Network, headers: &[&[u8]]) -> Result<Vec<u8>, Refusal> {
    let header = match headers {
        [] => return Err(Refusal::Missing),
        [header] => *header,
        _ => return Err(Refusal::Several),
    };
    let code = header.strip_prefix(b"sha256=").ok_or(Refusal::Malformed)?;
    match network {
        Network::X => x::signature::decode(code),
        Network::Facebook => facebook::signature::decode(code),
    }
    .ok_or(Refusal::Malformed)
}

/// Whether `body` was signed by one of `secrets`. `headers` are all values of
/// [`signature_header`], exactly as received; there must be exactly one.
///
/// The comparison takes a time that depends on nothing but the body's length and the number of
/// secrets. Several secrets exist while one is being replaced.
///
/// # Errors
/// Why it proves nothing.
pub fn verify(
    network: Network,
    headers: &[&[u8]],
    body: &[u8],
    secrets: &[Secret],
) -> Result<(), Refusal> {
    let code = signed_code(network, headers)?;
    let mut tried = false;
    let mut matches = false;
    for secret in usable(secrets) {
        tried = true;
        matches |= keyed(secret).chain_update(body).verify_slice(&code).is_ok();
    }
    match (tried, matches) {
        (false, _) => Err(Refusal::NoSecret),
        (true, false) => Err(Refusal::Mismatch),
        (true, true) => Ok(()),
    }
}

/// The header's value for `body`: what the network itself would send. For tools that post
/// captured bodies.
#[must_use]
pub fn sign(network: Network, body: &[u8], secret: &Secret) -> String {
    let code = code(secret, body);
    match network {
        Network::X => x::signature::encode(&code),
        Network::Facebook => facebook::signature::encode(&code),
    }
}

/// An empty secret would let anybody sign.
pub(crate) fn usable(secrets: &[Secret]) -> impl Iterator<Item = &Secret> {
    secrets.iter().filter(|secret| !secret.expose().is_empty())
}

/// HMAC-SHA256 of `message` under `secret`.
pub(crate) fn code(secret: &Secret, message: &[u8]) -> [u8; 32] {
    keyed(secret).chain_update(message).finalize().into_bytes().into()
}

#[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
fn keyed(secret: &Secret) -> Hmac<Sha256> {
    Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()).expect("any length is a key")
}
