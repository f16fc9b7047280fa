//! What other services tell of members, accounts and owners.

use std::collections::BTreeMap;

use kit_values::OrganizationId;
use time::{Duration, OffsetDateTime};

use super::access::Level;
use super::batch::Owner;
use super::member::Roles;
use super::view::Account;
use super::words::{ConversationId, MemberId};

/// A member as directory tells of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToldMember {
    /// Whose.
    pub organization: OrganizationId,
    /// Who.
    pub member: MemberId,
    /// What they are.
    pub roles: Roles,
    /// When that was so.
    pub as_of: OffsetDateTime,
    /// The greatest stands; of the same one the latest word.
    pub version: i64,
}

/// An account as directory tells of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldAccount {
    /// Whose.
    pub organization: OrganizationId,
    /// Which.
    pub account: Account,
    /// Open to the members in `access` alone.
    pub restricted: bool,
    /// What those members may do.
    pub access: BTreeMap<MemberId, Level>,
    /// Days without activity until a conversation is resolved; 0: never.
    pub auto_resolve_days: u32,
    /// How long it opens resolved conversations again; zero: never; none: as the installation says.
    pub reopen_window: Option<Duration>,
    /// The greatest stands.
    pub version: i64,
}

/// An owner as routing tells of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owned {
    /// Whose conversation.
    pub organization: OrganizationId,
    /// Which.
    pub conversation: ConversationId,
    /// To whom it is assigned.
    pub owner: Owner,
}
