//! Configuration section `[link_shortener]`.

use kit_service::Listener;
use kit_store::DatabaseSettings;
use serde::{Deserialize, Serialize};

/// What the shortener needs to run.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// As role `guichet_link_shortener`.
    pub database: DatabaseSettings,
    /// Where gRPC listens.
    pub rpc: Listener,
    /// Where links are followed; a host of its own, without cookies.
    pub http: Listener,
    /// What short links begin with, as `https://go.example.com`.
    pub public_url: String,
}
