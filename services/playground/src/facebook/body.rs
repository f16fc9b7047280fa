//! One request of Meta: updates of any number of pages, or accounts of Instagram, put into
//! entries by page.

use serde_json::{Value, json};

use super::escape::escaped;
use crate::update::{Content, Update};
use crate::world::Network;

/// The body that carries these updates, in their order within each page.
#[must_use]
pub fn body(updates: &[&Update]) -> Vec<u8> {
    let mut entries: Vec<Value> = Vec::new();
    for update in updates {
        let (list, item) = match &update.content {
            Content::Change(value) => ("changes", value),
            Content::Messaging(value) => ("messaging", value),
            Content::Envelope(_) => continue,
        };
        let index = entries.iter().position(|entry| entry["id"] == json!(update.account));
        let index = index.unwrap_or_else(|| {
            entries.push(json!({"id": update.account, "time": 0}));
            entries.len() - 1
        });
        let Some(entry) = entries.get_mut(index) else { continue };
        match entry[list].as_array_mut() {
            Some(items) => items.push(item.clone()),
            None => entry[list] = json!([item]),
        }
        entry["time"] = time_of(entry, update);
    }
    let is_instagram = updates.iter().any(|update| update.network == Network::Instagram);
    let object = if is_instagram { "instagram" } else { "page" };
    escaped(&json!({"object": object, "entry": entries}))
}

/// Seconds where only changes are told, milliseconds as soon as a message is among them.
fn time_of(entry: &Value, update: &Update) -> Value {
    if entry["messaging"].is_array() {
        let millis = update.at.unix_timestamp_nanos() / 1_000_000;
        json!(i64::try_from(millis).unwrap_or(0))
    } else {
        json!(update.at.unix_timestamp())
    }
}
