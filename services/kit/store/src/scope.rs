//! Which organizations a transaction may see.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use kit_values::OrganizationId;

/// The organizations that a transaction declares when it begins. Row-level security shows it
/// rows of these and of no other, and refuses to write any other's.
///
/// A request names exactly one, a batch exactly those of its items.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Scope {
    /// None: only the tables outside row-level security have rows.
    #[default]
    Unscoped,
    /// One.
    Organization(OrganizationId),
    /// Those of a batch's items.
    Organizations(BTreeSet<OrganizationId>),
}

impl Scope {
    /// The value of the setting `guichet.organizations`: a `uuid[]` literal, empty for none.
    ///
    /// It holds nothing but digits, hyphens, commas and braces, so it may stand in SQL text.
    pub(crate) fn literal(&self) -> String {
        match self {
            Self::Unscoped => String::new(),
            Self::Organization(organization) => format!("{{{}}}", organization.uuid()),
            Self::Organizations(organizations) if organizations.is_empty() => String::new(),
            Self::Organizations(organizations) => {
                let mut literal = String::with_capacity(2 + organizations.len() * 37);
                for organization in organizations {
                    literal.push(if literal.is_empty() { '{' } else { ',' });
                    // Writing to a String cannot fail.
                    let _ = write!(literal, "{}", organization.uuid());
                }
                literal.push('}');
                literal
            }
        }
    }
}

impl From<OrganizationId> for Scope {
    fn from(organization: OrganizationId) -> Self {
        Self::Organization(organization)
    }
}

impl FromIterator<OrganizationId> for Scope {
    fn from_iter<I: IntoIterator<Item = OrganizationId>>(organizations: I) -> Self {
        Self::Organizations(organizations.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_written_as_an_array_literal() {
        let first = OrganizationId::from_uuid(uuid::Uuid::from_u128(1));
        let second = OrganizationId::from_uuid(uuid::Uuid::from_u128(2));
        assert_eq!(Scope::Unscoped.literal(), "");
        assert_eq!(Scope::from_iter([]).literal(), "");
        assert_eq!(Scope::from(first).literal(), "{00000000-0000-0000-0000-000000000001}");
        assert_eq!(
            Scope::from_iter([second, first, second]).literal(),
            "{00000000-0000-0000-0000-000000000001,00000000-0000-0000-0000-000000000002}"
        );
    }
}
