//! What can be done on TikTok, and what it comes to.

use serde::Deserialize;

use super::decide::{
    Ruling, anybody, known_account, live, message_of, needed, only_business, other_side, person,
    within_limit,
};
use super::deed::Deed;
use super::item::ItemKind;
use super::refusal::Refusal;
use super::state::World;
use super::values::{Attachment, Author, Network};

/// What can be done on TikTok. In the API the name is the last part of the address.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case", deny_unknown_fields)]
pub enum TiktokAction {
    /// A video of the account. TikTok tells nobody.
    Post {
        /// Id or handle of the account.
        account: String,
        /// Who posts: only the business.
        author: Author,
        /// What stands below it.
        text: String,
    },
    /// A comment under a video of the account.
    Comment {
        /// Who writes.
        author: Author,
        /// The video commented.
        post: String,
        /// What they write.
        text: String,
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
    /// Takes a comment or a video away.
    Remove {
        /// Its id.
        id: String,
    },
    /// Hides a comment, which only the account can do.
    Hide {
        /// The comment.
        id: String,
    },
    /// Shows a hidden comment again.
    Unhide {
        /// The comment.
        id: String,
    },
    /// A private message: from a person to the account, or the other way with `to`.
    Message {
        /// Id or handle of the account.
        account: String,
        /// Who writes.
        author: Author,
        /// The person written to, when the account writes.
        #[serde(default)]
        to: Option<String>,
        /// What they write; none with an attachment.
        #[serde(default)]
        text: String,
        /// What is sent instead of words.
        #[serde(default)]
        attachment: Option<Attachment>,
        /// The message replied to.
        #[serde(default)]
        reply_to: Option<String>,
    },
    /// A person's reaction to a private message.
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
    /// Everything that the account wrote has been read by the person.
    Read {
        /// Id or handle of the account.
        account: String,
        /// The person.
        author: Author,
    },
}

const ON: Network = Network::Tiktok;

/// Decides one action of TikTok.
pub(super) fn decide(
    world: &World,
    action: &TiktokAction,
    snowflake: u64,
) -> Result<Ruling, Refusal> {
    let id = snowflake.to_string();
    let (account, author, deed) = match action {
        TiktokAction::Post { account, author, text } => {
            let account = known_account(world, ON, account)?;
            only_business(author)?;
            let deed = Deed::PagePosted { id, text: needed(text)?.to_owned() };
            (account.account_id.clone(), author.clone(), deed)
        }
        TiktokAction::Comment { author, post, text } => {
            let post = live(world, ON, post, "post", &[ItemKind::PagePost])?;
            anybody(world, author)?;
            let (video, text) = (post.id.clone(), needed(text)?.to_owned());
            let deed = Deed::Commented { id, post: video, parent: None, text, photo: false };
            (post.account.clone(), author.clone(), deed)
        }
        TiktokAction::Reply { author, to, text } => {
            let to = live(world, ON, to, "to", &[ItemKind::Comment])?;
            anybody(world, author)?;
            let (post, parent) = (to.root.clone(), Some(to.id.clone()));
            let text = needed(text)?.to_owned();
            let deed = Deed::Commented { id, post, parent, text, photo: false };
            (to.account.clone(), author.clone(), deed)
        }
        TiktokAction::Remove { id } => {
            let item = live(world, ON, id, "id", &[ItemKind::Comment, ItemKind::PagePost])?;
            let deed = Deed::Removed { id: item.id.clone() };
            (item.account.clone(), item.author.clone(), deed)
        }
        TiktokAction::Hide { id } | TiktokAction::Unhide { id } => {
            let item = live(world, ON, id, "id", &[ItemKind::Comment])?;
            let hidden = matches!(action, TiktokAction::Hide { .. });
            let deed = Deed::Hidden { id: item.id.clone(), hidden };
            (item.account.clone(), Author::Business, deed)
        }
        _ => return in_private(world, action, id),
    };
    Ok(Ruling { network: ON, account, author, deed })
}

fn in_private(world: &World, action: &TiktokAction, id: String) -> Result<Ruling, Refusal> {
    const MESSAGE: [ItemKind; 1] = [ItemKind::MessengerMessage];
    let (account, author, deed) = match action {
        TiktokAction::Message { account, author, to, text, attachment, reply_to } => {
            let account = known_account(world, ON, account)?;
            let persona = other_side(world, author, to.as_deref())?;
            if let Some(message) = reply_to {
                live(world, ON, message, "reply_to", &MESSAGE)?;
            }
            let deed = Deed::MessengerWrote {
                id,
                persona,
                text: content(text, *attachment)?,
                attachment: *attachment,
                reply_to: reply_to.clone(),
                answers: None,
                story: None,
            };
            (account.account_id.clone(), author, deed)
        }
        TiktokAction::React { author, id: message, emoji, withdraw } => {
            let item = message_of(world, ON, message, author)?;
            let deed = Deed::Reacted {
                id: item.id.clone(),
                emoji: needed(emoji)?.to_owned(),
                withdrawn: *withdraw,
                message: Some(id),
            };
            (item.account.clone(), author, deed)
        }
        TiktokAction::Read { account, author } => {
            let account = known_account(world, ON, account)?;
            person(world, author)?;
            (account.account_id.clone(), author, Deed::ReadAll)
        }
        _ => return Err(Refusal::unknown_action()),
    };
    Ok(Ruling { network: ON, account, author: author.clone(), deed })
}

/// A message of TikTok is words or a thing, never both.
fn content(text: &str, attachment: Option<Attachment>) -> Result<String, Refusal> {
    let Some(attachment) = attachment else { return Ok(needed(text)?.to_owned()) };
    if matches!(attachment, Attachment::Audio | Attachment::File) {
        let sentence = "TikTok sends pictures, videos, stickers and posts.";
        return Err(Refusal::new("attachment", "not_allowed", sentence));
    }
    if within_limit(text)?.trim().is_empty() {
        return Ok(String::new());
    }
    let sentence = "TikTok sends words or an attachment, not both.";
    Err(Refusal::new("text", "not_allowed", sentence))
}
