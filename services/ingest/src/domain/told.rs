//! What directory tells about applications and accounts.

use kit_values::OrganizationId;
use time::OffsetDateTime;

use super::{ApplicationId, ChannelId};

/// One registration at a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// The application.
    pub application: ApplicationId,
    /// The network's word.
    pub network: String,
    /// Its owner; `None` for the installation.
    pub organization: Option<OrganizationId>,
    /// Whether a playground plays its network.
    pub simulated: bool,
    /// Grows with every change.
    pub version: i64,
    /// Where permalinks lead; empty for the network's own site.
    pub permalink_base: String,
}

/// One connected account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// The application that carries it.
    pub application: ApplicationId,
    /// Its id at the network.
    pub account: String,
    /// Its channel.
    pub channel: ChannelId,
    /// Whose.
    pub organization: OrganizationId,
    /// When it was connected.
    pub connected_at: OffsetDateTime,
    /// Grows with every change.
    pub version: i64,
}
