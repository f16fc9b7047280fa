//! The words of the domain: ids, networks, kinds, states, and the order of messages.

use std::cmp::Ordering;

use kit_values::typed_id;
use time::{Duration, OffsetDateTime};

typed_id! {
    /// One conversation.
    pub ConversationId(ConversationKind) = "conv"
}
typed_id! {
    /// One message, inbound or outbound.
    pub MessageId(MessageMarker) = "msg"
}
typed_id! {
    /// One person.
    pub ContactId(ContactKind) = "contact"
}
typed_id! {
    /// One connected account on a network.
    pub ChannelId(ChannelKind) = "chan"
}
typed_id! {
    /// A member of the organization.
    pub MemberId(MemberKind) = "mem"
}
typed_id! {
    /// An internal remark.
    pub NoteId(NoteKind) = "note"
}
typed_id! {
    /// One request to do something to a message at its network.
    pub ActionId(ActionMarker) = "act"
}
typed_id! {
    /// One thing that can be known of a contact.
    pub AttributeId(AttributeKind) = "attr"
}
typed_id! {
    /// Ingest's id of the item that a message came from.
    pub ItemId(ItemKind) = "item"
}

/// A social network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Network {
    /// X.
    X,
    /// Facebook.
    Facebook,
}

impl Network {
    /// How the database keeps it.
    #[must_use]
    pub const fn code(self) -> i16 {
        match self {
            Self::X => 1,
            Self::Facebook => 2,
        }
    }

    /// The network kept as `code`.
    #[must_use]
    pub const fn from_code(code: i16) -> Option<Self> {
        match code {
            1 => Some(Self::X),
            2 => Some(Self::Facebook),
            _ => None,
        }
    }

    /// Its word in subjects, lock keys and metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::X => "x",
            Self::Facebook => "facebook",
        }
    }
}

/// What a message is at its network. Ordered by how much it says: when two copies of one public
/// message disagree (a reply that also mentions another of our accounts), the greater one stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MessageKind {
    /// A public message of its own.
    Post,
    /// A public message that names our account.
    Mention,
    /// A public message that quotes one of ours.
    Quote,
    /// A comment under a post.
    Comment,
    /// A public answer.
    Reply,
    /// Only we and the contact can read it.
    PrivateMessage,
}

impl MessageKind {
    /// How the database keeps it.
    #[must_use]
    pub const fn code(self) -> i16 {
        match self {
            Self::PrivateMessage => 1,
            Self::Comment => 2,
            Self::Reply => 3,
            Self::Mention => 4,
            Self::Post => 5,
            Self::Quote => 6,
        }
    }

    /// The kind kept as `code`.
    #[must_use]
    pub const fn from_code(code: i16) -> Option<Self> {
        match code {
            1 => Some(Self::PrivateMessage),
            2 => Some(Self::Comment),
            3 => Some(Self::Reply),
            4 => Some(Self::Mention),
            5 => Some(Self::Post),
            6 => Some(Self::Quote),
            _ => None,
        }
    }

    /// How coarse the network's clock is for this kind: private messages are stamped in
    /// milliseconds, public ones in whole seconds (`created_at`, `created_time`).
    #[must_use]
    pub const fn clock_resolution(self) -> Duration {
        match self {
            Self::PrivateMessage => Duration::milliseconds(1),
            _ => Duration::seconds(1),
        }
    }
}

/// Who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// The contact.
    Inbound,
    /// Our account, from whichever client.
    Outbound,
}

impl Direction {
    /// How the database keeps it.
    #[must_use]
    pub const fn code(self) -> i16 {
        match self {
            Self::Inbound => 1,
            Self::Outbound => 2,
        }
    }

    /// The direction kept as `code`.
    #[must_use]
    pub const fn from_code(code: i16) -> Option<Self> {
        match code {
            1 => Some(Self::Inbound),
            2 => Some(Self::Outbound),
            _ => None,
        }
    }
}

/// The state of a conversation, which is also the list that it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// The contact waits.
    New,
    /// We wait for the contact.
    Pending,
    /// Finished.
    Resolved,
}

impl State {
    /// How the database keeps it.
    #[must_use]
    pub const fn code(self) -> i16 {
        match self {
            Self::New => 1,
            Self::Pending => 2,
            Self::Resolved => 3,
        }
    }

    /// The state kept as `code`.
    #[must_use]
    pub const fn from_code(code: i16) -> Option<Self> {
        match code {
            1 => Some(Self::New),
            2 => Some(Self::Pending),
            3 => Some(Self::Resolved),
            _ => None,
        }
    }
}

/// Where a message stands among those of its conversation, whatever the order of arrival:
/// network time, then network id. A shorter id is the smaller one, so that ids which are
/// decimal numbers compare as numbers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NetworkOrder {
    /// When the network says that it was written.
    pub time: OffsetDateTime,
    /// The network's id, opaque.
    pub external_id: String,
}

impl Ord for NetworkOrder {
    fn cmp(&self, other: &Self) -> Ordering {
        self.time
            .cmp(&other.time)
            .then_with(|| self.external_id.len().cmp(&other.external_id.len()))
            .then_with(|| self.external_id.as_bytes().cmp(other.external_id.as_bytes()))
    }
}

impl PartialOrd for NetworkOrder {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_are_numbers_compare_as_numbers() {
        let at = |external_id: &str| NetworkOrder {
            time: OffsetDateTime::UNIX_EPOCH,
            external_id: external_id.to_owned(),
        };
        assert!(at("9") < at("10"));
        assert!(at("9007199254740993") > at("9007199254740992"));
    }

    #[test]
    fn every_code_reads_back() {
        for code in 1..=6 {
            assert_eq!(MessageKind::from_code(code).map(MessageKind::code), Some(code));
        }
        for code in 1..=3 {
            assert_eq!(State::from_code(code).map(State::code), Some(code));
        }
        for code in 1..=2 {
            assert_eq!(Direction::from_code(code).map(Direction::code), Some(code));
            assert_eq!(Network::from_code(code).map(Network::code), Some(code));
        }
        assert_eq!(State::from_code(0), None);
    }
}
