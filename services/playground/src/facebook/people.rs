//! Who people are, as Graph tells a page that asks (contract 3.3): of a person by their id in
//! Messenger, of what was written by its author.

use serde_json::{Map, Value, json};

use super::actions::Fields;
use super::calls::{MESSAGING, require};
use super::refused::Refused;
use crate::update::Surroundings;
use crate::world::{Account, Author, Item, World};

/// Whoever the page knows by this id, with what is asked for of them; none where it is nobody's.
///
/// # Errors
/// As Graph refuses it.
#[must_use]
pub fn profile(
    world: &World,
    page: &Account,
    id: &str,
    asked: &Fields,
    around: Surroundings<'_>,
) -> Option<Result<Value, Refused>> {
    let key = world.known().on_page(&page.account_id, id)?;
    let persona = world.persona(key)?;
    let (first, last) = persona.name.split_once(' ').unwrap_or((&persona.name, ""));
    let picture = format!("{}/playground/avatars/{}.svg", around.public_url, persona.key);
    let mut shown = Map::from_iter([("id".to_owned(), json!(id))]);
    for field in asked.names() {
        let value = match field {
            "first_name" => json!(first),
            "last_name" => json!(last),
            "name" => json!(persona.name),
            "profile_pic" => json!(picture),
            other => return Some(Err(Refused::no_field(other))),
        };
        shown.insert(field.to_owned(), value);
    }
    Some(require(page, MESSAGING).map(|()| Value::Object(shown)))
}

/// Whether what is asked for is of a person and not of what they wrote.
#[must_use]
pub fn is_profile(asked: &Fields) -> bool {
    asked.names().any(|field| matches!(field, "first_name" | "last_name" | "profile_pic"))
}

/// Who wrote it, by the id that the page knows them by.
pub(super) fn from(world: &World, page: &Account, item: &Item) -> Value {
    match &item.author {
        Author::Business => json!({"id": page.account_id, "name": page.name}),
        Author::Persona(key) => world.persona(key).map_or(
            Value::Null,
            |persona| json!({"id": persona.page_scoped_id(&page.account_id), "name": persona.name}),
        ),
    }
}
