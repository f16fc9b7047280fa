//! The words of this service.

use kit_values::{OrganizationId, typed_id};

typed_id! {
    /// One message, as conversation names it.
    pub MessageId(MessageMarker) = "msg"
}
typed_id! {
    /// One conversation.
    pub ConversationId(ConversationMarker) = "conv"
}
typed_id! {
    /// One connected account.
    pub ChannelId(ChannelMarker) = "chan"
}
typed_id! {
    /// One registration at a network.
    pub ApplicationId(ApplicationMarker) = "app"
}

typed_id! {
    /// One request to do something to a message, as conversation names it.
    pub RequestId(RequestMarker) = "act"
}

typed_id! {
    /// One item of a webhook, as ingest names it.
    pub ItemId(ItemMarker) = "item"
}

/// What a network is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Take a message of ours: twice is worse than never.
    Send,
    /// Delete one: twice is once, as with all that follow.
    Delete,
    /// Show that the account likes it.
    Like,
    /// No more.
    Unlike,
    /// Let only its author see it.
    Hide,
    /// No more.
    Unhide,
    /// Show it to whoever reads the account.
    Repost,
    /// No more.
    Unrepost,
    /// Let the account read its author.
    Follow,
    /// No more.
    Unfollow,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 10] = [
        Self::Send,
        Self::Delete,
        Self::Like,
        Self::Unlike,
        Self::Hide,
        Self::Unhide,
        Self::Repost,
        Self::Unrepost,
        Self::Follow,
        Self::Unfollow,
    ];

    /// As it is kept.
    #[must_use]
    pub const fn code(self) -> i16 {
        match self {
            Self::Send => 1,
            Self::Delete => 2,
            Self::Like => 3,
            Self::Unlike => 4,
            Self::Hide => 5,
            Self::Unhide => 6,
            Self::Repost => 7,
            Self::Unrepost => 8,
            Self::Follow => 9,
            Self::Unfollow => 10,
        }
    }

    /// As it was kept.
    #[must_use]
    pub fn of_code(code: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.code() == code)
    }

    /// Whether it may be made again when nobody knows whether it was.
    #[must_use]
    pub const fn is_repeatable(self) -> bool {
        !matches!(self, Self::Send)
    }

    /// What it changes, as one word for it and its opposite; none for a send and a deletion.
    #[must_use]
    pub const fn changes(self) -> Option<&'static str> {
        match self {
            Self::Send | Self::Delete => None,
            Self::Like | Self::Unlike => Some("like"),
            Self::Hide | Self::Unhide => Some("hide"),
            Self::Repost | Self::Unrepost => Some("repost"),
            Self::Follow | Self::Unfollow => Some("follow"),
        }
    }

    /// Whether it is done to the author of the message rather than to the message.
    #[must_use]
    pub const fn is_of_author(self) -> bool {
        matches!(self, Self::Follow | Self::Unfollow)
    }
}

/// Which attempt. Ordered, so that everybody locks several in the same order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Whose.
    pub organization: OrganizationId,
    /// About which message.
    pub message: MessageId,
    /// To do what.
    pub action: Action,
    /// The how manyeth deliberate try, from 1.
    pub attempt: i32,
}

impl Key {
    /// What is given to networks that hand it back in their echoes; unique, and tells nothing.
    #[must_use]
    pub fn mark(&self) -> String {
        format!("{}.{}", self.message, self.attempt)
    }
}
