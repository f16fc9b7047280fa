//! An organization's account at a service that is no social network.

use kit_values::{Fault, OrganizationId};
use time::OffsetDateTime;

use super::text;

/// Which service; an organization has at most one account of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Shortens links.
    Bitly,
}

impl Kind {
    /// As it is written in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bitly => "bitly",
        }
    }

    /// The one of that [`Kind::name`].
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        (name == Self::Bitly.name()).then_some(Self::Bitly)
    }
}

/// The account as others see it; its secret stays sealed in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// Whose.
    pub organization: OrganizationId,
    /// Where.
    pub kind: Kind,
    /// What it is called there.
    pub account: String,
    /// Grows with every change, over removals too.
    pub version: i64,
    /// When it was connected.
    pub connected_at: OffsetDateTime,
    /// It is no more.
    pub removed: bool,
}

const LONGEST_SECRET: usize = 8_192;

/// The connection that follows `before`, with this account and secret.
///
/// # Errors
/// Invalid, naming the field.
pub fn connect(
    organization: OrganizationId,
    kind: Kind,
    before: Option<&Connection>,
    account: &str,
    secret: &str,
    now: OffsetDateTime,
) -> Result<Connection, Fault> {
    if secret.is_empty() || secret.len() > LONGEST_SECRET {
        let sentence = format!("A secret has 1 to {LONGEST_SECRET} bytes.");
        return Err(Fault::invalid("secret", "secret", sentence));
    }
    Ok(Connection {
        organization,
        kind,
        account: text::optional_line("account", account, 255)?,
        version: before.map_or(0, |before| before.version) + 1,
        connected_at: now,
        removed: false,
    })
}
