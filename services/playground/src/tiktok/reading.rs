//! What TikTok tells an account that asks (contract 5): comments, the account itself, where a
//! picture is to be had.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Refused;
use super::calls::{message_with, require, same_account};
use super::envelope::media_id;
use crate::update::Surroundings;
use crate::world::{Account, Author, Item, ItemKind, World};

/// How many comments a page holds, unless asked.
const USUAL: usize = 20;
/// How many at most; also how many ids may be asked for.
const MOST: usize = 30;

const COMMENTS: &str = "comment.list";

/// `business/comment/list/` and `business/comment/reply/list/`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comments {
    business_id: String,
    video_id: String,
    #[serde(default)]
    comment_ids: Option<String>,
    #[serde(default)]
    comment_id: Option<String>,
    #[serde(default)]
    include_replies: Option<bool>,
    #[serde(default)]
    status: Option<String>,
    #[serde(default, rename = "sort_field")]
    _sort_field: Option<String>,
    #[serde(default, rename = "sort_order")]
    _sort_order: Option<String>,
    #[serde(default)]
    cursor: usize,
    #[serde(default)]
    max_count: Option<usize>,
}

/// `business/get/`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Business {
    business_id: String,
    fields: String,
}

/// `business/message/media/download/`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Download {
    business_id: String,
    conversation_id: String,
    message_id: String,
    media_id: String,
    media_type: String,
}

/// The comments of a video, or those of them that are asked for; answers to them only where
/// they are asked for by their own ids, or by `include_replies`.
///
/// # Errors
/// As TikTok refuses it.
pub fn comments(
    world: &World,
    account: &Account,
    asked: &Comments,
    around: Surroundings<'_>,
) -> Result<Value, Refused> {
    if asked.comment_id.is_some() {
        return Err(Refused::parameter("comment_id: Unknown field."));
    }
    let video = video(world, account, asked)?;
    let listed: Vec<&Item> = match &asked.comment_ids {
        Some(ids) => {
            let ids: Vec<String> = list(ids, "comment_ids")?;
            if ids.is_empty() || ids.len() > MOST {
                return Err(Refused::parameter("comment_ids: Length must be between 1 and 30."));
            }
            let items = ids.iter().filter_map(|id| world.item(id)).collect::<Vec<_>>();
            items.into_iter().filter(|item| item.root == video.id).collect()
        }
        None => children(world, video).collect(),
    };
    page(world, account, asked, &listed, around)
}

/// The answers to a comment.
///
/// # Errors
/// As TikTok refuses it.
pub fn replies(
    world: &World,
    account: &Account,
    asked: &Comments,
    around: Surroundings<'_>,
) -> Result<Value, Refused> {
    let video = video(world, account, asked)?;
    let (Some(id), None, None) = (&asked.comment_id, &asked.comment_ids, asked.include_replies)
    else {
        return Err(Refused::parameter("comment_id: Missing data for required field."));
    };
    let comment = world.item(id).filter(|item| item.root == video.id && !item.deleted);
    let comment = comment.ok_or_else(|| Refused::not_found("comment"))?;
    page(world, account, asked, &answers(world, comment), around)
}

fn video<'a>(world: &'a World, account: &Account, asked: &Comments) -> Result<&'a Item, Refused> {
    same_account(account, &asked.business_id)?;
    require(account, COMMENTS)?;
    let is_own = |item: &&Item| {
        item.kind == ItemKind::PagePost && item.account == account.account_id && !item.deleted
    };
    world.item(&asked.video_id).filter(is_own).ok_or_else(|| Refused::not_found("video"))
}

fn children<'a>(world: &'a World, item: &'a Item) -> impl Iterator<Item = &'a Item> + use<'a> {
    item.children.iter().filter_map(|id| world.item(id))
}

/// Everything below a comment, in one row.
fn answers<'a>(world: &'a World, comment: &'a Item) -> Vec<&'a Item> {
    let mut left: Vec<&Item> = children(world, comment).collect();
    let mut found = Vec::new();
    while let Some(item) = left.pop() {
        left.extend(children(world, item));
        found.push(item);
    }
    found.sort_by_key(|item| item.number);
    found
}

