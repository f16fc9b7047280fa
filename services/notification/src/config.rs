//! Configuration section `[notification]`.

use kit_bus::BrokerSettings;
use kit_service::Listener;
use kit_store::DatabaseSettings;
use serde::{Deserialize, Serialize};

/// What the service needs to run.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// As role `guichet_notification`.
    pub database: DatabaseSettings,
    /// As role `guichet_notification_relay`.
    pub relay_database: DatabaseSettings,
    /// The message broker.
    pub broker: BrokerSettings,
    /// Where gRPC listens.
    pub rpc: Listener,
}
