//! Signing and posting one body.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use kit_values::{Class, Fault, Secret};
use sha2::Sha256;

use super::{Network, Post};
use crate::operator;
use crate::settings::Settings;

/// Header of the answer that names the request for later questions.
const RECEIPT: &str = "guichet-receipt";

/// One body that was posted.
#[derive(Debug)]
pub struct Request {
    /// The file it came from.
    pub file: String,
    /// The answer's HTTP status.
    pub status: u16,
    /// The answer's receipt, `req_…`; absent when the body was refused.
    pub receipt: Option<String>,
}

/// The callback address.
///
/// # Errors
/// Invalid when neither arguments nor configuration say where ingest listens.
pub fn address(settings: &Settings, post: &Post) -> Result<String, Fault> {
    let base = match (&post.url, &settings.ingest) {
        (Some(url), _) => url.trim_end_matches('/').to_owned(),
        (None, Some(ingest)) => format!("http://{}", operator::reachable(&ingest.http)),
        (None, None) => {
            let sentence = "No configuration says where ingest listens; start Guichet first, or \
                            give --url.";
            return Err(Fault::new(Class::Invalid, "service_unknown", sentence));
        }
    };
    let network = match post.network {
        Network::X => "x",
        Network::Facebook => "facebook",
    };
    Ok(format!("{base}/hooks/{network}/{}", post.application))
}

/// Name and value of the header by which the network proves a body's origin
/// (`reference/networks.md` 1.1 and 2).
pub fn signature(network: Network, secret: &Secret<String>, body: &[u8]) -> (&'static str, String) {
    // HMAC takes keys of any length.
    let mac = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes());
    let digest = mac.map(|mac| mac.chain_update(body).finalize().into_bytes()).unwrap_or_default();
    match network {
        Network::X => {
            ("x-twitter-webhooks-signature", format!("sha256={}", STANDARD.encode(digest)))
        }
        Network::Facebook => ("x-hub-signature-256", format!("sha256={}", hex::encode(digest))),
    }
}

/// Posts one body.
///
/// # Errors
/// Unavailable when nothing answers.
pub async fn send(
    address: &str,
    network: Network,
    secret: &Secret<String>,
    file: String,
    body: Vec<u8>,
) -> Result<Request, Fault> {
    let (header, value) = signature(network, secret, &body);
    let response = reqwest::Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(10))
        .build()
        .map_err(Fault::internal)?
        .post(address)
        .header("content-type", "application/json")
        .header(header, value)
        .body(body)
        .send()
        .await
        .map_err(|error| {
            let sentence = format!("Nothing answers at {address}: is Guichet running?");
            Fault::new(Class::Unavailable, "not_running", sentence).caused_by(error)
        })?;
    let receipt = response.headers().get(RECEIPT).and_then(|value| value.to_str().ok());
    Ok(Request {
        file,
        status: response.status().as_u16(),
        receipt: receipt.map(ToOwned::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Digests made with `openssl dgst -sha256 -hmac secret`.
    #[test]
    fn a_body_is_signed_as_each_network_does() {
        let secret = Secret::new("secret".to_owned());
        let body = br#"{"data":"hello"}"#;
        let (header, value) = signature(Network::X, &secret, body);
        assert_eq!(header, "x-twitter-webhooks-signature");
        assert_eq!(value, "sha256=vCOIF/hvaaCdHa7rGbYqdWBPpB6+ijTcP5LLbjv6zRo=");
        let (header, value) = signature(Network::Facebook, &secret, body);
        assert_eq!(header, "x-hub-signature-256");
        assert_eq!(
            value,
            "sha256=bc238817f86f69a09d1daeeb19b62a75604fa41ebe8a34dc3f92cb6e3bfacd1a"
        );
    }
}
