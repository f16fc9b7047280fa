//! Drafts: what a member is writing, kept for their other devices.

use time::OffsetDateTime;

use super::words::{ChannelId, ConversationId, MessageId, MessageKind};

/// What is being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// To the contact.
    Reply,
    /// For the team.
    Note,
}

impl Mode {
    /// How the database keeps it.
    #[must_use]
    pub const fn code(self) -> i16 {
        match self {
            Self::Reply => 1,
            Self::Note => 2,
        }
    }

    /// The mode kept as `code`.
    #[must_use]
    pub const fn from_code(code: i16) -> Option<Self> {
        match code {
            1 => Some(Self::Reply),
            2 => Some(Self::Note),
            _ => None,
        }
    }
}

/// A member's draft in a conversation; one of each mode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// In which conversation.
    pub conversation: ConversationId,
    /// Of what.
    pub mode: Mode,
    /// So far.
    pub text: String,
    /// The kind of the reply, where it was chosen.
    pub kind: Option<MessageKind>,
    /// The account that would answer, where it was chosen.
    pub channel: Option<ChannelId>,
    /// The message that it answers or is tied to.
    pub to: Option<MessageId>,
    /// Its addresses shall be shortened.
    pub shorten_links: bool,
    /// By the clock of the device that wrote it, which is never ahead of ours; the latest stands.
    pub written_at: OffsetDateTime,
    /// Grows with every change.
    pub rev: i64,
}
