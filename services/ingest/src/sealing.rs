//! Application secrets at rest: sealed with this service's own key, so that it starts, and
//! verifies webhooks, while directory is down.
//!
//! XChaCha20-Poly1305 with a random nonce; application and version are the associated data, so
//! that a sealed value copied to another row or version does not open. Deliberately absent:
//! rotation of the key: secrets that do not open are fetched again.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use kit_values::{Fault, Secret};
use serde::{Deserialize, Serialize};

use crate::domain::ApplicationId;

const FORMAT: u8 = 1;
const NONCE: usize = 24;

/// What an application signs with.
#[derive(Debug, Clone, Default)]
pub struct Secrets {
    /// Any of them may have signed a webhook; the newest first.
    pub signing: Vec<Secret>,
    /// Meta's hub handshake; empty for X.
    pub verify_token: Secret,
}

/// The plain form inside the seal.
#[derive(Serialize, Deserialize)]
struct Plain {
    signing: Vec<String>,
    verify_token: String,
}

/// Seals and opens secrets.
#[derive(Clone)]
pub struct Sealer(XChaCha20Poly1305);

impl Sealer {
    /// From 32 bytes in base64.
    ///
    /// # Errors
    /// Invalid, naming the setting, when it is anything else.
    pub fn new(key: &Secret) -> Result<Self, Fault> {
        let refused = || {
            Fault::invalid(
                "sealing_key",
                "ingest.sealing_key",
                "The sealing key must be 32 bytes in base64.",
            )
        };
        let key = STANDARD.decode(key.expose().trim()).map_err(|_| refused())?;
        XChaCha20Poly1305::new_from_slice(&key).map(Self).map_err(|_| refused())
    }

    /// Seals the secrets of one version of an application.
    ///
    /// # Errors
    /// Internal when the system gives no randomness.
    pub fn seal(
        &self,
        application: ApplicationId,
        version: i64,
        secrets: &Secrets,
    ) -> Result<Vec<u8>, Fault> {
        let plain = Plain {
            signing: secrets.signing.iter().map(|secret| secret.expose().clone()).collect(),
            verify_token: secrets.verify_token.expose().clone(),
        };
        let plain = serde_json::to_vec(&plain).map_err(Fault::internal)?;
        let mut nonce = [0_u8; NONCE];
        getrandom::fill(&mut nonce).map_err(Fault::internal)?;
        let payload = Payload { msg: &plain, aad: &associated(application, version) };
        let sealed = self
            .0
            .encrypt(XNonce::from_slice(&nonce), payload)
            .map_err(|error| Fault::internal(error.to_string()))?;
        Ok([&[FORMAT], nonce.as_slice(), &sealed].concat())
    }

    /// The secrets, unless they were sealed for something else, with another key, or altered.
    #[must_use]
    pub fn open(&self, application: ApplicationId, version: i64, sealed: &[u8]) -> Option<Secrets> {
        let (nonce, sealed) = match sealed.split_first() {
            Some((&FORMAT, rest)) if rest.len() > NONCE => rest.split_at(NONCE),
            _ => return None,
        };
        let payload = Payload { msg: sealed, aad: &associated(application, version) };
        let plain = self.0.decrypt(XNonce::from_slice(nonce), payload).ok()?;
        let plain: Plain = serde_json::from_slice(&plain).ok()?;
        Some(Secrets {
            signing: plain.signing.into_iter().map(Secret::new).collect(),
            verify_token: Secret::new(plain.verify_token),
        })
    }
}

fn associated(application: ApplicationId, version: i64) -> Vec<u8> {
    [b"guichet ingest".as_slice(), application.uuid().as_bytes(), &version.to_be_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealer(byte: u8) -> Sealer {
        Sealer::new(&Secret::new(STANDARD.encode([byte; 32]))).expect("a key")
    }

    #[test]
    fn secrets_open_for_their_application_and_version_alone() {
        let (application, other) = (ApplicationId::mint(), ApplicationId::mint());
        let secrets = Secrets {
            signing: vec![Secret::new("canary-one".to_owned()), Secret::new("two".to_owned())],
            verify_token: Secret::new("three".to_owned()),
        };
        let sealed = sealer(1).seal(application, 7, &secrets).expect("seals");
        assert!(!String::from_utf8_lossy(&sealed).contains("canary"));
        let opened = sealer(1).open(application, 7, &sealed).expect("opens");
        assert_eq!(opened.signing[0].expose(), "canary-one");
        assert_eq!(opened.verify_token.expose(), "three");
        assert!(sealer(1).open(application, 8, &sealed).is_none());
        assert!(sealer(1).open(other, 7, &sealed).is_none());
        assert!(sealer(2).open(application, 7, &sealed).is_none());
        for place in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[place] ^= 1;
            assert!(sealer(1).open(application, 7, &altered).is_none(), "altered at {place}");
        }
    }

    #[test]
    fn a_key_has_32_bytes() {
        for wrong in ["", "not base64!", &STANDARD.encode([1; 31])] {
            assert!(Sealer::new(&Secret::new(wrong.to_owned())).is_err(), "{wrong}");
        }
    }
}
