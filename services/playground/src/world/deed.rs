//! What can be asked for, and what then happened.
//!
//! An action is a wish; a [`Happening`] is a fact with its id and its moment, which the journal
//! keeps and from which the whole world can be rebuilt.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::values::{Attachment, Author, Network, Origin, Persona};

/// A wish, by network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// On X.
    X(XAction),
    /// On Facebook.
    Facebook(FacebookAction),
}

/// What can be done on X. In the API the name is the last part of the address.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case", deny_unknown_fields)]
pub enum XAction {
    /// A person's post that names the account; its handle is put in front when the text does not
    /// hold it.
    Mention {
        /// Id or handle of the account.
        account: String,
        /// Who writes.
        author: Author,
        /// What they write.
        text: String,
    },
    /// A post as it stands: the account's own, or a person's, who may name several accounts.
    Post {
        /// Id or handle of the account.
        account: String,
        /// Who writes.
        author: Author,
        /// What they write.
        text: String,
    },
    /// A direct reply to a post.
    Reply {
        /// Who writes.
        author: Author,
        /// The post replied to.
        to: String,
        /// What they write.
        text: String,
    },
    /// A quote of a post.
    Quote {
        /// Who writes.
        author: Author,
        /// The post quoted.
        of: String,
        /// What they write.
        text: String,
    },
    /// A direct message: from a person to the account, or the other way with `to`.
    Message {
        /// Id or handle of the account.
        account: String,
        /// Who writes.
        author: Author,
        /// The person written to, when the business writes.
        #[serde(default)]
        to: Option<String>,
        /// What they write.
        text: String,
    },
    /// An edit of a post, which X stores as a new post.
    Edit {
        /// The latest version of the post.
        id: String,
        /// The new text.
        text: String,
    },
    /// Takes a post back. X tells only about the account's own.
    Delete {
        /// The post.
        id: String,
    },
}

/// What can be done on Facebook. In the API the name is the last part of the address.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case", deny_unknown_fields)]
pub enum FacebookAction {
    /// A post on the page: a visitor's, or the page's own.
    Post {
        /// Id or handle of the page.
        account: String,
        /// Who writes.
        author: Author,
        /// What they write.
        text: String,
    },
    /// A comment under a post of the page.
    Comment {
        /// Who writes.
        author: Author,
        /// The post commented.
        post: String,
        /// What they write; may be empty with a photo.
        #[serde(default)]
        text: String,
        /// Whether a photo comes with it.
        #[serde(default)]
        photo: bool,
    },
    /// A reply to a comment.
    Reply {
        /// Who writes.
        author: Author,
        /// The comment replied to.
        to: String,
        /// What they write.
        text: String,
    },
    /// A post on a person's own wall that names the page.
    Mention {
        /// Id or handle of the page.
        account: String,
        /// Who writes.
        author: Author,
        /// What they write.
        text: String,
    },
    /// A Messenger message: from a person to the page, or the other way with `to`.
    Message {
        /// Id or handle of the page.
        account: String,
        /// Who writes.
        author: Author,
        /// The person written to, when the page writes.
        #[serde(default)]
        to: Option<String>,
        /// What they write; may be empty with an attachment.
        #[serde(default)]
        text: String,
        /// A file that comes with it.
        #[serde(default)]
        attachment: Option<Attachment>,
        /// The message replied to.
        #[serde(default)]
        reply_to: Option<String>,
    },
    /// A new text for a comment, a post or a message.
    Edit {
        /// Its id.
        id: String,
        /// The new text.
        text: String,
    },
    /// Takes a comment or a post away. Messenger has no such notice.
    Remove {
        /// Its id.
        id: String,
    },
    /// Hides a comment, which only the page can do.
    Hide {
        /// The comment.
        id: String,
    },
    /// Shows a hidden comment again.
    Unhide {
        /// The comment.
        id: String,
    },
    /// A person's reaction to a message of the page, or their own.
    React {
        /// Who reacts.
        author: Author,
        /// The message.
        id: String,
        /// The sign.
        emoji: String,
        /// Whether it is taken back.
        #[serde(default)]
        withdraw: bool,
    },
    /// A press on a button that the page had sent.
    Postback {
        /// Id or handle of the page.
        account: String,
        /// Who presses.
        author: Author,
        /// The button's label.
        title: String,
        /// The button's value.
        payload: String,
    },
    /// Everything that the page wrote has reached the person.
    Delivered {
        /// Id or handle of the page.
        account: String,
        /// The person.
        author: Author,
    },
    /// Everything that the page wrote has been read by the person.
    Read {
        /// Id or handle of the page.
        account: String,
        /// The person.
        author: Author,
    },
}

/// One fact of the world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happening {
    /// Dense number, from 1, in the order of the journal.
    pub number: u64,
    /// The network's moment of it.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Where; [`Deed::Joined`] counts for both.
    pub network: Network,
    /// The account that it is filed under; empty for [`Deed::Joined`].
    pub account: String,
    /// Who did it.
    pub author: Author,
    /// What asked for it.
    pub origin: Origin,
    /// Whether the network withholds who the author is: Facebook leaves `from` out, X sends an
    /// empty `includes`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withheld: bool,
    /// What was done.
    pub deed: Deed,
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
    /// A post on a Facebook page.
    PagePosted {
        /// Its id, `PAGE_POST`.
        id: String,
        /// What was written.
        text: String,
    },
    /// A comment, or a reply to one.
    Commented {
        /// Its id, `POST_COMMENT`.
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
        /// Id of the post.
        id: String,
        /// What was written.
        text: String,
    },
    /// A Messenger message.
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
    /// A comment was hidden by the page, or shown again.
    Hidden {
        /// Its id.
        id: String,
        /// Whether it is hidden now.
        hidden: bool,
    },
    /// A reaction to a Messenger message.
    Reacted {
        /// The `mid`.
        id: String,
        /// The sign.
        emoji: String,
        /// Whether it was taken back.
        withdrawn: bool,
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
            | Self::MessengerWrote { id, .. }
            | Self::Edited { id, .. }
            | Self::Removed { id }
            | Self::Hidden { id, .. }
            | Self::Reacted { id, .. }
            | Self::PressedButton { id, .. } => Some(id),
            Self::Joined { .. } | Self::ReceivedAll | Self::ReadAll => None,
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
            | Self::MessengerWrote { text, .. }
            | Self::Edited { text, .. } => Some(text),
            Self::PressedButton { title, .. } => Some(title),
            _ => None,
        }
    }
}
