//! Section `[routing]` of the configuration.

use kit_bus::BrokerSettings;
use kit_service::{Listener, Peer, RedisSettings};
use kit_store::DatabaseSettings;
use kit_values::Fault;
use serde::{Deserialize, Serialize};

use crate::domain::capacity::Allowance;

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
    /// Who knows how conversations stand.
    pub conversation: Peer,
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

impl Config {
    /// How much members may own whose organization has said nothing else (`product.md` 4).
    pub(crate) fn capacity(&self) -> Result<Allowance, Fault> {
        let hard_limit = (self.hard_limit > 0).then_some(self.hard_limit);
        Allowance::new(self.default_capacity, hard_limit).map_err(|_| {
            let sentence =
                "The capacity is at most 1000 and the hard limit, and that at most 2000.";
            Fault::invalid("capacity", "routing.default_capacity", sentence)
        })
    }
}
