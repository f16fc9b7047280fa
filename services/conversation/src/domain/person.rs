//! Whom a network means.

use kit_values::OrganizationId;

use super::words::Network;

/// Whom a network means. Conversations belong to exactly one of these.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdentityKey {
    /// Whose contact.
    pub organization: OrganizationId,
    /// On which network.
    pub network: Network,
    /// The page or account that the id belongs to; empty where ids are global.
    pub scope: String,
    /// Who it is.
    pub person: Person,
}

/// A person as a network names them, or does not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Person {
    /// The network's user id, opaque.
    Known(String),
    /// Someone on the network, whom it does not name; told apart by the comment that they answer
    /// (or, failing that, the message) so that strangers are not merged.
    Someone(String),
}

/// Marks a person whom the network does not name; no network's user id begins with it.
const SOMEONE: char = '?';

impl Person {
    /// One text, as the database keeps it.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Known(user_id) => user_id.clone(),
            Self::Someone(place) => format!("{SOMEONE}{place}"),
        }
    }

    /// Whether the network does not say who it is.
    #[must_use]
    pub const fn is_someone(&self) -> bool {
        matches!(self, Self::Someone(_))
    }

    /// The person kept as `text`.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        match text.strip_prefix(SOMEONE) {
            Some(place) => Self::Someone(place.to_owned()),
            None => Self::Known(text.to_owned()),
        }
    }
}
