//! The words of the domain: ids, availability, states, roles.

use kit_values::typed_id;

typed_id! {
    /// A person of one organization.
    pub MemberId(MemberKind) = "mem"
}
typed_id! {
    /// One conversation.
    pub ConversationId(ConversationKind) = "conv"
}
typed_id! {
    /// One connected account on a network.
    pub ChannelId(ChannelKind) = "chan"
}
typed_id! {
    /// A named reason for being away.
    pub AwayStateId(AwayStateKind) = "away"
}
typed_id! {
    /// One decision about an owner, or about nobody yet.
    pub DecisionId(DecisionKind) = "dec"
}

/// What a member chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Availability {
    /// May be handed conversations.
    Available,
    /// Is handed nothing.
    Away,
}

impl Availability {
    /// How the database keeps it.
    #[must_use]
    pub const fn code(self) -> i16 {
        match self {
            Self::Available => 1,
            Self::Away => 2,
        }
    }

    /// The availability kept as `code`.
    #[must_use]
    pub const fn from_code(code: i16) -> Option<Self> {
        match code {
            1 => Some(Self::Available),
            2 => Some(Self::Away),
            _ => None,
        }
    }
}

/// Where a conversation stands, as far as routing looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// The contact waits.
    New,
    /// We wait for the contact.
    Pending,
    /// Finished.
    Resolved,
    /// Became part of another conversation; nothing happens here any more.
    Absorbed,
}

impl State {
    /// How the database keeps it.
    #[must_use]
    pub const fn code(self) -> i16 {
        match self {
            Self::New => 1,
            Self::Pending => 2,
            Self::Resolved => 3,
            Self::Absorbed => 4,
        }
    }

    /// The state kept as `code`.
    #[must_use]
    pub const fn from_code(code: i16) -> Option<Self> {
        match code {
            1 => Some(Self::New),
            2 => Some(Self::Pending),
            3 => Some(Self::Resolved),
            4 => Some(Self::Absorbed),
            _ => None,
        }
    }

    /// Whether somebody can own a conversation that stands so.
    #[must_use]
    pub const fn can_be_owned(self) -> bool {
        matches!(self, Self::New | Self::Pending)
    }
}

/// Who decides by hand: a member, and whether they are a supervisor of the conversation, by their
/// roles or by its channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub member: MemberId,
    /// May assign to others, and take away from others.
    pub supervises: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_reads_back() {
        for code in 1..=2 {
            assert_eq!(Availability::from_code(code).map(Availability::code), Some(code));
        }
        for code in 1..=4 {
            assert_eq!(State::from_code(code).map(State::code), Some(code));
        }
        assert_eq!(State::from_code(0), None);
        assert_eq!(Availability::from_code(3), None);
    }
}
