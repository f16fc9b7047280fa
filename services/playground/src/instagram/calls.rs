//! What Graph does when an account of Instagram writes (contract 2 and 4.2): private messages,
//! private replies, answers to comments and to mentions.

use serde::Deserialize;
use time::OffsetDateTime;

use super::{COMMENTS, MESSAGES};
use crate::facebook::Refused;
use crate::facebook::calls::{Granted, on_page, require};
use crate::facebook::send_api::{
    File, HUMAN_WINDOW, MessagingType, Payload, ReplyTo, either, is_within_window, message_with,
    person,
};
use crate::world::{
    Account, Attachment, CallKind, Deed, Item, ItemKind, LONGEST_TEXT, World, instagram_message_id,
};

/// Longest text of a private message, in bytes of UTF-8.
const LONGEST_MESSAGE: usize = 1_000;

/// `POST /{ig}/messages`: every parameter that the edge knows.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Send {
    recipient: Recipient,
    #[serde(default)]
    message: Option<Message>,
    #[serde(default)]
    messaging_type: Option<MessagingType>,
    #[serde(default)]
    tag: Option<String>,
    #[serde(default)]
    reply_to: Option<ReplyTo>,
    #[serde(default)]
    sender_action: Option<String>,
    #[serde(default)]
    payload: Option<Payload>,
}

impl Send {
    /// Whether it answers a comment in private, which has a limit of its own.
    #[must_use]
    pub fn is_private_reply(&self) -> bool {
        self.recipient.comment_id.is_some()
    }