fn page(
    world: &World,
    account: &Account,
    asked: &Comments,
    listed: &[&Item],
    around: Surroundings<'_>,
) -> Result<Value, Refused> {
    let count = asked.max_count.unwrap_or(USUAL);
    if !(1..=MOST).contains(&count) {
        return Err(Refused::parameter("max_count: Must be between 1 and 30."));
    }
    let is_all = match asked.status.as_deref() {
        None | Some("ALL") => true,
        Some("PUBLIC") => false,
        Some(_) => return Err(Refused::parameter("status: Must be one of ALL, PUBLIC.")),
    };
    let is_shown = |item: &&&Item| !item.deleted && (is_all || !item.hidden);
    let visible: Vec<&&Item> = listed.iter().filter(is_shown).collect();
    let shown = visible.iter().skip(asked.cursor).take(count).map(|item| {
        let mut told = told(world, account, item, around);
        if asked.include_replies == Some(true) && world.first_comment(item).is_none() {
            let replies = answers(world, item);
            let replies = replies.iter().filter(is_shown).take(3);
            told["reply_list"] =
                replies.map(|one| self::told(world, account, one, around)).collect();
        }
        told
    });
    let comments: Vec<Value> = shown.collect();
    let end = asked.cursor + comments.len();
    Ok(json!({"comments": comments, "cursor": end, "has_more": end < visible.len()}))
}

/// A comment as TikTok shows it; every id as text.
#[must_use]
pub fn told(world: &World, account: &Account, item: &Item, around: Surroundings<'_>) -> Value {
    let own = &account.account_id;
    let persona = item.author.persona().and_then(|key| world.persona(key));
    let (user, unique, username, name, picture) = if let Some(persona) = persona {
        let picture = format!("{}/playground/avatars/{}.svg", around.public_url, persona.key);
        let unique = persona.unique_identifier();
        (persona.tiktok_user_id(own), unique, persona.handle, persona.name, picture)
    } else {
        let (handle, name) = (account.handle.clone(), account.name.clone());
        (own.clone(), account.unique_identifier(), handle, name, String::new())
    };
    let mut told = json!({
        "comment_id": item.id,
        "video_id": item.root,
        "user_id": user,
        "unique_identifier": unique,
        "create_time": item.at.unix_timestamp().to_string(),
        "text": item.text,
        "likes": item.liked_by.len(),
        "replies": item.children.len(),
        "owner": item.author == Author::Business,
        "liked": item.liked_by.contains(own),
        "pinned": false,
        "status": if item.hidden { "HIDDEN" } else { "PUBLIC" },
        "username": username,
        "display_name": name,
        "profile_image": picture,
    });
    if let Some(first) = world.first_comment(item) {
        told["parent_comment_id"] = json!(first.id);
    }
    told
}

/// The account itself.
///
/// # Errors
/// As TikTok refuses it.
pub fn business(
    account: &Account,
    asked: &Business,
    around: Surroundings<'_>,
) -> Result<Value, Refused> {
    same_account(account, &asked.business_id)?;
    let mut told = Map::new();
    for field in list(&asked.fields, "fields")? {
        let value = match field.as_str() {
            "username" => json!(account.handle),
            "display_name" => json!(account.name),
            "profile_image" => json!(format!("{}/playground/icon.svg", around.public_url)),
            other => {
                return Err(Refused::parameter(&format!("fields: {other} is not a field.")));
            }
        };
        told.insert(field, value);
    }
    Ok(Value::Object(told))
}

/// Where the picture of a person's message is to be had.
///
/// # Errors
/// As TikTok refuses it.
pub fn download(
    world: &World,
    account: &Account,
    asked: &Download,
    around: Surroundings<'_>,
) -> Result<Value, Refused> {
    same_account(account, &asked.business_id)?;
    require(account, "message.list.read")?;
    let kind = match asked.media_type.as_str() {
        "IMAGE" => "image",
        "VIDEO" => "video",
        _ => return Err(Refused::parameter("media_type: Must be one of IMAGE, VIDEO.")),
    };
    let key = world.known().on_page(&account.account_id, &asked.conversation_id);
    let key = key.ok_or_else(|| Refused::not_found("conversation"))?;
    let message = message_with(world, account, key, &asked.message_id)
        .filter(|message| media_id(&message.id) == asked.media_id)
        .filter(|message| message.attachment.is_some_and(|file| file.as_str() == kind));
    match message {
        Some(_) => {
            let url = format!("{}/playground/media/{kind}", around.public_url);
            Ok(json!({"download_url": url}))
        }
        None => Err(Refused::not_found("media")),
    }
}

/// A JSON list of texts in a query.
fn list(text: &str, field: &str) -> Result<Vec<String>, Refused> {
    serde_json::from_str(text)
        .map_err(|_| Refused::parameter(&format!("{field}: Not a valid list of strings.")))
}
