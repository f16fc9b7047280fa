//! A member as directory tells of them.

use kit_values::OrganizationId;

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

    /// Sees who did what.
    #[must_use]
    pub const fn administers(self) -> bool {
        self.0 & Self::ADMIN.0 != 0
    }

    /// Answers at all: every role does, and whoever has none, or is not known to directory yet,
    /// may nothing.
    #[must_use]
    pub const fn answers(self) -> bool {
        self.0 != 0
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
    /// Grows with every change of the roles; the greatest stands.
    pub version: i64,
    /// Grows with sessions that end. Of one version, the greatest stands.
    pub epoch: i64,
}
