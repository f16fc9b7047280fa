//! Who may do what with the conversations of which channels.
//!
//! One rule, the same in every service: whoever has no role may nothing; supervisors and
//! administrators are supervisors everywhere; everybody else is a contributor on an open channel,
//! and on a restricted one what its list says. With a conversation a member may do what the best of
//! its channels allows. A channel that is not known yet is open: directory tells of a restriction
//! together with the channel.
//!
//! It stands in each service that applies it (`services/decisions/0019`), and one table holds all of
//! them: `tests/vectors/access.json`.
//!
//! Deliberately absent: open channels, which change nothing, and what a caller's token says other
//! than who it is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kit_values::OrganizationId;

use super::agent::Requirement;
use super::person::Roles;
use super::words::{ChannelId, MemberId};

/// How far a member gets with the conversations of a channel; each includes the one before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Does not see them.
    #[default]
    Nothing,
    /// Reads, and writes notes.
    Viewer,
    /// Answers, and so may own them.
    Contributor,
    /// Assigns to others, and takes away from others.
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

/// On which channels a member may answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// On all.
    Everywhere,
    /// On these; on none of them means nowhere.
    Only(BTreeSet<ChannelId>),
    /// On all but the restricted ones, and on those that are open to the member.
    Except {
        /// Shared by everybody of an organization: what a plan holds does not grow with members
        /// times channels.
        restricted: Arc<BTreeSet<ChannelId>>,
        /// Those of them on whose list the member is.
        open: BTreeSet<ChannelId>,
    },
}

impl Access {
    /// Whether a member with this access may answer what asks for `requirement`.
    #[must_use]
    pub fn allows(&self, requirement: &Requirement) -> bool {
        let channels = &requirement.channels;
        match self {
            Self::Everywhere => true,
            Self::Only(allowed) if channels.is_empty() => !allowed.is_empty(),
            Self::Only(allowed) => channels.iter().any(|channel| allowed.contains(channel)),
            Self::Except { .. } if channels.is_empty() => true,
            Self::Except { restricted, open } => channels
                .iter()
                .any(|channel| !restricted.contains(channel) || open.contains(channel)),
        }
    }
}

/// A channel as directory tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldChannel {
    /// Whose.
    pub organization: OrganizationId,
    /// Which one.
    pub channel: ChannelId,
    /// Grows with every change; the greatest stands.
    pub version: i64,
    /// Open to those on the list alone.
    pub restricted: bool,
    /// The complete list; it says nothing while the channel is open.
    pub list: BTreeMap<MemberId, Level>,
}

/// The restricted channels of an organization, and who gets how far there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Doors {
    restricted: Arc<BTreeSet<ChannelId>>,
    lists: BTreeMap<MemberId, BTreeMap<ChannelId, Level>>,
}

/// Why somebody may not do something with a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// They are nobody here.
    NoRole,
    /// They do not see the conversation: to them there is none.
    Unseen,
    /// They see it, and may not do this.
    TooFar,
}

impl Doors {
    /// Restricted channels with their lists; of a list, at least those who are asked about.
    #[must_use]
    pub fn new(
        lists: impl IntoIterator<Item = (ChannelId, impl IntoIterator<Item = (MemberId, Level)>)>,
    ) -> Self {
        let mut restricted = BTreeSet::new();
        let mut by_member: BTreeMap<MemberId, BTreeMap<ChannelId, Level>> = BTreeMap::new();
        for (channel, list) in lists {
            restricted.insert(channel);
            for (member, level) in list {
                by_member.entry(member).or_default().insert(channel, level);
            }
        }
        Self { restricted: Arc::new(restricted), lists: by_member }
    }

    /// Where a member of these roles may answer.
    #[must_use]
    pub fn access(&self, member: MemberId, roles: Roles) -> Access {
        if !roles.answers() {
            return Access::Only(BTreeSet::new());
        }
        if roles.supervises() || self.restricted.is_empty() {
            return Access::Everywhere;
        }
        let list = self.lists.get(&member).into_iter().flatten();
        let open = list.filter(|(_, level)| **level >= Level::Contributor);
        Access::Except {
            restricted: Arc::clone(&self.restricted),
            open: open.map(|(channel, _)| *channel).collect(),
        }
    }

