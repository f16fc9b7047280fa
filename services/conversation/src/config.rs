//! Section `[conversation]` of the configuration.

use kit_bus::BrokerSettings;
use kit_service::{Listener, Peer};
use kit_store::DatabaseSettings;
use serde::{Deserialize, Serialize};
use time::Duration;

use crate::domain::policy::Policy;

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
    /// Where gRPC is answered.
    pub rpc: Listener,
    /// Where directory answers: members and accounts at start.
    pub directory: Peer,
    /// Where the link shortener answers; without one, addresses stay long.
    #[serde(default)]
    pub link_shortener: Option<Peer>,
    /// Hours after its resolution in which a conversation is reopened by what was written; 0:
    /// never.
    #[serde(default = "reopen_window_hours")]
    pub reopen_window_hours: u32,
    /// Days without activity after which a conversation that waits for the contact is resolved.
    #[serde(default = "auto_resolve_days")]
    pub auto_resolve_days: u32,
}

const fn reopen_window_hours() -> u32 {
    24
}

const fn auto_resolve_days() -> u32 {
    30
}

impl Config {
    /// The settings that decisions use.
    #[must_use]
    pub fn policy(&self) -> Policy {
        Policy {
            reopen_window: Duration::hours(i64::from(self.reopen_window_hours)),
            auto_resolve_after: Duration::days(i64::from(self.auto_resolve_days)),
        }
    }
}
