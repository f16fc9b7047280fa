//! Section `[routing]` of the configuration.

use kit_bus::BrokerSettings;
use kit_service::{Listener, Peer, RedisSettings};
use kit_store::DatabaseSettings;
use kit_values::Fault;
use serde::{Deserialize, Serialize};

use crate::store::Limits;

/// Where the service finds its surroundings, and the rules that an installation may choose.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The service's own role.
    pub database: DatabaseSettings,
    /// The role of its relay.
    pub relay_database: DatabaseSettings,
    /// The message broker.
    pub broker: BrokerSettings,
    /// Where presence is kept.
    pub redis: RedisSettings,
    /// Where gRPC is answered.
    pub rpc: Listener,
    /// Who knows the members.
    pub directory: Peer,
    /// New conversations that a member may own before no more are handed to them.
    #[serde(default = "default_capacity")]
    pub default_capacity: u32,
    /// New conversations that a member may own at all, by whatever way; 0: twice the capacity.
    #[serde(default)]
    pub hard_limit: u32,
}

const fn default_capacity() -> u32 {
    5
}

/// Most conversations that one member may be set to own.
const MOST: u32 = 1_000;

impl Config {
    /// How much a member may own (`product.md` 4).
    pub(crate) fn limits(&self) -> Result<Limits, Fault> {
        let capacity = self.default_capacity;
        let hard_limit =
            if self.hard_limit == 0 { 2 * capacity.min(MOST) } else { self.hard_limit };
        if capacity > hard_limit || hard_limit > 2 * MOST {
            let sentence = "The capacity is at most the hard limit, and that at most 2000.";
            return Err(Fault::invalid("capacity", "routing.default_capacity", sentence));
        }
        Ok(Limits { capacity, hard_limit })
    }
}
