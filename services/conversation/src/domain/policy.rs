//! What an installation may choose.

use time::Duration;

/// The settings that decisions use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// How long after it was resolved a conversation is reopened by what comes through a channel
    /// that says nothing else; zero: never.
    pub reopen_window: Duration,
    /// How long without activity until a conversation that waits for the contact is resolved.
    pub auto_resolve_after: Duration,
}

impl Default for Policy {
    /// 24 hours and 30 days (`product.md` 3).
    fn default() -> Self {
        Self { reopen_window: Duration::hours(24), auto_resolve_after: Duration::days(30) }
    }
}
