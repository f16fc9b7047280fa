//! What the Send API of Graph has alike for pages and for accounts of Instagram (contract 2):
//! shapes, windows, and whom and which messages a call may mean.
//!
//! Deliberately absent: what differs, as lengths, kinds of file and who can be answered, which is
//! with each network's calls.

use serde::Deserialize;
use serde_json::Value;
use time::{Duration, OffsetDateTime};

use super::refused::Refused;
use crate::world::{Account, Attachment, Item, ItemKind, World};

/// How long after a person's last message an account may answer.
const WINDOW: Duration = Duration::hours(24);
/// How long with the tag of a human agent; also how old a comment may be to be answered in
/// private.
pub(crate) const HUMAN_WINDOW: Duration = Duration::days(7);

/// A file of a message.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[serde(rename = "payload")]
    _payload: Value,
}

/// Under which rule a message is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum MessagingType {
    Response,
    Update,
    MessageTag,
    Utility,
}

/// The message replied to.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReplyTo {
    pub(crate) mid: String,
}

/// What a sign is about.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Payload {
    pub(crate) message_id: String,
    #[serde(default)]
    pub(crate) reaction: Option<String>,
}

impl File {
    /// What it is.
    pub(crate) fn attachment(&self) -> Result<Attachment, Refused> {
        match self.kind.as_str() {
            "image" => Ok(Attachment::Image),
            "audio" => Ok(Attachment::Audio),
            "video" => Ok(Attachment::Video),
            "file" => Ok(Attachment::File),
            _ => Err(Refused::attachment()),
        }
    }
}

/// A message is words or a file.
pub(crate) fn either(text: &str, attachment: Option<Attachment>) -> Result<(), Refused> {
    match (text.is_empty(), attachment) {
        (true, None) => Err(Refused::parameter("Param message must have text")),
        (false, Some(_)) => Err(Refused::parameter("A message has either text or an attachment")),
        _ => Ok(()),
    }
}

/// The key of the person whom the account knows by this id.
pub(crate) fn person(world: &World, account: &Account, id: &str) -> Result<String, Refused> {
    let key = world.known().on_page(&account.account_id, id).ok_or_else(Refused::no_person)?;
    Ok(key.to_owned())
}

/// Whether the person wrote lately enough for a message under this rule and tag.
pub(crate) fn is_within_window(
    world: &World,
    account: &Account,
    persona: &str,
    rule: (Option<MessagingType>, Option<&str>),
    now: OffsetDateTime,
) -> Result<bool, Refused> {
    let window = match rule {
        (None | Some(MessagingType::Response | MessagingType::Update), None) => WINDOW,
        (Some(MessagingType::MessageTag), Some("HUMAN_AGENT")) => HUMAN_WINDOW,
        (Some(MessagingType::MessageTag), Some(_)) => {
            return Err(Refused::parameter("Invalid parameter: this tag is no longer supported"));
        }
        (Some(MessagingType::MessageTag), None) => {
            return Err(Refused::parameter("The parameter tag is required"));
        }
        (Some(MessagingType::Utility), _) => {
            return Err(Refused::parameter("Utility messages need an approved template"));
        }
        (_, Some(_)) => {
            return Err(Refused::parameter("A tag needs messaging_type MESSAGE_TAG"));
        }
    };
    let last = world.known().wrote(&account.account_id, persona);
    Ok(last.is_some_and(|last| now - last <= window))
}

/// A message of the account's dialogue with this person.
pub(crate) fn message_with<'a>(
    world: &'a World,
    account: &Account,
    persona: &str,
    mid: &str,
) -> Result<&'a Item, Refused> {
    let is_theirs = |item: &&Item| {
        item.kind == ItemKind::MessengerMessage
            && item.account == account.account_id
            && item.persona.as_deref() == Some(persona)
            && !item.deleted
    };
    world.item(mid).filter(is_theirs).ok_or_else(|| Refused::no_object(mid))
}
