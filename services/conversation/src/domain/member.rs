//! Who may do what.

/// What a member is in the organization; none for somebody whom this service does not know.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Roles {
    /// Answers.
    pub agent: bool,
    /// Leads those who answer.
    pub supervisor: bool,
    /// Administers.
    pub admin: bool,
}

impl Roles {
    /// Whether the member may answer and decide.
    #[must_use]
    pub const fn answers(self) -> bool {
        self.agent || self.supervisor || self.admin
    }

    /// Whether the member may take over from anybody.
    #[must_use]
    pub const fn leads(self) -> bool {
        self.supervisor || self.admin
    }

    /// How the database keeps them: one bit each.
    #[must_use]
    pub const fn code(self) -> i16 {
        (self.agent as i16) | ((self.supervisor as i16) << 1) | ((self.admin as i16) << 2)
    }

    /// The roles kept as `code`.
    #[must_use]
    pub const fn from_code(code: i16) -> Self {
        Self { agent: code & 1 != 0, supervisor: code & 2 != 0, admin: code & 4 != 0 }
    }
}
