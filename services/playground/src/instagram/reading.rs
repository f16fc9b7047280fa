//! What Graph tells an account of Instagram that asks (contract 4.2): a comment, a post, a
//! person, the place where it was named. Fields may hold fields of their own, in braces.

use serde_json::{Map, Value, json};

use super::{COMMENTS, MESSAGES, from, graph_time};
use crate::facebook::Refused;
use crate::facebook::calls::{on_page, require};
use crate::update::Surroundings;
use crate::world::{Account, Item, ItemKind, World};

/// One field asked for: its name, what follows it in parentheses, and the fields of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Field {
    name: String,
    edge_id: Option<String>,
    fields: Vec<Field>,
}

/// Whoever or whatever has this id, with what is asked for.
///
/// # Errors
/// As Graph refuses it.
pub fn read(
    world: &World,
    account: &Account,
    id: &str,
    fields: &str,
    around: Surroundings<'_>,
) -> Result<Value, Refused> {
    let fields = parsed(fields)?;
    if id == account.account_id || id == "me" {
        return own(world, account, &fields, around);
    }
    if let Some(key) = world.known().on_page(&account.account_id, id) {
        return profile(world, account, key, id, &fields, around);
    }
    let is_profile = |field: &Field| matches!(field.name.as_str(), "name" | "profile_pic");
    if fields.iter().any(is_profile) {
        return Err(Refused::no_instagram_user());
    }
    require(account, COMMENTS)?;
    let kinds = [ItemKind::Comment, ItemKind::PagePost, ItemKind::Story];
    let item = on_page(world, account, id, &kinds)?;
    shown(world, account, item, &fields, around)
}

/// The account itself, and where others named it.
fn own(
    world: &World,
    account: &Account,
    fields: &[Field],
    around: Surroundings<'_>,
) -> Result<Value, Refused> {
    let mut told = Map::from_iter([("id".to_owned(), json!(account.account_id))]);
    for field in fields {
        let value = match (field.name.as_str(), &field.edge_id) {
            ("id", None) => continue,
            ("username", None) => json!(account.handle),
            ("name", None) => json!(account.name),
            ("mentioned_comment" | "mentioned_media", Some(id)) => {
                require(account, COMMENTS)?;
                let item = on_page(world, account, id, &[ItemKind::WallPost, ItemKind::Comment])?;
                let is_comment = item.root != item.id;
                if is_comment != (field.name == "mentioned_comment") {
                    return Err(Refused::no_object(id));
                }
                shown(world, account, item, &field.fields, around)?
            }
            _ => return Err(Refused::no_field(&field.name)),
        };
        told.insert(field.name.clone(), value);
    }
    Ok(Value::Object(told))
}

/// A person: only one who wrote to the account has agreed to be looked at.
fn profile(
    world: &World,
    account: &Account,
    key: &str,
    id: &str,
    fields: &[Field],
    around: Surroundings<'_>,
) -> Result<Value, Refused> {
    require(account, MESSAGES)?;
    let persona = world.persona(key).ok_or_else(Refused::no_instagram_user)?;
    if world.known().wrote(&account.account_id, key).is_none() {
        return Err(Refused::no_consent());
    }
    let picture = format!("{}/playground/avatars/{}.svg", around.public_url, persona.key);
    let mut told = Map::from_iter([("id".to_owned(), json!(id))]);
    for field in fields {
        let value = match field.name.as_str() {
            "id" => continue,
            "name" => json!(persona.name),
            "username" => json!(persona.handle),
            "profile_pic" => json!(picture),
            "follower_count" => json!(persona.name.len() * 11),
            "is_user_follow_business" => json!(true),
            "is_business_follow_user" | "is_verified_user" => json!(false),
            other => return Err(Refused::no_field(other)),
        };
        told.insert(field.name.clone(), value);
    }
    Ok(Value::Object(told))
}

