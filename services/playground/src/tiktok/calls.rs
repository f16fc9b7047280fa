//! What TikTok does when an account calls it (contract 5): answers to comments, likes, hiding,
//! deletion, private messages; and the rules that this world can decide.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use time::{Duration, OffsetDateTime};

use super::Refused;
use crate::world::{Account, Author, CallKind, Deed, Item, ItemKind, World};

/// Longest answer to a comment, in characters: two of three descriptions say so.
const LONGEST_COMMENT: usize = 150;
/// Longest private message, in characters.
const LONGEST_MESSAGE: usize = 6_000;
/// How long after a person's last message an account may write.
const WINDOW: Duration = Duration::hours(48);
/// How often an account may write before the person has answered.
const BEFORE_AN_ANSWER: usize = 10;
/// How often after the window.
const AFTER_THE_WINDOW: usize = 3;

const COMMENTS: &str = "comment.list.manage";
const MESSAGES: &str = "message.list.send";

/// `business/comment/reply/create/`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    business_id: String,
    video_id: String,
    comment_id: String,
    text: String,
}

/// `business/comment/like/`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Like {
    business_id: String,
    comment_id: String,
    action: LikeAction,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum LikeAction {
    Like,
    Unlike,
}

/// `business/comment/hide/`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hide {
    business_id: String,
    video_id: String,
    comment_id: String,
    action: HideAction,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum HideAction {
    Hide,
    Unhide,
}

/// `business/comment/delete/`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delete {
    business_id: String,
    comment_id: String,
}

