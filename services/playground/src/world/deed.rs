//! What happened: facts with their ids and their moments, which the journal keeps and from which
//! the whole world can be rebuilt.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::values::{Attachment, Author, Network, Origin, Persona};

/// One fact of the world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happening {
    /// Dense number, from 1, in the order of the journal.
    pub number: u64,
    /// The network's moment of it.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Where; [`Deed::Joined`] counts for all.
    pub network: Network,
    /// The account that it is filed under; empty for [`Deed::Joined`].
    pub account: String,
    /// Who did it.
    pub author: Author,
    /// What asked for it.
    pub origin: Origin,
    /// Whether the network withholds who the author is: Facebook leaves `from` out, X sends an
    /// empty `includes`, Instagram no name; TikTok leaves out the words too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withheld: bool,
    /// What was done.
    pub deed: Deed,
    /// The call of the network's own API that did it; none for what people do by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<Call>,
}

/// A call of a network's API that was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// What was called for.
    pub kind: CallKind,
    /// The network's id of what it is directed at: the post, comment or message answered, the
    /// person written to, the thing taken away. Empty for a post of its own.
    pub target: String,
    /// What the caller asked to be told again in the echo (Messenger's `metadata`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<String>,
    /// What the caller got for an answer.
    pub answered: Answered,
}

/// What an accepted call called for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallKind {
    /// X: a post of its own.
    Post,
    /// X: a reply to a post.
    Reply,
    /// X: a quote of a post.
    Quote,
    /// X: a direct message.
    DirectMessage,
    /// Meta, TikTok: an answer under a comment or a post.
    Comment,
    /// Meta: the one private answer to a comment or a post.
    PrivateReply,
    /// Meta, TikTok: a private message.
    Message,
    /// Meta: a reaction to the person's message, or its withdrawal.
    Reaction,
    /// All: something taken away.
    Delete,
    /// All: a like.
    Like,
    /// All: its end.
    Unlike,
    /// X: a repost.
    Repost,
    /// X: its end.
    Unrepost,
    /// X: a person followed.
    Follow,
    /// X: no more.
    Unfollow,
    /// All: a comment, a reply or a visitor's post hidden.
    Hide,
    /// All: shown again.
    Unhide,
}

impl CallKind {
    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::Reply => "reply",
            Self::Quote => "quote",
            Self::DirectMessage => "direct_message",
            Self::Comment => "comment",
            Self::PrivateReply => "private_reply",
            Self::Message => "message",
            Self::Reaction => "reaction",
            Self::Delete => "delete",
            Self::Like => "like",
            Self::Unlike => "unlike",
            Self::Repost => "repost",
            Self::Unrepost => "unrepost",
            Self::Follow => "follow",
            Self::Unfollow => "unfollow",
            Self::Hide => "hide",
            Self::Unhide => "unhide",
        }
    }
}

/// What the caller got for an accepted call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answered {
    /// The network's own answer.
    Success,
    /// The answer, with errors beside what was made.
    WithErrors,
    /// HTTP 500.
    ServerError,
    /// Nothing, until its patience ended.
    Nothing,
    /// A reset of its connection.
    Reset,
}

/// How a private message of Instagram has to do with a story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoryPart {
    /// It answers this story of the account.
    Reply(String),
    /// It is the notice that a person's own story names the account.
    Mention,
}