    /// How far a member of these roles gets with a conversation of these channels.
    #[must_use]
    pub fn level(&self, member: MemberId, roles: Roles, channels: &BTreeSet<ChannelId>) -> Level {
        if !roles.answers() {
            return Level::Nothing;
        }
        if roles.supervises() {
            return Level::Supervisor;
        }
        let list = self.lists.get(&member);
        let of = |channel: &ChannelId| {
            if self.restricted.contains(channel) {
                list.and_then(|list| list.get(channel)).copied().unwrap_or_default()
            } else {
                Level::Contributor
            }
        };
        channels.iter().map(of).max().unwrap_or(Level::Contributor)
    }

    /// How far the member gets, if that is as far as `wanted`.
    ///
    /// # Errors
    /// A [`Refusal`].
    pub fn admit(
        &self,
        member: MemberId,
        roles: Roles,
        channels: &BTreeSet<ChannelId>,
        wanted: Level,
    ) -> Result<Level, Refusal> {
        if !roles.answers() {
            return Err(Refusal::NoRole);
        }
        match self.level(member, roles, channels) {
            Level::Nothing => Err(Refusal::Unseen),
            level if level < wanted => Err(Refusal::TooFar),
            level => Ok(level),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn everybody() -> [Roles; 5] {
        let agent = Roles::AGENT;
        [Roles::default(), agent, Roles::SUPERVISOR, Roles::ADMIN, agent.and(Roles::ADMIN)]
    }

    #[test]
    fn every_code_of_a_level_reads_back_and_a_later_one_lets_nobody_in() {
        for code in 0..=3 {
            assert_eq!(Level::from_code(code).code(), code);
        }
        assert_eq!(Level::from_code(4), Level::Nothing);
    }

    #[test]
    fn a_conversation_is_refused_for_the_first_reason_that_holds() {
        let [lea, noah, sacha] = [MemberId::mint(), MemberId::mint(), MemberId::mint()];
        let [closed, open] = [ChannelId::mint(), ChannelId::mint()];
        let lists = [(closed, vec![(lea, Level::Viewer), (sacha, Level::Supervisor)])];
        let doors = Doors::new(lists);
        let ask = |member, roles, channels: &[ChannelId], wanted| {
            doors.admit(member, roles, &channels.iter().copied().collect(), wanted)
        };
        let agent = Roles::AGENT;
        assert_eq!(ask(lea, agent, &[closed], Level::Viewer), Ok(Level::Viewer));
        assert_eq!(ask(lea, agent, &[closed], Level::Contributor), Err(Refusal::TooFar));
        assert_eq!(ask(noah, agent, &[closed], Level::Viewer), Err(Refusal::Unseen));
        assert_eq!(ask(noah, Roles::default(), &[open], Level::Viewer), Err(Refusal::NoRole));
        assert_eq!(ask(noah, agent, &[closed, open], Level::Viewer), Ok(Level::Contributor));
        assert_eq!(ask(sacha, agent, &[closed], Level::Viewer), Ok(Level::Supervisor));
        assert_eq!(ask(noah, Roles::ADMIN, &[closed], Level::Viewer), Ok(Level::Supervisor));
        assert_eq!(ask(noah, agent, &[], Level::Contributor), Ok(Level::Contributor));
    }

    #[test]
    fn who_may_own_is_who_gets_as_far_as_answering() {
        let members = [MemberId::mint(), MemberId::mint()];
        let channels = [ChannelId::mint(), ChannelId::mint(), ChannelId::mint()];
        let sets = (0..8_usize).map(|bits| {
            let within = channels.iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1);
            within.map(|(_, channel)| *channel).collect::<BTreeSet<_>>()
        });
        for first in [Level::Nothing, Level::Viewer, Level::Contributor, Level::Supervisor] {
            let lists = [
                (channels[0], vec![(members[0], first)]),
                (channels[1], vec![(members[1], Level::Contributor)]),
            ];
            let doors = Doors::new(lists);
            for (roles, member) in everybody().iter().flat_map(|one| members.map(|it| (*one, it))) {
                for channels in sets.clone() {
                    let level = doors.level(member, roles, &channels);
                    let asked = Requirement { channels };
                    let may_own = doors.access(member, roles).allows(&asked);
                    assert_eq!(may_own, level >= Level::Contributor, "{roles:?} {asked:?}");
                }
            }
        }
    }

    #[test]
    fn where_nothing_is_restricted_nobody_carries_a_list() {
        let doors = Doors::default();
        assert_eq!(doors.access(MemberId::mint(), Roles::AGENT), Access::Everywhere);
    }
}
