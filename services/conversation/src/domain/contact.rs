//! What is known of a contact besides what their network says.

use std::collections::BTreeMap;

use kit_values::OrganizationId;
use time::OffsetDateTime;

use super::attribute::Definition;
use super::item::Author;
use super::view::Row;
use super::words::{AttributeId, ContactId, MemberId};

/// Who said what is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A member.
    Member(MemberId),
    /// The operator, or a program of theirs.
    Operator,
}

impl Source {
    /// How the database keeps it.
    #[must_use]
    pub const fn code(self) -> i16 {
        match self {
            Self::Member(_) => 1,
            Self::Operator => 2,
        }
    }

    /// The member, if it was one.
    #[must_use]
    pub const fn member(self) -> Option<MemberId> {
        match self {
            Self::Member(member) => Some(member),
            Self::Operator => None,
        }
    }
}

/// What is known of one attribute of a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Which.
    pub attribute: AttributeId,
    /// What; none when nothing is known any more.
    pub value: Option<String>,
    /// Grows by one with every change, from 1.
    pub rev: i64,
    /// Who said so.
    pub source: Source,
    /// When.
    pub at: OffsetDateTime,
}

/// What an organization wants to know of its contacts, complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definitions {
    /// Whose.
    pub organization: OrganizationId,
    /// In the admin's order.
    pub definitions: Vec<Definition>,
    /// The greatest stands.
    pub version: i64,
}

/// A contact as the panel shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Which.
    pub contact: ContactId,
    /// Who that is at the network.
    pub author: Author,
    /// What is known.
    pub known: Vec<Known>,
    /// The newest conversations that whoever asks may see.
    pub conversations: Vec<Row>,
}

/// A value that a member gives to an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeAsked {
    /// Of whom.
    pub contact: ContactId,
    /// Which.
    pub attribute: AttributeId,
    /// What; none: nothing is known any more.
    pub value: Option<String>,
    /// The rev that the member's screen held; 0 when nothing was ever known.
    pub rev: i64,
}

/// What the operator knows of somebody, who may not have written yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownAsked {
    /// Who.
    pub author: Author,
    /// By what the organization calls it.
    pub known: BTreeMap<String, String>,
}
