//! Who may see the conversations of which account: the one rule that every service keeps.
//!
//! Supervisors and admins are supervisors everywhere; an account that is not restricted has every
//! member as a contributor; a restricted one the members in its entries, as these say. The gateway
//! needs it for what it pushes; what is asked for is decided by the service that owns it. The rule
//! stands in each service that applies it (`services/decisions/0019`), and one table holds all of
//! them: `tests/vectors/access.json`.

use std::collections::{BTreeMap, BTreeSet};

use super::{ChannelId, MemberId};

/// What a member may do with the conversations of one account; each includes the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// Read, and write notes.
    Viewer,
    /// Answer, act, decide.
    Contributor,
    /// Assign to others, take over, change others' notes.
    Supervisor,
}

/// Who comes in by one account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Door {
    /// Open to the members in its entries alone.
    pub restricted: bool,
    /// Who may do what while it is.
    pub entries: BTreeMap<MemberId, Access>,
}

/// A member, as far as rights are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Counts as somebody.
    pub active: bool,
    /// A supervisor or an admin.
    pub supervises: bool,
}

/// What a member may do with the conversations of an account; none: nothing.
#[must_use]
pub fn access(member: MemberId, standing: Standing, door: &Door) -> Option<Access> {
    if !standing.active {
        None
    } else if standing.supervises {
        Some(Access::Supervisor)
    } else if door.restricted {
        door.entries.get(&member).copied()
    } else {
        Some(Access::Contributor)
    }
}

/// What the members of one organization may see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rights {
    members: BTreeMap<MemberId, Standing>,
    doors: BTreeMap<ChannelId, Door>,
}

/// What one member sees: members who see the same are told the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sight {
    /// Everything, accounts that are connected later included.
    All,
    /// Everything but conversations of these accounts alone.
    Without(BTreeSet<ChannelId>),
    /// Nothing.
    Nothing,
}

impl Rights {
    /// Of these members and accounts.
    #[must_use]
    pub const fn new(
        members: BTreeMap<MemberId, Standing>,
        doors: BTreeMap<ChannelId, Door>,
    ) -> Self {
        Self { members, doors }
    }

    /// What a member sees; nothing for somebody unknown.
    #[must_use]
    pub fn sight(&self, member: MemberId) -> Sight {
        let Some(standing) = self.members.get(&member).filter(|standing| standing.active) else {
            return Sight::Nothing;
        };
        let closed = self
            .doors
            .iter()
            .filter(|(_, door)| access(member, *standing, door).is_none())
            .map(|(channel, _)| *channel);
        let closed: BTreeSet<ChannelId> = closed.collect();
        if closed.is_empty() { Sight::All } else { Sight::Without(closed) }
    }
}

impl Sight {
    /// Whether a conversation of these accounts is seen: one of them is enough. One of no account
    /// at all is everybody's.
    #[must_use]
    pub fn sees<'a>(&self, channels: impl IntoIterator<Item = &'a ChannelId>) -> bool {
        match self {
            Self::All => true,
            Self::Nothing => false,
            Self::Without(closed) => {
                let mut channels = channels.into_iter().peekable();
                channels.peek().is_none() || channels.any(|channel| !closed.contains(channel))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AGENT: Standing = Standing { active: true, supervises: false };
    const SUPERVISOR: Standing = Standing { active: true, supervises: true };
    const GONE: Standing = Standing { active: false, supervises: true };

    #[test]
    fn a_restricted_account_is_for_its_entries_and_those_who_supervise() {
        let (entered, other) = (MemberId::mint(), MemberId::mint());
        let entries = BTreeMap::from([(entered, Access::Viewer)]);
        let open = Door { restricted: false, entries: entries.clone() };
        let closed = Door { restricted: true, entries };
        assert_eq!(access(entered, AGENT, &open), Some(Access::Contributor));
        assert_eq!(access(entered, AGENT, &closed), Some(Access::Viewer));
        assert_eq!(access(other, AGENT, &closed), None);
        assert_eq!(access(other, SUPERVISOR, &closed), Some(Access::Supervisor));
        assert_eq!(access(other, GONE, &open), None);
    }

    #[test]
    fn a_conversation_is_seen_by_any_of_its_accounts() {
        let (agent, supervisor, gone) = (MemberId::mint(), MemberId::mint(), MemberId::mint());
        let (open, closed) = (ChannelId::mint(), ChannelId::mint());
        let members = BTreeMap::from([(agent, AGENT), (supervisor, SUPERVISOR), (gone, GONE)]);
        let restricted = Door { restricted: true, entries: BTreeMap::new() };
        let doors = BTreeMap::from([(open, Door::default()), (closed, restricted)]);
        let rights = Rights::new(members, doors);
        assert_eq!(rights.sight(supervisor), Sight::All);
        assert_eq!(rights.sight(gone), Sight::Nothing);
        assert_eq!(rights.sight(MemberId::mint()), Sight::Nothing);
        let sight = rights.sight(agent);
        assert_eq!(sight, Sight::Without(BTreeSet::from([closed])));
        assert!(sight.sees(&[open]) && sight.sees(&[closed, open]) && sight.sees(&[]));
        assert!(!sight.sees(&[closed]));
        assert!(sight.sees(&[ChannelId::mint()]), "an account not heard of yet is open");
        assert!(!Sight::Nothing.sees(&[open]));
    }
}