fn shown(
    world: &World,
    account: &Account,
    item: &Item,
    fields: &[Field],
    around: Surroundings<'_>,
) -> Result<Value, Refused> {
    let is_post = matches!(item.kind, ItemKind::PagePost | ItemKind::Story)
        || (item.kind == ItemKind::WallPost && item.root == item.id);
    let mut told = Map::from_iter([("id".to_owned(), json!(item.id))]);
    for field in fields {
        let value = match (field.name.as_str(), is_post) {
            ("id", _) => continue,
            ("timestamp", _) => json!(graph_time(item.at)),
            ("username", _) => from(world, account, item)["username"].clone(),
            ("from", false) => from(world, account, item),
            ("like_count", _) => json!(item.liked_by.len()),
            ("text", false) | ("caption", true) => json!(item.text),
            ("hidden", false) => json!(item.hidden),
            ("media", false) => media(world, account, item, &field.fields, around)?,
            ("parent_id", false) => match world.first_comment(item) {
                // Only answers have one.
                Some(first) => json!(first.id),
                None => continue,
            },
            ("permalink", true) => json!(permalink(&item.id, around)),
            ("media_type", true) => json!("IMAGE"),
            ("media_product_type", true) if item.kind == ItemKind::Story => json!("STORY"),
            ("media_product_type", true) => json!("FEED"),
            ("media_url", true) => json!(format!("{}/playground/media/image", around.public_url)),
            ("owner", true) => json!({"id": from(world, account, item)["id"]}),
            ("comments_count", true) => json!(item.children.len()),
            (other, _) => return Err(Refused::no_field(other)),
        };
        told.insert(field.name.clone(), value);
    }
    Ok(Value::Object(told))
}

/// The post under which a comment stands; of somebody else's only the number is known here.
fn media(
    world: &World,
    account: &Account,
    item: &Item,
    fields: &[Field],
    around: Surroundings<'_>,
) -> Result<Value, Refused> {
    match world.item(&item.root).filter(|post| post.id != item.id) {
        Some(post) => shown(world, account, post, fields, around),
        None if fields.iter().any(|field| field.name == "permalink") => {
            Ok(json!({"id": item.root, "permalink": permalink(&item.root, around)}))
        }
        None => Ok(json!({"id": item.root})),
    }
}

fn permalink(id: &str, around: Surroundings<'_>) -> String {
    format!("{}/playground/instagram/p/{id}/", around.public_url)
}

/// `a,b{c,d},e.comment_id(1){f}`.
fn parsed(text: &str) -> Result<Vec<Field>, Refused> {
    let mut letters = text.chars().peekable();
    let fields = list(&mut letters);
    match letters.next() {
        None => Ok(fields),
        Some(other) => {
            let sentence = format!("Syntax error \"Unexpected {other}\" in the field list");
            Err(Refused::parameter(&sentence))
        }
    }
}

type Letters<'a> = std::iter::Peekable<std::str::Chars<'a>>;

fn list(letters: &mut Letters<'_>) -> Vec<Field> {
    let mut fields = Vec::new();
    loop {
        let name = until(letters, &[',', '{', '}', '(', ')']);
        let mut field = Field { name: name.trim().to_owned(), edge_id: None, fields: Vec::new() };
        if letters.next_if_eq(&'(').is_some() {
            field.edge_id = Some(until(letters, &[')']));
            letters.next_if_eq(&')');
            // What the parentheses belong to: `.comment_id`, `.media_id`.
            if let Some((name, _)) = field.name.clone().split_once('.') {
                name.clone_into(&mut field.name);
            }
        }
        if letters.next_if_eq(&'{').is_some() {
            field.fields = list(letters);
            letters.next_if_eq(&'}');
        }
        if !field.name.is_empty() {
            fields.push(field);
        }
        if letters.next_if_eq(&',').is_none() {
            return fields;
        }
    }
}

fn until(letters: &mut Letters<'_>, ends: &[char]) -> String {
    std::iter::from_fn(|| letters.next_if(|letter| !ends.contains(letter))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_hold_fields_and_the_id_of_an_edge() {
        let field = |name: &str, edge_id: Option<&str>, fields| Field {
            name: name.to_owned(),
            edge_id: edge_id.map(ToOwned::to_owned),
            fields,
        };
        let text = "id, mentioned_comment.comment_id(17){text,media{permalink}},username";
        let inner = vec![field("permalink", None, vec![])];
        let expected = vec![
            field("id", None, vec![]),
            field(
                "mentioned_comment",
                Some("17"),
                vec![field("text", None, vec![]), field("media", None, inner)],
            ),
            field("username", None, vec![]),
        ];
        assert_eq!(parsed(text).ok(), Some(expected));
        assert!(parsed("a}b").is_err());
        assert_eq!(parsed("").ok(), Some(vec![]));
    }
}
