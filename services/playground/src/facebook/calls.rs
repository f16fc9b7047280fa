//! What Graph does when a page calls it (contract 2 and 3.3): Messenger, private replies, answers
//! to comments, deletion; and the rules that this world can decide.
//!
//! Deliberately absent: editing, templates and uploads: nothing calls them yet.

use serde::Deserialize;
use time::OffsetDateTime;

use super::refused::Refused;
use super::send_api::{
    File, HUMAN_WINDOW, MessagingType, Payload, ReplyTo, either, is_within_window, message_with,
    person,
};
use crate::world::{
    Account, CallKind, Deed, Item, ItemKind, LONGEST_TEXT, World, comment_id, message_id,
};

/// The versions of Graph that live at the time of writing.
pub const VERSIONS: [&str; 2] = ["v25.0", "v26.0"];

/// Longest Messenger text, in code points.
const LONGEST_MESSAGE: usize = 2_000;
/// Longest `metadata`.
const LONGEST_METADATA: usize = 1_000;

pub(super) const MESSAGING: &str = "pages_messaging";
pub(super) const ENGAGEMENT: &str = "pages_manage_engagement";

/// `POST /{page}/messages`: every parameter that the edge knows.
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
    #[serde(default, rename = "notification_type")]
    _notification_type: Option<String>,
    #[serde(default, rename = "persona_id")]
    _persona_id: Option<String>,
}

impl Send {
    /// Whether it answers a comment or a post in private, which has a limit of its own.
    #[must_use]
    pub fn is_private_reply(&self) -> bool {
        self.recipient.comment_id.is_some() || self.recipient.post_id.is_some()
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
    #[serde(default)]
    post_id: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Message {
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    attachment: Option<File>,
    #[serde(default)]
    metadata: Option<String>,
}

/// `POST /{comment}/comments`: every parameter that the edge knows.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Comment {
    message: Option<String>,
    attachment_url: Option<String>,
    #[serde(rename = "attachment_id")]
    _attachment_id: Option<String>,
    #[serde(rename = "attachment_share_url")]
    _attachment_share_url: Option<String>,
}

/// `DELETE /{comment}`: no parameter.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// What a call does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// What is done; none for a sign that changes nothing (typing, seen).
    pub deed: Option<Deed>,
    /// What was called for.
    pub kind: CallKind,
    /// The network's id of what it is directed at.
    pub target: String,
    /// The id by which the page knows the person written to; empty for what is public.
    pub recipient: String,
    /// What the echo repeats.
    pub metadata: Option<String>,
}

impl Granted {
    pub(crate) fn of(deed: Option<Deed>, kind: CallKind, target: &str, recipient: &str) -> Self {
        let (target, recipient) = (target.to_owned(), recipient.to_owned());
        Self { deed, kind, target, recipient, metadata: None }
    }
}

/// A Messenger message, a private reply, or a sign.
///
/// # Errors
/// As Graph refuses it.
pub fn send(
    world: &World,
    page: &Account,
    request: &Send,
    snowflake: u64,
    now: OffsetDateTime,
) -> Result<Granted, Refused> {
    require(page, MESSAGING)?;
    match (&request.recipient, &request.sender_action, &request.message) {
        (Recipient { id: Some(id), comment_id: None, post_id: None }, Some(action), None) => {
            sign(world, page, id, action, request.payload.as_ref())
        }
        (Recipient { id: Some(id), comment_id: None, post_id: None }, None, Some(message)) => {
            let persona = person(world, page, id)?;
            if !is_within_window(world, page, &persona, request.rule(), now)? {
                return Err(Refused::window());
            }
            let reply_to = match &request.reply_to {
                Some(ReplyTo { mid }) => Some(message_with(world, page, &persona, mid)?.id.clone()),
                None => None,
            };
            let deed = written(message, persona, snowflake, reply_to, None)?;
            let granted = Granted::of(Some(deed), CallKind::Message, id, id);
            Ok(Granted { metadata: message.metadata.clone(), ..granted })
        }
        (Recipient { id: None, comment_id: Some(id), post_id: None }, None, Some(message)) => {
            private_reply(world, page, (id, ItemKind::Comment), message, snowflake, now)
        }
        (Recipient { id: None, comment_id: None, post_id: Some(id) }, None, Some(message)) => {
            private_reply(world, page, (id, ItemKind::PagePost), message, snowflake, now)
        }
        _ => {
            let message = "Give one of recipient[id], recipient[comment_id] and \
                           recipient[post_id], and one of message and sender_action";
            Err(Refused::parameter(message))
        }
    }
}

