//! Configuration section `[gateway]`.

use std::time::Duration;

use kit_bus::BrokerSettings;
use kit_service::{Listener, Peer};
use kit_store::DatabaseSettings;
use kit_values::Secret;
use serde::{Deserialize, Serialize};

/// What the gateway needs to run.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// As role `guichet_gateway`.
    pub database: DatabaseSettings,
    /// The NATS server.
    pub broker: BrokerSettings,
    /// Where browsers connect.
    pub http: Listener,
    /// Where the directory is.
    pub directory: Peer,
    /// Where conversations are.
    pub conversation: Peer,
    /// Where availability and ownership are.
    pub routing: Peer,
    /// Where notifications are.
    pub notification: Peer,
    /// Where short links are made; without it none are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link_shortener: Option<Peer>,
    /// The address in the browser, as `https://care.example.com`: pages from anywhere else may
    /// not use this gateway, and cookies travel over https only when it says https.
    pub public_url: String,
    /// Proxies before this gateway, as networks (`10.0.0.0/8`) or addresses. Each of them must add
    /// the address that called it at the end of `X-Forwarded-For`; of anybody else that header is
    /// not read. Without them everybody behind one proxy counts as one caller, whose wrong
    /// passwords slow down all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trusted_proxies: Vec<String>,
    /// Where the playground is; only in a simulated installation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub playground: Option<Peer>,
    /// How long the closing of the sockets is spread over when this gateway stops, in seconds.
    /// Must be some seconds less than `process.drain_seconds`; 0 closes them all at once.
    #[serde(default = "default_drain")]
    pub drain: u64,
    /// Signs cursors: any text of at least 16 bytes, the same for all gateways of an
    /// installation. Changed, every open workspace reads its lists anew.
    pub cursor_key: Secret<String>,
}

impl Config {
    /// How long the closing of the sockets is spread over.
    pub(crate) const fn drain(&self) -> Duration {
        Duration::from_secs(self.drain)
    }
}

const fn default_drain() -> u64 {
    20
}