    /// Under which rule it is sent.
    fn rule(&self) -> (Option<MessagingType>, Option<&str>) {
        (self.messaging_type, self.tag.as_deref())
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Recipient {
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    comment_id: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Message {
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    attachment: Option<File>,
}

/// `POST /{comment}/replies` and `POST /{media}/comments`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Comment {
    message: String,
}

/// `POST /{ig}/mentions`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mention {
    media_id: String,
    #[serde(default)]
    comment_id: Option<String>,
    message: String,
}

/// A private message, a private reply, or a sign.
///
/// # Errors
/// As Graph refuses it.
pub fn send(
    world: &World,
    account: &Account,
    request: &Send,
    snowflake: u64,
    now: OffsetDateTime,
) -> Result<Granted, Refused> {
    require(account, MESSAGES)?;
    match (&request.recipient, &request.sender_action, &request.message) {
        (Recipient { id: Some(id), comment_id: None }, Some(action), None) => {
            sign(world, account, id, action, request.payload.as_ref())
        }
        (Recipient { id: Some(id), comment_id: None }, None, Some(message)) => {
            let persona = person(world, account, id)?;
            if !is_within_window(world, account, &persona, request.rule(), now)? {
                return Err(Refused::instagram_window());
            }
            let reply_to = match &request.reply_to {
                Some(ReplyTo { mid }) => {
                    Some(message_with(world, account, &persona, mid)?.id.clone())
                }
                None => None,
            };
            let deed = written(message, persona, snowflake, reply_to, None)?;
            Ok(Granted::of(Some(deed), CallKind::Message, id, id))
        }
        (Recipient { id: None, comment_id: Some(id) }, None, Some(message)) => {
            private_reply(world, account, id, message, snowflake, now)
        }
        _ => {
            let message = "Give one of recipient[id] and recipient[comment_id], and one of \
                           message and sender_action";
            Err(Refused::parameter(message))
        }
    }
}

/// An answer to a comment, `POST /{comment}/replies`.
///
/// # Errors
/// As Graph refuses it.
pub fn reply(
    world: &World,
    account: &Account,
    id: &str,
    request: &Comment,
    snowflake: u64,
) -> Result<Granted, Refused> {
    require(account, COMMENTS)?;
    let parent = on_page(world, account, id, &[ItemKind::Comment])?;
    under(world, parent, id, &request.message, snowflake)
}

/// A comment of the account under its own post, `POST /{media}/comments`.
///
/// # Errors
/// As Graph refuses it.
pub fn comment(
    world: &World,
    account: &Account,
    id: &str,
    request: &Comment,
    snowflake: u64,
) -> Result<Granted, Refused> {
    require(account, COMMENTS)?;
    let post = on_page(world, account, id, &[ItemKind::PagePost])?;
    under(world, post, id, &request.message, snowflake)
}

/// An answer where somebody else named the account, `POST /{ig}/mentions`.
///
/// # Errors
/// As Graph refuses it.
pub fn mention(
    world: &World,
    account: &Account,
    request: &Mention,
    snowflake: u64,
) -> Result<Granted, Refused> {
    require(account, COMMENTS)?;
    let id = request.comment_id.as_ref().unwrap_or(&request.media_id);
    let named = on_page(world, account, id, &[ItemKind::WallPost, ItemKind::Comment])?;
    if named.root != request.media_id {
        return Err(Refused::no_object(&request.media_id));
    }
    under(world, named, id, &request.message, snowflake)
}

fn under(
    world: &World,
    parent: &Item,
    id: &str,
    message: &str,
    snowflake: u64,
) -> Result<Granted, Refused> {
    if message.trim().is_empty() {
        return Err(Refused::parameter("The parameter message is required."));
    }
    if message.chars().count() > LONGEST_TEXT {
        return Err(Refused::parameter("Param message is too long"));
    }
    // There is one level of answers: an answer to an answer stands beside it.
    let first = world.first_comment(parent).unwrap_or(parent);
    let is_post = parent.kind == ItemKind::PagePost;
    let deed = Deed::Commented {
        id: snowflake.to_string(),
        post: parent.root.clone(),
        parent: (!is_post).then(|| first.id.clone()),
        text: message.to_owned(),
        photo: false,
    };
    Ok(Granted::of(Some(deed), CallKind::Comment, id, ""))
}

fn private_reply(
    world: &World,
    account: &Account,
    id: &str,
    message: &Message,
    snowflake: u64,
    now: OffsetDateTime,
) -> Result<Granted, Refused> {
    let comment = on_page(world, account, id, &[ItemKind::Comment])?;
    let Some(author) = comment.author.persona() else {
        return Err(Refused::parameter("An account cannot reply privately to itself"));
    };
    if comment.answered_privately {
        return Err(Refused::already_answered());
    }
    if now - comment.at > HUMAN_WINDOW {
        return Err(Refused::instagram_window());
    }
    let persona = world.persona(author).ok_or_else(Refused::no_person)?;
    let recipient = persona.instagram_scoped_id(&account.account_id);
    let answers = Some(comment.id.clone());
    let deed = written(message, persona.key, snowflake, None, answers)?;
    Ok(Granted::of(Some(deed), CallKind::PrivateReply, id, &recipient))
}

fn written(
    message: &Message,
    persona: String,
    snowflake: u64,
    reply_to: Option<String>,
    answers: Option<String>,
) -> Result<Deed, Refused> {
    let text = message.text.clone().unwrap_or_default();
    let attachment = match &message.attachment {
        Some(file) if file.kind == "like_heart" => Some(Attachment::Sticker),
        file => file.as_ref().map(File::attachment).transpose()?,
    };
    either(&text, attachment)?;
    if text.len() > LONGEST_MESSAGE {
        let sentence = "Length of param message[text] must be less than or equal to 1000";
        return Err(Refused::parameter(sentence));
    }
    let id = instagram_message_id(snowflake);
    Ok(Deed::MessengerWrote { id, persona, text, attachment, reply_to, answers, story: None })
}

/// Typing and seen change nothing here; a heart does.
fn sign(
    world: &World,
    account: &Account,
    id: &str,
    action: &str,
    payload: Option<&Payload>,
) -> Result<Granted, Refused> {
    let persona = person(world, account, id)?;
    let action = action.to_ascii_lowercase();
    let deed = match (action.as_str(), payload) {
        ("typing_on" | "typing_off" | "mark_seen", None) => None,
        ("react" | "unreact", Some(payload)) => {
            let message = message_with(world, account, &persona, &payload.message_id)?;
            let withdrawn = action == "unreact";
            if !withdrawn && payload.reaction.as_deref() != Some("love") {
                return Err(Refused::parameter("Param payload[reaction] must be one of {love}"));
            }
            let (id, emoji) = (message.id.clone(), "❤️".to_owned());
            Some(Deed::Reacted { id, emoji, withdrawn, message: None })
        }
        _ => return Err(Refused::parameter("Param sender_action cannot be used like this")),
    };
    let target = payload.map_or(id, |payload| payload.message_id.as_str());
    Ok(Granted::of(deed, CallKind::Reaction, target, id))
}
