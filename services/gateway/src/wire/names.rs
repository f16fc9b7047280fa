//! The members of one organization, as others see them.

use std::collections::HashMap;

use super::rest::{Owner, Role};

/// What is shown of a member.
#[derive(Debug, Clone)]
pub struct Person {
    /// Their name.
    pub name: String,
    /// What they may do.
    pub roles: Vec<Role>,
}

/// Everybody, by id.
#[derive(Debug, Clone, Default)]
pub struct Names(HashMap<String, Person>);

impl Names {
    /// Of these members.
    #[must_use]
    pub const fn new(people: HashMap<String, Person>) -> Self {
        Self(people)
    }

    /// Somebody's name; empty for somebody unknown.
    #[must_use]
    pub fn name(&self, member: &str) -> String {
        self.0.get(member).map(|person| person.name.clone()).unwrap_or_default()
    }

    /// What somebody may do.
    #[must_use]
    pub fn roles(&self, member: &str) -> Vec<Role> {
        self.0.get(member).map(|person| person.roles.clone()).unwrap_or_default()
    }

    /// Whether somebody is known.
    #[must_use]
    pub fn knows(&self, member: &str) -> bool {
        self.0.contains_key(member)
    }

    /// A member by id and name; none for an empty id.
    #[must_use]
    pub fn owner(&self, member: String) -> Option<Owner> {
        (!member.is_empty()).then(|| Owner { name: self.name(&member), member_id: member })
    }
}
