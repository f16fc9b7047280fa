//! Who may do what with the conversations of which channels: one rule for every call.
//!
//! A deactivated or unknown member may do nothing. Supervisors and admins are supervisors on every
//! channel. Everybody else is a contributor on a channel that is open, and on a restricted one
//! what its list says. With a conversation a member may do what the best of its channels allows:
//! a conversation is one story, and is not cut into the parts of its accounts.
//!
//! A channel that is not known here yet counts as open: directory tells of a restriction together
//! with the channel.
//!
//! The rule stands in each service that applies it (`services/decisions/0019`), and one table holds
//! all of them: `tests/vectors/access.json`.
//!
//! Deliberately absent: what a caller's token says other than who it is, and the lock.

use std::collections::BTreeSet;

use super::member::Roles;
use super::words::ChannelId;

/// How far a member gets with the conversations of a channel; each includes the one before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Does not see them.
    #[default]
    Nothing,
    /// Reads, and writes notes.
    Viewer,
    /// Answers, acts on messages, changes states.
    Contributor,
    /// Takes over, assigns to others, changes others' notes.
    Supervisor,
}

impl Level {
    /// How the database keeps it.
    #[must_use]
    pub const fn code(self) -> i16 {
        match self {
            Self::Nothing => 0,
            Self::Viewer => 1,
            Self::Contributor => 2,
            Self::Supervisor => 3,
        }
    }

    /// The level kept as `code`; one that this release does not know lets nobody in.
    #[must_use]
    pub const fn from_code(code: i16) -> Self {
        match code {
            1 => Self::Viewer,
            2 => Self::Contributor,
            3 => Self::Supervisor,
            _ => Self::Nothing,
        }
    }
}

/// How far one channel lets a member in who leads nobody: `entry` is the member's on its list.
#[must_use]
pub fn door(restricted: bool, entry: Option<Level>) -> Level {
    if restricted { entry.unwrap_or_default() } else { Level::Contributor }
}

/// How far a member of these roles gets with a conversation whose channels that are known let
/// them in so far.
#[must_use]
pub fn level(roles: Roles, doors: &[Level]) -> Level {
    if roles.leads() {
        Level::Supervisor
    } else if roles.answers() {
        doors.iter().copied().max().unwrap_or(Level::Contributor)
    } else {
        Level::Nothing
    }
}

/// Which conversations somebody sees: all but those that came through closed channels alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sight {
    closed: BTreeSet<ChannelId>,
}

impl Sight {
    /// Of a service that asks for everybody.
    #[must_use]
    pub fn of_everybody() -> Self {
        Self::default()
    }

    /// Of a member of these roles, with the doors of all channels that are known; none for
    /// somebody who is nobody here.
    #[must_use]
    pub fn of(roles: Roles, doors: impl IntoIterator<Item = (ChannelId, Level)>) -> Option<Self> {
        if roles.leads() {
            return Some(Self::default());
        }
        let closed = doors.into_iter().filter(|(_, door)| *door == Level::Nothing);
        let closed = closed.map(|(channel, _)| channel).collect();
        roles.answers().then_some(Self { closed })
    }

    /// The channels that do not count.
    #[must_use]
    pub const fn closed(&self) -> &BTreeSet<ChannelId> {
        &self.closed
    }

    /// Whether a conversation of these channels is seen.
    #[must_use]
    pub fn shows(&self, channels: &BTreeSet<ChannelId>) -> bool {
        channels.is_empty() || !channels.is_subset(&self.closed)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn channel(number: u128) -> ChannelId {
        ChannelId::from_uuid(Uuid::from_u128(number))
    }

    #[test]
    fn the_rule_is_one_table() {
        let viewer = Some(Level::Viewer);
        for (roles, restricted, entry, expected) in [
            // Nobody: whatever the channel says.
            (0, false, None, Level::Nothing),
            (0, true, Some(Level::Supervisor), Level::Nothing),
            // An agent: an open channel's list says nothing.
            (1, false, None, Level::Contributor),
            (1, false, viewer, Level::Contributor),
            (1, true, None, Level::Nothing),
            (1, true, viewer, Level::Viewer),
            (1, true, Some(Level::Contributor), Level::Contributor),
            (1, true, Some(Level::Supervisor), Level::Supervisor),
            // A supervisor, an admin.
            (2, true, None, Level::Supervisor),
            (4, true, viewer, Level::Supervisor),
        ] {
            let found = level(Roles::from_code(roles), &[door(restricted, entry)]);
            assert_eq!(found, expected, "{roles} {restricted} {entry:?}");
        }
        assert_eq!(level(Roles::from_code(1), &[]), Level::Contributor);
        assert_eq!([0, 1, 2, 3, 4].map(|code| Level::from_code(code).code()), [0, 1, 2, 3, 0]);
    }

    proptest! {
        /// What a list shows is what may be read when it is asked for alone.
        #[test]
        fn a_list_shows_exactly_what_may_be_read(
            // Mostly those for whom it matters, and doors that are closed.
            roles in prop_oneof![3 => Just(1), 1 => 0_i16..8].prop_map(Roles::from_code),
            doors in prop::collection::vec(
                prop_oneof![2 => Just(0), 1 => 0_i16..4].prop_map(Level::from_code),
                0..5,
            ),
            of in prop::collection::btree_set(0_u128..5, 1..3),
        ) {
            let doors: BTreeMap<ChannelId, Level> = (0..).map(channel).zip(doors).collect();
            let channels: BTreeSet<ChannelId> = of.into_iter().map(channel).collect();
            // Of channels that are not known nothing is closed.
            let open = channels.iter().map(|channel| {
                doors.get(channel).copied().unwrap_or(Level::Contributor)
            });
            let open: Vec<Level> = open.collect();
            let reads = level(roles, &open) >= Level::Viewer;
            let sight = Sight::of(roles, doors);
            prop_assert_eq!(sight.is_some_and(|sight| sight.shows(&channels)), reads);
        }
    }
}
