//! Web Push: a message sealed for one browser (RFC 8291 in one record of RFC 8188), signed with
//! the installation's key (RFC 8292), and left at the push service that the browser named, which
//! is a stranger's address.
//!
//! Deliberately absent: any word of a customer or a member. A push says what kind of thing
//! happened and where; the browser's worker finds the words.

mod seal;

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use kit_service::egress::{self, Egress, Limits, Refused};
use kit_values::{Fault, Secret};
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use time::OffsetDateTime;

use crate::store::subscriptions::Subscription;

/// How long a signature holds; a push service refuses more than a day.
const SIGNED: Duration = Duration::from_hours(12);

/// What one push may cost.
const LIMITS: Limits =
    Limits { time: Duration::from_secs(10), bytes: 16 * 1024, hops: 0, types: &[] };

/// How soon somebody wants to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// A person waits.
    High,
    /// Nothing is lost if the device sleeps on.
    Low,
}

/// What a push is.
#[derive(Debug, Clone, Copy)]
pub struct Push<'a> {
    /// JSON for the browser's worker.
    pub payload: &'a str,
    /// A later push with the same topic takes its place while the device is away: up to 32 letters
    /// of base64url.
    pub topic: &'a str,
    /// How long the push service keeps it.
    pub keep: Duration,
    /// How soon.
    pub urgency: Urgency,
}

/// How a push ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The push service has it.
    Taken,
    /// The browser takes no pushes any more.
    Gone,
    /// Another try may succeed.
    Later,
    /// The push service or the guard says no.
    Refused,
}

/// Who sends pushes.
pub struct Pusher {
    key: EcdsaKeyPair,
    public_key: String,
    contact: String,
    egress: Egress,
    random: SystemRandom,
}

impl Pusher {
    /// With the installation's key, and whom a push service may ask.
    ///
    /// # Errors
    /// Invalid when the key or the contact is none.
    pub fn new(key: &Secret<String>, contact: String, egress: Egress) -> Result<Self, Fault> {
        let refused = |field: &'static str, sentence: &'static str| {
            Fault::invalid("push_settings", field, sentence)
        };
        let random = SystemRandom::new();
        let bytes = STANDARD.decode(key.expose()).ok();
        let key = bytes.and_then(|bytes| {
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &bytes, &random).ok()
        });
        let sentence = "Give a P-256 key as PKCS #8 in base64.";
        let key = key.ok_or_else(|| refused("notification.push_key", sentence))?;
        if !(contact.starts_with("mailto:") || contact.starts_with("https://")) {
            let sentence = "Give an address that begins with mailto: or https://.";
            return Err(refused("notification.push_contact", sentence));
        }
        let public_key = URL_SAFE_NO_PAD.encode(key.public_key());
        Ok(Self { key, public_key, contact, egress, random })
    }

    /// What browsers subscribe with.
    #[must_use]
    pub fn public_key(&self) -> &str {
        &self.public_key
    }

    /// Leaves a push for one browser.
    ///
    /// # Errors
    /// Internal when the system gives no random bytes.
    pub async fn push(
        &self,
        to: &Subscription,
        push: &Push<'_>,
        now: OffsetDateTime,
    ) -> Result<Ended, Fault> {
        // What the browser gave may be no key at all.
        let sealed = seal::seal(push.payload.as_bytes(), &to.p256dh, &to.auth, &self.random);
        let (Some(body), Ok(address)) = (sealed, egress::read(&to.endpoint)) else {
            return Ok(Ended::Refused);
        };
        if address.scheme() != "https" && !self.egress.is_named(&address) {
            return Ok(Ended::Refused);
        }
        let origin = address.origin().ascii_serialization();
        let urgency = if push.urgency == Urgency::High { "high" } else { "low" };
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("content-encoding", "aes128gcm".to_owned()),
            ("content-type", "application/octet-stream".to_owned()),
            ("ttl", push.keep.as_secs().to_string()),
            ("topic", push.topic.to_owned()),
            ("urgency", urgency.to_owned()),
            ("authorization", self.authorization(&origin, now)?),
        ] {
            let value = HeaderValue::try_from(value).map_err(Fault::internal)?;
            headers.insert(HeaderName::from_static(name), value);
        }
        let request =
            egress::Request { method: Method::POST, address: to.endpoint.clone(), headers, body };
        Ok(match self.egress.send(request, &LIMITS).await {
            Ok(answer) => ended(answer.status.as_u16()),
            Err(Refused::Time | Refused::Unreachable) => Ended::Later,
            // The answer's body is of no interest.
            Err(Refused::Size | Refused::Encoded) => Ended::Taken,
            Err(refused) => {
                tracing::info!(%refused, "a push service cannot be used");
                Ended::Refused
            }
        })
    }

    /// `vapid t=<token>, k=<key>`.
    fn authorization(&self, audience: &str, now: OffsetDateTime) -> Result<String, Fault> {
        let header = URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"ES256"}"#);
        let claims = serde_json::json!({
            "aud": audience,
            "exp": (now + SIGNED).unix_timestamp(),
            "sub": self.contact,
        });
        let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
        let signature = self
            .key
            .sign(&self.random, signed.as_bytes())
            .map_err(|_| Fault::internal("a push could not be signed"))?;
        let signature = URL_SAFE_NO_PAD.encode(signature.as_ref());
        Ok(format!("vapid t={signed}.{signature}, k={}", self.public_key))
    }
}

const fn ended(status: u16) -> Ended {
    match status {
        200..=299 => Ended::Taken,
        404 | 410 => Ended::Gone,
        429 | 500..=599 => Ended::Later,
        _ => Ended::Refused,
    }
}

/// Reads what a browser gave to be reached by.
///
/// # Errors
/// Invalid, naming the field.
pub fn subscription(endpoint: String, p256dh: &str, auth: &str) -> Result<Subscription, Fault> {
    let refused = |field: &'static str, sentence: &'static str| {
        Fault::invalid("push_subscription", field, sentence)
    };
    let address = egress::read(&endpoint).ok().filter(|_| endpoint.len() <= 2_048);
    address.ok_or_else(|| refused("endpoint", "This is no address of a push service."))?;
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok();
    let p256dh = decode(p256dh).filter(|key| key.len() == 65 && key[0] == 4);
    let p256dh = p256dh.ok_or_else(|| refused("keys.p256dh", "This is no P-256 key."))?;
    let auth = decode(auth).filter(|secret| secret.len() == 16);
    let auth = auth.ok_or_else(|| refused("keys.auth", "This is no secret of 16 bytes."))?;
    Ok(Subscription { endpoint, p256dh, auth })
}