/// An answer under a comment, or under a post of the page.
///
/// # Errors
/// As Graph refuses it.
pub fn comment(
    world: &World,
    page: &Account,
    id: &str,
    request: &Comment,
    snowflake: u64,
) -> Result<Granted, Refused> {
    require(page, ENGAGEMENT)?;
    let parent = on_page(world, page, id, &[ItemKind::Comment, ItemKind::PagePost])?;
    let text = request.message.clone().unwrap_or_default();
    let photo = request.attachment_url.is_some();
    if text.trim().is_empty() && !photo {
        return Err(Refused::parameter("The parameter message is required"));
    }
    if text.chars().count() > LONGEST_TEXT {
        return Err(Refused::parameter("Param message is too long"));
    }
    let deed = Deed::Commented {
        id: comment_id(&parent.root, snowflake),
        post: parent.root.clone(),
        parent: Some(parent.id.clone()).filter(|_| parent.kind == ItemKind::Comment),
        text,
        photo,
    };
    Ok(Granted::of(Some(deed), CallKind::Comment, id, ""))
}

/// Takes a comment away from under the page's posts, its own or somebody's.
///
/// # Errors
/// As Graph refuses it.
pub fn delete(world: &World, page: &Account, id: &str) -> Result<Granted, Refused> {
    require(page, ENGAGEMENT)?;
    let item = on_page(world, page, id, &[ItemKind::Comment])?;
    let deed = Deed::Removed { id: item.id.clone() };
    Ok(Granted::of(Some(deed), CallKind::Delete, id, ""))
}

/// Whether a page may call about a thing: the page in the address must be the token's.
///
/// # Errors
/// Permission.
pub fn same_page(page: &Account, id: &str) -> Result<(), Refused> {
    if id == page.account_id || id == "me" { Ok(()) } else { Err(Refused::other_page()) }
}

pub(crate) fn require(page: &Account, permission: &str) -> Result<(), Refused> {
    if page.has_scope(permission) { Ok(()) } else { Err(Refused::permission(permission)) }
}

fn private_reply(
    world: &World,
    page: &Account,
    (id, kind): (&str, ItemKind),
    message: &Message,
    snowflake: u64,
    now: OffsetDateTime,
) -> Result<Granted, Refused> {
    let thing = on_page(world, page, id, &[kind])?;
    let Some(author) = thing.author.persona() else {
        return Err(Refused::parameter("A Page cannot reply privately to a Page"));
    };
    if thing.answered_privately {
        return Err(Refused::already_answered());
    }
    if now - thing.at > HUMAN_WINDOW {
        return Err(Refused::window());
    }
    let answers = Some(thing.id.clone());
    let deed = written(message, author.to_owned(), snowflake, None, answers)?;
    let persona = world.persona(author).ok_or_else(Refused::no_person)?;
    let recipient = persona.page_scoped_id(&page.account_id);
    let granted = Granted::of(Some(deed), CallKind::PrivateReply, id, &recipient);
    Ok(Granted { metadata: message.metadata.clone(), ..granted })
}

fn written(
    message: &Message,
    persona: String,
    snowflake: u64,
    reply_to: Option<String>,
    answers: Option<String>,
) -> Result<Deed, Refused> {
    let text = message.text.clone().unwrap_or_default();
    let attachment = message.attachment.as_ref().map(File::attachment).transpose()?;
    either(&text, attachment)?;
    if text.chars().count() > LONGEST_MESSAGE {
        let sentence = "Length of param message[text] must be less than or equal to 2000";
        return Err(Refused::parameter(sentence));
    }
    if message.metadata.as_ref().is_some_and(|one| one.chars().count() > LONGEST_METADATA) {
        let sentence = "Length of param message[metadata] must be less than or equal to 1000";
        return Err(Refused::parameter(sentence));
    }
    let id = message_id(snowflake);
    Ok(Deed::MessengerWrote { id, persona, text, attachment, reply_to, answers, story: None })
}

/// Typing and seen change nothing here; a reaction does.
fn sign(
    world: &World,
    page: &Account,
    id: &str,
    action: &str,
    payload: Option<&Payload>,
) -> Result<Granted, Refused> {
    let persona = person(world, page, id)?;
    let action = action.to_ascii_lowercase();
    let deed = match (action.as_str(), payload) {
        ("typing_on" | "typing_off" | "mark_seen", None) => None,
        ("react" | "unreact", Some(payload)) => {
            let message = message_with(world, page, &persona, &payload.message_id)?;
            let withdrawn = action == "unreact";
            let emoji = payload.reaction.clone().unwrap_or_default();
            if emoji.is_empty() && !withdrawn {
                return Err(Refused::parameter("Param payload[reaction] is required"));
            }
            Some(Deed::Reacted { id: message.id.clone(), emoji, withdrawn, message: None })
        }
        _ => return Err(Refused::parameter("Param sender_action cannot be used like this")),
    };
    let target = payload.map_or(id, |payload| payload.message_id.as_str());
    Ok(Granted::of(deed, CallKind::Reaction, target, id))
}

/// Something of this page by one of these kinds; other pages' things are not told from nothing.
pub(crate) fn on_page<'a>(
    world: &'a World,
    page: &Account,
    id: &str,
    kinds: &[ItemKind],
) -> Result<&'a Item, Refused> {
    let item = world.item(id).filter(|item| kinds.contains(&item.kind) && !item.deleted);
    let item = item.ok_or_else(|| Refused::no_object(id))?;
    if item.account == page.account_id { Ok(item) } else { Err(Refused::other_page()) }
}
