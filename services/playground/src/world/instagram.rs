//! What can be done on Instagram, and what it comes to.

use serde::Deserialize;

use super::decide::{
    MOST_EDITS, Ruling, anybody, known_account, live, message_of, needed, only_business,
    other_side, person, within_limit,
};
use super::deed::{Deed, StoryPart};
use super::ids;
use super::item::ItemKind;
use super::refusal::Refusal;
use super::state::World;
use super::values::{Attachment, Author, Network};

/// What can be done on Instagram. In the API the name is the last part of the address.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case", deny_unknown_fields)]
pub enum InstagramAction {
    /// A picture of the account with its caption. Instagram tells nobody.
    Post {
        /// Id or handle of the account.
        account: String,
        /// Who posts: only the business.
        author: Author,
        /// The caption.
        text: String,
    },
    /// A story of the account. Instagram tells nobody.
    Story {
        /// Id or handle of the account.
        account: String,
        /// Who shows it: only the business.
        author: Author,
        /// What stands on it.
        text: String,
    },
    /// A comment under a post of the account.
    Comment {
        /// Who writes.
        author: Author,
        /// The post commented.
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
    /// A post of somebody else that names the account, or a comment under one.
    Mention {
        /// Id or handle of the account.
        account: String,
        /// Who writes.
        author: Author,
        /// What they write; the account's handle is put in front unless it is named.
        text: String,
        /// Whether it is a comment and not the caption.
        #[serde(default)]
        comment: bool,
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
        /// What they write; may be empty with an attachment.
        #[serde(default)]
        text: String,
        /// A file that comes with it.
        #[serde(default)]
        attachment: Option<Attachment>,
        /// The message replied to.
        #[serde(default)]
        reply_to: Option<String>,
        /// The story of the account that a person answers.
        #[serde(default)]
        story: Option<String>,
    },
    /// A person's own story names the account.
    StoryMention {
        /// Id or handle of the account.
        account: String,
        /// Whose story it is.
        author: Author,
    },
    /// A new text for a private message. Of comments Instagram has no such thing.
    Edit {
        /// Its id.
        id: String,
        /// The new text.
        text: String,
    },
    /// Takes a private message back.
    Unsend {
        /// Its id.
        id: String,
    },
    /// Takes a comment or a post away. Instagram tells nobody.
    Remove {
        /// Its id.
        id: String,
    },
    /// Hides a comment, which only the account can do. Instagram tells nobody.
    Hide {
        /// The comment.
        id: String,
    },
    /// Shows a hidden comment again.
    Unhide {
        /// The comment.
        id: String,
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
    /// A press on a button that the account had sent.
    Postback {
        /// Id or handle of the account.
        account: String,
        /// Who presses.
        author: Author,
        /// The button's label.
        title: String,
        /// The button's value.
        payload: String,
    },
    /// Everything that the account wrote has been read by the person.
    Read {
        /// Id or handle of the account.
        account: String,
        /// The person.
        author: Author,
    },
}

const ON: Network = Network::Instagram;

/// Decides one action of Instagram.
pub(super) fn decide(
    world: &World,
    action: &InstagramAction,
    snowflake: u64,
) -> Result<Ruling, Refusal> {
    let (account, author, deed) = match action {
        InstagramAction::Post { account, author, text } => {
            let account = known_account(world, ON, account)?;
            only_business(author)?;
            let deed =
                Deed::PagePosted { id: snowflake.to_string(), text: needed(text)?.to_owned() };
            (account.account_id.clone(), author, deed)
        }
        InstagramAction::Story { account, author, text } => {
            let account = known_account(world, ON, account)?;
            only_business(author)?;
            let deed =
                Deed::StoryShown { id: snowflake.to_string(), text: needed(text)?.to_owned() };
            (account.account_id.clone(), author, deed)
        }
        InstagramAction::Comment { author, post, text } => {
            let post = live(world, ON, post, "post", &[ItemKind::PagePost])?;
            anybody(world, author)?;
            let deed = commented(snowflake, post.id.clone(), None, needed(text)?);
            (post.account.clone(), author, deed)
        }
        InstagramAction::Reply { author, to, text } => {
            let to = live(world, ON, to, "to", &[ItemKind::Comment, ItemKind::WallPost])?;
            anybody(world, author)?;
            let deed = commented(snowflake, to.root.clone(), Some(to.id.clone()), needed(text)?);
            (to.account.clone(), author, deed)
        }
        InstagramAction::Mention { account, author, text, comment } => {
            let account = known_account(world, ON, account)?;
            person(world, author)?;
            let text = naming(&account.handle, needed(text)?);
            // Somebody else's post; all that is known of it is its number.
            let elsewhere = 17_800_000_000_000_000 + snowflake % 100_000_000_000_000;
            let media = comment.then(|| elsewhere.to_string());
            let deed = Deed::Mentioned { id: snowflake.to_string(), text, media };
            (account.account_id.clone(), author, deed)
        }
        InstagramAction::Remove { .. }
        | InstagramAction::Hide { .. }
        | InstagramAction::Unhide { .. }
        | InstagramAction::Edit { .. }
        | InstagramAction::Unsend { .. } => return changed(world, action),
        _ => return in_private(world, action, snowflake),
    };
    Ok(Ruling { network: ON, account, author: author.clone(), deed })
}

fn changed(world: &World, action: &InstagramAction) -> Result<Ruling, Refusal> {
    const COMMENT: [ItemKind; 1] = [ItemKind::Comment];
    const PUBLIC: [ItemKind; 3] = [ItemKind::Comment, ItemKind::PagePost, ItemKind::Story];
    const MESSAGE: [ItemKind; 1] = [ItemKind::MessengerMessage];
    let (item, author, deed) = match action {
        InstagramAction::Edit { id, text } => {
            let item = live(world, ON, id, "id", &MESSAGE)?;
            let revision = item.revision + 1;
            if usize::try_from(revision).unwrap_or(usize::MAX) > MOST_EDITS {
                let sentence = "A message can be edited five times.";
                return Err(Refusal::new("id", "edits_used_up", sentence));
            }
            let text = needed(text)?.to_owned();
            (item, item.author.clone(), Deed::Edited { id: item.id.clone(), text, revision })
        }
        InstagramAction::Unsend { id } => {
            let item = live(world, ON, id, "id", &MESSAGE)?;
            (item, item.author.clone(), Deed::Unsent { id: item.id.clone() })
        }
        InstagramAction::Remove { id } => {
            let item = live(world, ON, id, "id", &PUBLIC)?;
            (item, item.author.clone(), Deed::Removed { id: item.id.clone() })
        }
        InstagramAction::Hide { id } | InstagramAction::Unhide { id } => {
            let item = live(world, ON, id, "id", &COMMENT)?;
            let hidden = matches!(action, InstagramAction::Hide { .. });
            (item, Author::Business, Deed::Hidden { id: item.id.clone(), hidden })
        }
        _ => return Err(Refusal::unknown_action()),
    };
    Ok(Ruling { network: ON, account: item.account.clone(), author, deed })
}

fn in_private(world: &World, action: &InstagramAction, snowflake: u64) -> Result<Ruling, Refusal> {
    const MESSAGE: [ItemKind; 1] = [ItemKind::MessengerMessage];
    let id = ids::instagram_message_id(snowflake);
    let (account, author, deed) = match action {
        InstagramAction::Message { account, author, to, text, attachment, reply_to, story } => {
            let account = known_account(world, ON, account)?;
            let persona = other_side(world, author, to.as_deref())?;
            if let Some(mid) = reply_to {
                live(world, ON, mid, "reply_to", &MESSAGE)?;
            }
            if let Some(story) = story {
                person(world, author)?;
                live(world, ON, story, "story", &[ItemKind::Story])?;
            }
            let text = if attachment.is_some() { within_limit(text)? } else { needed(text)? };
            let deed = Deed::MessengerWrote {
                id,
                persona,
                text: text.to_owned(),
                attachment: *attachment,
                reply_to: reply_to.clone(),
                answers: None,
                story: story.clone().map(StoryPart::Reply),
            };
            (account.account_id.clone(), author, deed)
        }
        InstagramAction::StoryMention { account, author } => {
            let account = known_account(world, ON, account)?;
            let deed = Deed::MessengerWrote {
                id,
                persona: person(world, author)?.key,
                text: String::new(),
                attachment: Some(Attachment::Image),
                reply_to: None,
                answers: None,
                story: Some(StoryPart::Mention),
            };
            (account.account_id.clone(), author, deed)
        }
        InstagramAction::React { author, id, emoji, withdraw } => {
            let message = message_of(world, ON, id, author)?;
            let (id, emoji) = (message.id.clone(), needed(emoji)?.to_owned());
            let deed = Deed::Reacted { id, emoji, withdrawn: *withdraw, message: None };
            (message.account.clone(), author, deed)
        }
        InstagramAction::Postback { account, author, title, payload } => {
            let account = known_account(world, ON, account)?;
            person(world, author)?;
            let (title, payload) = (needed(title)?.to_owned(), needed(payload)?.to_owned());
            (account.account_id.clone(), author, Deed::PressedButton { id, title, payload })
        }
        InstagramAction::Read { account, author } => {
            let account = known_account(world, ON, account)?;
            person(world, author)?;
            (account.account_id.clone(), author, Deed::ReadAll)
        }
        _ => return Err(Refusal::unknown_action()),
    };
    Ok(Ruling { network: ON, account, author: author.clone(), deed })
}

/// The text with the handle in front, unless it is named already. Here handles may hold dots.
fn naming(handle: &str, text: &str) -> String {
    let named = format!("@{handle}");
    let is_named = text.to_lowercase().contains(&named.to_lowercase());
    if is_named { text.to_owned() } else { format!("{named} {text}") }
}

fn commented(snowflake: u64, post: String, parent: Option<String>, text: &str) -> Deed {
    let (id, text) = (snowflake.to_string(), text.to_owned());
    Deed::Commented { id, post, parent, text, photo: false }
}
