//! Configuration section `[directory]`.

use kit_bus::BrokerSettings;
use kit_service::Listener;
use kit_store::DatabaseSettings;
use kit_values::Secret;
use serde::{Deserialize, Serialize};

/// What the directory needs to run.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// As role `guichet_directory`.
    pub database: DatabaseSettings,
    /// As role `guichet_directory_relay`.
    pub relay_database: DatabaseSettings,
    /// The NATS server.
    pub broker: BrokerSettings,
    /// Where gRPC listens.
    pub rpc: Listener,
    /// 32 bytes in base64; seals credentials, and opens them in this service only. Lost, every
    /// account must be connected again.
    pub key_encryption_key: Secret<String>,
}
