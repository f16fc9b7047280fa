//! Who makes an organization's links.

use time::OffsetDateTime;

/// Who makes links.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Provider {
    /// We do.
    #[default]
    BuiltIn,
    /// The organization's account at Bitly.
    Bitly,
}

/// What an organization chose.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    /// Who makes links.
    pub provider: Provider,
    /// Of the account at Bitly; empty: its default.
    pub group_guid: String,
    /// Likewise.
    pub domain: String,
    /// 0 before anything was chosen.
    pub rev: i64,
}

/// An account at Bitly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Whose.
    pub login: String,
    /// JSON.
    pub groups: String,
    /// Of the token.
    pub version: i64,
    /// When it was called last.
    pub checked_at: OffsetDateTime,
    /// What went wrong then; empty when nothing did.
    pub trouble: String,
}

/// What an organization chose, and its account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// What it chose.
    pub choice: Choice,
    /// Its account, if one is connected.
    pub account: Option<Account>,
}
