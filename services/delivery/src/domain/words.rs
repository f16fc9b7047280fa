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

/// What a network is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Take a message of ours: twice is worse than never.
    Send,
    /// Delete one: twice is once.
    Delete,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 2] = [Self::Send, Self::Delete];

    /// As it is kept.
    #[must_use]
    pub const fn code(self) -> i16 {
        match self {
            Self::Send => 1,
            Self::Delete => 2,
        }
    }

    /// As it was kept.
    #[must_use]
    pub fn of_code(code: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.code() == code)
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