/// What was done. Ids are the network's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "deed", rename_all = "snake_case")]
pub enum Deed {
    /// Somebody new has accounts on the networks.
    Joined {
        /// Who.
        persona: Persona,
    },
    /// A post on X, whatever it answers, quotes or replaces.
    Posted {
        /// Its id.
        id: String,
        /// Full text, with the names that X puts in front of a reply.
        text: String,
        /// Code points in front of the text that X added.
        #[serde(default)]
        added: usize,
        /// The post replied to.
        #[serde(default)]
        reply_to: Option<String>,
        /// The post quoted.
        #[serde(default)]
        quotes: Option<String>,
        /// The version that this one replaces.
        #[serde(default)]
        previous: Option<String>,
    },
    /// A post on X was taken back.
    PostDeleted {
        /// Its id.
        id: String,
    },
    /// A direct message on X.
    Messaged {
        /// Its id.
        id: String,
        /// The person, whoever of the two wrote.
        persona: String,
        /// What was written.
        text: String,
    },
    /// A post on a Facebook page, a post of Instagram, a video of TikTok.
    PagePosted {
        /// Its id: `PAGE_POST` on Facebook.
        id: String,
        /// What was written.
        text: String,
    },
    /// A comment, or a reply to one.
    Commented {
        /// Its id: `POST_COMMENT` on Facebook.
        id: String,
        /// The post.
        post: String,
        /// The comment replied to.
        #[serde(default)]
        parent: Option<String>,
        /// What was written.
        text: String,
        /// Whether a photo came with it.
        #[serde(default)]
        photo: bool,
    },
    /// A page was named on a person's own wall.
    Mentioned {
        /// Id of the post, or of the comment.
        id: String,
        /// What was written.
        text: String,
        /// Instagram: the post of somebody else under which a comment names the account.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        media: Option<String>,
    },
    /// An account of Instagram showed a story.
    StoryShown {
        /// Its id.
        id: String,
        /// What stands on it.
        text: String,
    },
    /// A private message on Facebook, Instagram or TikTok.
    MessengerWrote {
        /// Its `mid`.
        id: String,
        /// The person, whoever of the two wrote.
        persona: String,
        /// What was written.
        text: String,
        /// A file.
        #[serde(default)]
        attachment: Option<Attachment>,
        /// The `mid` replied to.
        #[serde(default)]
        reply_to: Option<String>,
        /// The comment or visitor's post that it answers in private.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answers: Option<String>,
        /// Instagram: the story that it answers, or is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        story: Option<StoryPart>,
    },
    /// A private message of Instagram was taken back.
    Unsent {
        /// Its `mid`.
        id: String,
    },
    /// A comment, page post or Messenger message got a new text.
    Edited {
        /// Its id.
        id: String,
        /// The new text.
        text: String,
        /// The how-manieth edit it is, from 1.
        revision: u32,
    },
    /// A comment or page post was taken away.
    Removed {
        /// Its id.
        id: String,
    },
    /// A comment, a reply or a visitor's post was hidden by the business, or shown again.
    Hidden {
        /// Its id.
        id: String,
        /// Whether it is hidden now.
        hidden: bool,
    },
    /// An account likes a post or a comment, or does so no more.
    Liked {
        /// Its id.
        id: String,
        /// Whether it does now.
        liked: bool,
    },
    /// An account shows a post of X to its readers, or does so no more.
    Reposted {
        /// The post.
        id: String,
        /// The id of the repost; none when it was taken back.
        #[serde(default)]
        repost: Option<String>,
    },
    /// An account of X reads what a person writes, or does so no more.
    Followed {
        /// The person.
        persona: String,
        /// Whether it does now.
        following: bool,
    },
    /// A reaction to a Messenger message.
    Reacted {
        /// The `mid`.
        id: String,
        /// The sign.
        emoji: String,
        /// Whether it was taken back.
        withdrawn: bool,
        /// TikTok: the id of the message that a reaction is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<String>,
    },
    /// A button was pressed.
    PressedButton {
        /// Its `mid`.
        id: String,
        /// The button's label.
        title: String,
        /// The button's value.
        payload: String,
    },
    /// What the page wrote reached the person.
    ReceivedAll,
    /// What the page wrote was read by the person.
    ReadAll,
}

impl Deed {
    /// The id of the thing that it is about; none for receipts and newcomers.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Posted { id, .. }
            | Self::PostDeleted { id }
            | Self::Messaged { id, .. }
            | Self::PagePosted { id, .. }
            | Self::Commented { id, .. }
            | Self::Mentioned { id, .. }
            | Self::StoryShown { id, .. }
            | Self::MessengerWrote { id, .. }
            | Self::Unsent { id }
            | Self::Edited { id, .. }
            | Self::Removed { id }
            | Self::Hidden { id, .. }
            | Self::Liked { id, .. }
            | Self::Reposted { id, .. }
            | Self::Reacted { id, .. }
            | Self::PressedButton { id, .. } => Some(id),
            Self::Joined { .. } | Self::Followed { .. } | Self::ReceivedAll | Self::ReadAll => None,
        }
    }

    /// The words of it, if it has any.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Posted { text, .. }
            | Self::Messaged { text, .. }
            | Self::PagePosted { text, .. }
            | Self::Commented { text, .. }
            | Self::Mentioned { text, .. }
            | Self::StoryShown { text, .. }
            | Self::MessengerWrote { text, .. }
            | Self::Edited { text, .. } => Some(text),
            Self::PressedButton { title, .. } => Some(title),
            _ => None,
        }
    }
}
