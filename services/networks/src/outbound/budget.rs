//! What is left of a network's patience.

use time::{Duration, OffsetDateTime};

/// Whose budget it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Of the application, shared by all its accounts.
    App,
    /// Of the one account.
    Account,
}

impl Scope {
    /// Its word in tables and metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Account => "account",
        }
    }
}

/// What an answer's headers say is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Whose.
    pub scope: Scope,
    /// Which of them: stable word, unique within (network, scope).
    pub name: &'static str,
    /// How much there is in all; calls, or percent for Meta's usage.
    pub limit: u32,
    /// How much is left, in the same unit; 0 means that the next call would be refused.
    pub remaining: u32,
    /// When there is all of it again.
    pub resets_at: OffsetDateTime,
}

/// What the network's documents allow, for us to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Whose.
    pub scope: Scope,
    /// Which of them, as in [`Budget::name`].
    pub name: &'static str,
    /// Calls within the window.
    pub limit: u32,
    /// Sliding: a call counts for this long.
    pub window: Duration,
}
