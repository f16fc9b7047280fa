//! Likes and hiding of Graph (contract 3.3): what a page does to what people write on it.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::calls::{ENGAGEMENT, Granted, on_page, require};
use super::people;
use super::refused::Refused;
use crate::world::{Account, Author, CallKind, Deed, Item, ItemKind, World};

/// What a page can like and hide.
const THINGS: [ItemKind; 2] = [ItemKind::Comment, ItemKind::PagePost];

/// `POST /{comment}`: of what the node takes, only hiding is played.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Update {
    is_hidden: bool,
}

/// `GET /{comment}`: which fields are asked for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Fields {
    fields: Option<String>,
}

impl Fields {
    /// As they were asked for.
    pub(crate) fn text(&self) -> &str {
        self.fields.as_deref().unwrap_or_default()
    }

    /// Those beside the id, which is always told.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let names = self.fields.as_deref().unwrap_or_default().split(',').map(str::trim);
        names.filter(|name| !name.is_empty() && *name != "id")
    }
}

/// A like, or its end.
///
/// # Errors
/// As Graph refuses it.
pub fn like(world: &World, page: &Account, id: &str, liked: bool) -> Result<Granted, Refused> {
    require(page, ENGAGEMENT)?;
    let item = on_page(world, page, id, &THINGS)?;
    let deed = Deed::Liked { id: item.id.clone(), liked };
    let kind = if liked { CallKind::Like } else { CallKind::Unlike };
    Ok(Granted::of(Some(deed), kind, id, ""))
}

/// Hides a comment or a visitor's post from all but its author and their friends, or shows it
/// again.
///
/// # Errors
/// As Graph refuses it.
pub fn update(
    world: &World,
    page: &Account,
    id: &str,
    request: &Update,
) -> Result<Granted, Refused> {
    require(page, ENGAGEMENT)?;
    let item = on_page(world, page, id, &THINGS)?;
    if !can_hide(item) {
        let sentence = "A Page cannot hide what it wrote itself";
        return Err(Refused::parameter(sentence));
    }
    let hidden = request.is_hidden;
    let deed = Deed::Hidden { id: item.id.clone(), hidden };
    let kind = if hidden { CallKind::Hide } else { CallKind::Unhide };
    Ok(Granted::of(Some(deed), kind, id, ""))
}

/// How a comment or a post stands.
///
/// # Errors
/// As Graph refuses it.
pub fn read(world: &World, page: &Account, id: &str, asked: &Fields) -> Result<Value, Refused> {
    require(page, ENGAGEMENT)?;
    let item = on_page(world, page, id, &THINGS)?;
    let is_comment = item.kind == ItemKind::Comment;
    let mut shown = Map::from_iter([("id".to_owned(), json!(item.id))]);
    for field in asked.names() {
        let value = match field {
            "from" => people::from(world, page, item),
            "message" => json!(item.text),
            "is_hidden" => json!(item.hidden),
            // Only comments have these.
            "can_hide" if is_comment => json!(can_hide(item)),
            "can_like" | "can_remove" if is_comment => json!(true),
            "user_likes" if is_comment => json!(item.liked_by.contains(&page.account_id)),
            other => return Err(Refused::no_field(other)),
        };
        shown.insert(field.to_owned(), value);
    }
    Ok(Value::Object(shown))
}

fn can_hide(item: &Item) -> bool {
    item.author != Author::Business
}
