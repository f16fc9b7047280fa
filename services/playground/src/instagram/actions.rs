//! Likes, hiding and deletion of Graph for an account of Instagram (contract 4.2).

use serde::Deserialize;

use super::{COMMENTS, ENGAGEMENT};
use crate::facebook::Refused;
use crate::facebook::calls::{Granted, on_page, require};
use crate::world::{Account, Author, CallKind, Deed, ItemKind, World};

/// `POST /{comment}`: of what the node takes, only hiding is played.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Update {
    #[serde(deserialize_with = "flag")]
    hide: bool,
}

/// `POST` and `DELETE /{ig}/likes`: exactly one of them.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Likes {
    comment_id: Option<String>,
    media_id: Option<String>,
}

/// A flag, as JSON or as a word of a form.
fn flag<'de, D: serde::Deserializer<'de>>(reader: D) -> Result<bool, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Flag(bool),
        Word(String),
    }
    match Written::deserialize(reader)? {
        Written::Flag(flag) => Ok(flag),
        Written::Word(word) => word.parse().map_err(serde::de::Error::custom),
    }
}

/// A like of a comment or a post, or its end; the same again is the same.
///
/// # Errors
/// As Graph refuses it.
pub fn like(
    world: &World,
    account: &Account,
    request: &Likes,
    liked: bool,
) -> Result<Granted, Refused> {
    require(account, ENGAGEMENT)?;
    let (id, own, is_media) = match (&request.comment_id, &request.media_id) {
        (Some(id), None) => (id, ItemKind::Comment, false),
        (None, Some(id)) => (id, ItemKind::PagePost, true),
        _ => {
            let sentence = "Exactly one of comment_id and media_id is required";
            return Err(Refused::parameter(sentence));
        }
    };
    let item = on_page(world, account, id, &[own, ItemKind::WallPost])?;
    // What names the account elsewhere is a post, or stands under one.
    if item.kind == ItemKind::WallPost && (item.root == item.id) != is_media {
        return Err(Refused::no_object(id));
    }
    let deed = Deed::Liked { id: item.id.clone(), liked };
    let kind = if liked { CallKind::Like } else { CallKind::Unlike };
    Ok(Granted::of(Some(deed), kind, id, ""))
}

/// Hides a comment under the account's post from all but its author, or shows it again.
///
/// # Errors
/// As Graph refuses it.
pub fn update(
    world: &World,
    account: &Account,
    id: &str,
    request: &Update,
) -> Result<Granted, Refused> {
    require(account, COMMENTS)?;
    let item = on_page(world, account, id, &[ItemKind::Comment])?;
    if item.author == Author::Business {
        return Err(Refused::parameter("An account cannot hide its own comment"));
    }
    let hidden = request.hide;
    let deed = Deed::Hidden { id: item.id.clone(), hidden };
    let kind = if hidden { CallKind::Hide } else { CallKind::Unhide };
    Ok(Granted::of(Some(deed), kind, id, ""))
}

/// Takes a comment away from under the account's posts, its own or somebody's.
///
/// # Errors
/// As Graph refuses it.
pub fn delete(world: &World, account: &Account, id: &str) -> Result<Granted, Refused> {
    require(account, COMMENTS)?;
    let item = on_page(world, account, id, &[ItemKind::Comment])?;
    let deed = Deed::Removed { id: item.id.clone() };
    Ok(Granted::of(Some(deed), CallKind::Delete, id, ""))
}
