//! A member as the planner sees them, and which rule stands between them and a conversation.
//!
//! Deliberately absent: skills and teams; a requirement is a set of channels.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use time::OffsetDateTime;

use super::access::Access;
use super::presence::Presence;
use super::words::{Availability, ChannelId, MemberId};

/// What a conversation asks of who answers it. Conversations that ask the same wait in one
/// queue.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Requirement {
    /// Allowed on one of these. Empty: allowed anywhere at all.
    pub channels: BTreeSet<ChannelId>,
}

impl Requirement {
    /// A stable number for the queue, the same in every process and release: FNV-1a over the
    /// sorted ids.
    #[must_use]
    pub fn class(&self) -> i64 {
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        for byte in self.channels.iter().flat_map(|channel| *channel.uuid().as_bytes()) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        hash.cast_signed()
    }
}

/// A member as the planner sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// Who.
    pub member: MemberId,
    /// What they chose.
    pub availability: Availability,
    /// Grows with every change of what they chose; a placement holds only for this one.
    pub availability_epoch: i64,
    /// Whether they are there.
    pub presence: Presence,
    /// Where they may answer.
    pub access: Access,
    /// New conversations owned.
    pub load: u32,
    /// Nothing more is handed at this load.
    pub capacity: u32,
    /// Nothing more may be owned at this load, by whatever way.
    pub hard_limit: u32,
    /// When a conversation became theirs last, by whatever way.
    pub last_assigned_at: Option<OffsetDateTime>,
}

/// The rule that removed a candidate; the first that stands against it, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Removal {
    /// May not answer on any of its channels.
    NotAllowed,
    /// Chose to be away.
    Away,
    /// Known to have no live session.
    Absent,
    /// No live session for a while.
    Unseen,
    /// Nobody knows whether they are there.
    PresenceUnknown,
    /// Owns as many as may be owned.
    AtHardLimit,
    /// Owns as many as are handed out.
    AtCapacity,
}

impl Removal {
    /// All, in the order in which they are looked at.
    pub const ALL: [Self; 7] = [
        Self::NotAllowed,
        Self::Away,
        Self::Absent,
        Self::Unseen,
        Self::PresenceUnknown,
        Self::AtHardLimit,
        Self::AtCapacity,
    ];

    /// Its stable word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotAllowed => "not_allowed",
            Self::Away => "away",
            Self::Absent => "absent",
            Self::Unseen => "not_seen",
            Self::PresenceUnknown => "presence_unknown",
            Self::AtHardLimit => "at_hard_limit",
            Self::AtCapacity => "at_capacity",
        }
    }
}

impl Agent {
    /// How many more may be handed to them.
    #[must_use]
    pub fn spare(&self) -> u32 {
        self.capacity.min(self.hard_limit).saturating_sub(self.load)
    }

    /// What prevents handing them such a conversation (*routable* means nothing does).
    #[must_use]
    pub fn removed_from_handing(&self, requirement: &Requirement) -> Option<Removal> {
        if !self.access.allows(requirement) {
            return Some(Removal::NotAllowed);
        }
        if self.availability == Availability::Away {
            return Some(Removal::Away);
        }
        match self.presence {
            Presence::Absent => return Some(Removal::Absent),
            Presence::Unseen => return Some(Removal::Unseen),
            Presence::Unknown => return Some(Removal::PresenceUnknown),
            Presence::Present => {}
        }
        if self.load >= self.hard_limit {
            return Some(Removal::AtHardLimit);
        }
        (self.load >= self.capacity).then_some(Removal::AtCapacity)
    }

    /// What prevents that such a conversation of theirs stays theirs when it wakes: they must be
    /// *reachable* and below the hard limit.
    #[must_use]
    pub fn removed_from_keeping(&self, requirement: &Requirement) -> Option<Removal> {
        if !self.access.allows(requirement) {
            return Some(Removal::NotAllowed);
        }
        if self.availability == Availability::Away {
            return Some(Removal::Away);
        }
        if !self.presence.is_reachable() {
            return Some(Removal::Absent);
        }
        (self.load >= self.hard_limit).then_some(Removal::AtHardLimit)
    }

    /// What prevents that such a conversation becomes theirs by a person's decision, or by
    /// their own reply: being away or absent does not.
    #[must_use]
    pub fn removed_from_owning(&self, requirement: &Requirement) -> Option<Removal> {
        if !self.access.allows(requirement) {
            return Some(Removal::NotAllowed);
        }
        (self.load >= self.hard_limit).then_some(Removal::AtHardLimit)
    }

    /// Their place in the order of choice.
    #[must_use]
    pub fn rank(&self) -> Rank {
        Rank {
            spare: self.spare(),
            capacity: self.capacity,
            last_assigned_at: self.last_assigned_at,
            member: self.member,
        }
    }
}

/// A place in the order of choice, first choice least: the most spare capacity as a ratio, then
/// the longest since the last assignment, then the smaller id.
#[derive(Debug, Clone, Copy)]
pub struct Rank {
    spare: u32,
    capacity: u32,
    last_assigned_at: Option<OffsetDateTime>,
    member: MemberId,
}

impl Ord for Rank {
    fn cmp(&self, other: &Self) -> Ordering {
        // A capacity of zero leaves nothing to spare; it counts as one, to keep the order total.
        let cross = |one: &Self, two: &Self| u64::from(one.spare) * u64::from(two.capacity.max(1));
        cross(other, self)
            .cmp(&cross(self, other))
            .then_with(|| self.last_assigned_at.cmp(&other.last_assigned_at))
            .then_with(|| self.member.cmp(&other.member))
    }
}

impl PartialOrd for Rank {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Rank {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Rank {}
