//! A member as directory tells of them.

use std::collections::BTreeSet;

use kit_values::OrganizationId;

use super::agent::Access;
use super::words::MemberId;

/// What a member may do; the database keeps the bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Roles(i16);

impl Roles {
    /// Answers.
    pub const AGENT: Self = Self(1);
    /// Answers, and decides over others' conversations.
    pub const SUPERVISOR: Self = Self(2);
    /// Everything.
    pub const ADMIN: Self = Self(4);

    /// The bits.
    #[must_use]
    pub const fn code(self) -> i16 {
        self.0
    }

    /// The roles kept as these bits; unknown ones say nothing.
    #[must_use]
    pub const fn from_code(code: i16) -> Self {
        Self(code & 7)
    }

    /// These and those.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Decides over others' conversations.
    #[must_use]
    pub const fn supervises(self) -> bool {
        self.0 & (Self::SUPERVISOR.0 | Self::ADMIN.0) != 0
    }

    /// Where somebody with these roles answers: every role may, and whoever has none, or is not
    /// known to directory yet, may nowhere.
    #[must_use]
    pub fn access(self) -> Access {
        if self.0 == 0 { Access::Only(BTreeSet::new()) } else { Access::Everywhere }
    }
}

/// What directory says of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person {
    /// Whose.
    pub organization: OrganizationId,
    /// Who.
    pub member: MemberId,
    /// What they may do.
    pub roles: Roles,
    /// Grows with what directory says; the greatest stands.
    pub epoch: i64,
}
