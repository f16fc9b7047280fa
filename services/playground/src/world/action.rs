//! What can be asked for by hand or by a story: wishes, which become deeds when they are granted.

use serde::Deserialize;

use super::instagram::InstagramAction;
use super::tiktok::TiktokAction;
use super::values::{Attachment, Author};

/// A wish, by network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// On X.
    X(XAction),
    /// On Facebook.
    Facebook(FacebookAction),
    /// On Instagram.
    Instagram(InstagramAction),
    /// On TikTok.
    Tiktok(TiktokAction),
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
        /// Id or handle of the account that replies, when the business does; left out: the one
        /// that the post is filed under.
        #[serde(default)]
        account: Option<String>,
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