/// `business/message/send/`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Send {
    business_id: String,
    recipient_type: RecipientType,
    recipient: String,
    message_type: MessageType,
    #[serde(default)]
    text: Option<Text>,
    #[serde(default)]
    image: Option<Image>,
    #[serde(default)]
    sender_action: Option<SenderAction>,
    #[serde(default)]
    referenced_message_info: Option<Referenced>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum RecipientType {
    Conversation,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum MessageType {
    Text,
    Image,
    SenderAction,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    body: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Image {
    #[serde(rename = "media_id")]
    _media_id: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum SenderAction {
    Typing,
    MarkRead,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Referenced {
    referenced_message_id: String,
}

/// What a call does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// What is done; none for a sign that changes nothing.
    pub deed: Option<Deed>,
    /// What was called for.
    pub kind: CallKind,
    /// The id of what it is directed at.
    pub target: String,
}

impl Granted {
    fn of(deed: Deed, kind: CallKind, target: &str) -> Self {
        Self { deed: Some(deed), kind, target: target.to_owned() }
    }
}

/// A body; every name that the endpoint does not know is refused.
///
/// # Errors
/// Parameter, naming what is unknown or malformed.
pub fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refused> {
    serde_json::from_slice(body).map_err(|error| Refused::parameter(&error.to_string()))
}

/// An answer to a comment under the account's own video.
///
/// # Errors
/// As TikTok refuses it.
pub fn reply(
    world: &World,
    account: &Account,
    request: &Reply,
    snowflake: u64,
) -> Result<Granted, Refused> {
    same_account(account, &request.business_id)?;
    require(account, COMMENTS)?;
    let comment = comment(world, account, &request.comment_id, Some(&request.video_id))?;
    let text = request.text.clone();
    if text.trim().is_empty() {
        return Err(Refused::parameter("text: Missing data for required field."));
    }
    if text.chars().count() > LONGEST_COMMENT {
        return Err(Refused::parameter("text: Length must be between 1 and 150."));
    }
    let first = world.first_comment(comment).unwrap_or(comment);
    let (id, post) = (snowflake.to_string(), comment.root.clone());
    let deed = Deed::Commented { id, post, parent: Some(first.id.clone()), text, photo: false };
    Ok(Granted::of(deed, CallKind::Comment, &request.comment_id))
}

/// A like of a comment, or its end.
///
/// # Errors
/// As TikTok refuses it.
pub fn like(world: &World, account: &Account, request: &Like) -> Result<Granted, Refused> {
    same_account(account, &request.business_id)?;
    require(account, COMMENTS)?;
    let comment = comment(world, account, &request.comment_id, None)?;
    let liked = request.action == LikeAction::Like;
    let deed = Deed::Liked { id: comment.id.clone(), liked };
    let kind = if liked { CallKind::Like } else { CallKind::Unlike };
    Ok(Granted::of(deed, kind, &request.comment_id))
}

/// Hides a comment from all but its author, or shows it again.
///
/// # Errors
/// As TikTok refuses it.
pub fn hide(world: &World, account: &Account, request: &Hide) -> Result<Granted, Refused> {
    same_account(account, &request.business_id)?;
    require(account, COMMENTS)?;
    let comment = comment(world, account, &request.comment_id, Some(&request.video_id))?;
    let hidden = request.action == HideAction::Hide;
    let deed = Deed::Hidden { id: comment.id.clone(), hidden };
    let kind = if hidden { CallKind::Hide } else { CallKind::Unhide };
    Ok(Granted::of(deed, kind, &request.comment_id))
}

/// Takes one of the account's own comments away.
///
/// # Errors
/// As TikTok refuses it.
pub fn delete(world: &World, account: &Account, request: &Delete) -> Result<Granted, Refused> {
    same_account(account, &request.business_id)?;
    require(account, COMMENTS)?;
    let comment = comment(world, account, &request.comment_id, None)?;
    if comment.author != Author::Business {
        return Err(Refused::parameter("comment_id: Only own comments can be deleted."));
    }
    let deed = Deed::Removed { id: comment.id.clone() };
    Ok(Granted::of(deed, CallKind::Delete, &request.comment_id))
}

/// A private message within a dialogue that a person began, or a sign in it.
///
/// # Errors
/// As TikTok refuses it.
pub fn send(
    world: &World,
    account: &Account,
    request: &Send,
    snowflake: u64,
    now: OffsetDateTime,
) -> Result<Granted, Refused> {
    same_account(account, &request.business_id)?;
    require(account, MESSAGES)?;
    let RecipientType::Conversation = request.recipient_type;
    let key = world.known().on_page(&account.account_id, &request.recipient);
    let persona = key.ok_or_else(|| Refused::not_found("conversation"))?.to_owned();
    let target = request.recipient.as_str();
    let text = match (request.message_type, &request.text, &request.image, request.sender_action) {
        (MessageType::SenderAction, None, None, Some(_)) => {
            let target = target.to_owned();
            return Ok(Granted { deed: None, kind: CallKind::Message, target });
        }
        (MessageType::Text, Some(Text { body }), None, None) => body.clone(),
        // A picture is uploaded first, which is not played.
        (MessageType::Image, None, Some(_), None) => return Err(Refused::not_found("media")),
        _ => {
            let message = "message_type: Give exactly what belongs to it: text, image or \
                           sender_action.";
            return Err(Refused::parameter(message));
        }
    };
    if text.trim().is_empty() {
        return Err(Refused::parameter("text.body: Missing data for required field."));
    }
    if text.chars().count() > LONGEST_MESSAGE {
        return Err(Refused::parameter("text.body: Length must be between 1 and 6000."));
    }
    within_window(world, account, &persona, now)?;
    let reply_to = match &request.referenced_message_info {
        Some(Referenced { referenced_message_id: id }) => {
            let message = message_with(world, account, &persona, id);
            Some(message.ok_or_else(|| Refused::not_found("message"))?.id.clone())
        }
        None => None,
    };
    let deed = Deed::MessengerWrote {
        id: snowflake.to_string(),
        persona,
        text,
        attachment: None,
        reply_to,
        answers: None,
        story: None,
    };
    Ok(Granted::of(deed, CallKind::Message, target))
}

/// The account in the call must be the token's.
///
/// # Errors
/// Permission.
pub fn same_account(account: &Account, business_id: &str) -> Result<(), Refused> {
    if business_id == account.account_id {
        Ok(())
    } else {
        Err(Refused::permission("of this business_id"))
    }
}

pub(super) fn require(account: &Account, scope: &str) -> Result<(), Refused> {
    if account.has_scope(scope) { Ok(()) } else { Err(Refused::permission(scope)) }
}

/// A comment under one of the account's videos; others' are not told from nothing.
fn comment<'a>(
    world: &'a World,
    account: &Account,
    id: &str,
    video: Option<&str>,
) -> Result<&'a Item, Refused> {
    let is_asked = |item: &&Item| {
        item.kind == ItemKind::Comment
            && item.account == account.account_id
            && !item.deleted
            && video.is_none_or(|video| item.root == video)
    };
    world.item(id).filter(is_asked).ok_or_else(|| Refused::not_found("comment"))
}

/// A message of the dialogue with a person.
pub(super) fn message_with<'a>(
    world: &'a World,
    account: &Account,
    persona: &str,
    id: &str,
) -> Option<&'a Item> {
    world.item(id).filter(|item| {
        item.kind == ItemKind::MessengerMessage
            && item.account == account.account_id
            && item.persona.as_deref() == Some(persona)
    })
}

/// Ten messages until the person answers; after each of their messages any number for 48 hours;
/// then three.
fn within_window(
    world: &World,
    account: &Account,
    persona: &str,
    now: OffsetDateTime,
) -> Result<(), Refused> {
    let last = world.known().wrote(&account.account_id, persona).ok_or_else(Refused::window)?;
    let inbox = world.inbox(&account.account_id, persona);
    let messages: Vec<&Item> = inbox.iter().filter_map(|id| world.item(id)).collect();
    let is_own = |item: &&&Item| item.author == Author::Business;
    let end = last + WINDOW;
    let (used, most) = if now <= end {
        let first_own = messages.iter().position(|item| item.author == Author::Business);
        let is_answered = first_own.is_some_and(|first| {
            messages.iter().skip(first).any(|item| item.author != Author::Business)
        });
        if is_answered {
            return Ok(());
        }
        (messages.iter().filter(is_own).count(), BEFORE_AN_ANSWER)
    } else {
        (messages.iter().filter(is_own).filter(|item| item.at > end).count(), AFTER_THE_WINDOW)
    };
    if used < most { Ok(()) } else { Err(Refused::window()) }
}
