//! What a member may do with the conversations of one channel.
//!
//! One rule, the same in every service that owns conversations: supervisors and admins are
//! supervisors everywhere; a channel that is not restricted has every member as a contributor; a
//! restricted one the members in its entries, as these say, and nobody else.

use std::collections::{BTreeMap, BTreeSet};

use kit_values::Fault;

use super::MemberId;

/// Each includes the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// Reads, and writes notes.
    Viewer,
    /// Answers, acts, decides.
    Contributor,
    /// Assigns to others, takes over, changes others' notes.
    Supervisor,
}

impl Access {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Contributor, Self::Supervisor];

    /// As it is written in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Contributor => "contributor",
            Self::Supervisor => "supervisor",
        }
    }

    /// The one of that [`Access::name`].
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|access| access.name() == name)
    }
}

/// Most entries of one channel.
const MOST_ENTRIES: usize = 5_000;

/// The complete entries of one channel.
///
/// # Errors
/// Invalid when a member stands there twice, is not of the organization, or there are too many.
pub fn entries(
    asked: &[(MemberId, Access)],
    members: &BTreeSet<MemberId>,
) -> Result<BTreeMap<MemberId, Access>, Fault> {
    if asked.len() > MOST_ENTRIES {
        let sentence = format!("A channel has at most {MOST_ENTRIES} entries.");
        return Err(Fault::invalid("too_many_entries", "entries", sentence));
    }
    let mut entries = BTreeMap::new();
    for (member, access) in asked {
        if !members.contains(member) {
            let sentence = format!("There is no member {member}.");
            return Err(Fault::invalid("member_unknown", "entries", sentence));
        }
        if entries.insert(*member, *access).is_some() {
            let sentence = format!("The member {member} stands there twice.");
            return Err(Fault::invalid("member_twice", "entries", sentence));
        }
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_name_each_member_of_the_organization_once() {
        let (own, other) = (MemberId::mint(), MemberId::mint());
        let members = BTreeSet::from([own]);
        let fine = entries(&[(own, Access::Viewer)], &members).expect("fine");
        assert_eq!(fine, BTreeMap::from([(own, Access::Viewer)]));
        let twice = [(own, Access::Viewer), (own, Access::Supervisor)];
        assert_eq!(entries(&twice, &members).expect_err("twice").code(), "member_twice");
        let stranger = entries(&[(other, Access::Viewer)], &members).expect_err("a stranger");
        assert_eq!((stranger.code(), stranger.field()), ("member_unknown", Some("entries")));
    }

    #[test]
    fn access_grows_and_reads_back_from_its_name() {
        assert!(Access::Viewer < Access::Contributor && Access::Contributor < Access::Supervisor);
        for access in Access::ALL {
            assert_eq!(Access::named(access.name()), Some(access));
        }
    }
}
