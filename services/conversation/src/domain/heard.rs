//! What other services tell of members, accounts and owners.

use kit_values::OrganizationId;
use time::OffsetDateTime;

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
    /// When that was so; the latest word stands.
    pub as_of: OffsetDateTime,
}

/// An account as directory tells of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldAccount {
    /// Whose.
    pub organization: OrganizationId,
    /// Which.
    pub account: Account,
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
