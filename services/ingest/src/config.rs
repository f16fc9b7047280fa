//! Configuration section `[ingest]`.

use kit_bus::BrokerSettings;
use kit_service::{Listener, Peer};
use kit_store::DatabaseSettings;
use kit_values::Secret;
use serde::{Deserialize, Serialize};

/// What ingest needs to run.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// As role `guichet_ingest`.
    pub database: DatabaseSettings,
    /// As role `guichet_ingest_relay`.
    pub relay_database: DatabaseSettings,
    /// The NATS server.
    pub broker: BrokerSettings,
    /// Where gRPC listens.
    pub rpc: Listener,
    /// Where the networks' webhooks come in.
    pub http: Listener,
    /// Tells applications, their secrets, and channels.
    pub directory: Peer,
    /// 32 bytes in base64, this service's own; seals application secrets at rest. Lost, they are
    /// fetched again.
    pub sealing_key: Secret<String>,
}
