//! Entries of a page's webhook (`reference/networks.md` 2): everything in them is walked, and
//! one entry may mix `messaging`, `standby` and `changes`.

use serde_json::Value;

use super::{feed, mention, messaging};
use crate::item::{Fact, Item, Person, Reading, Report};
use crate::json::{self, Unreadable};

/// A kind that makes no message.
pub(super) const WITHOUT_MESSAGE: Reading = Reading::Ignored("kind_without_message");

/// What one update came to: the network's word for it, the id that it is about, and its reading.
pub(super) struct Update {
    pub(super) kind: String,
    pub(super) external_id: String,
    pub(super) reading: Result<Reading, Unreadable>,
}

impl Update {
    pub(super) fn new(kind: impl Into<String>, external_id: &str, reading: Reading) -> Self {
        Self { kind: kind.into(), external_id: external_id.to_owned(), reading: Ok(reading) }
    }

    pub(super) fn unreadable(kind: impl Into<String>, external_id: &str, why: Unreadable) -> Self {
        Self { kind: kind.into(), external_id: external_id.to_owned(), reading: Err(why) }
    }
}

/// The page, and when the entry was made.
pub(super) struct Entry<'a> {
    pub(super) page: &'a str,
    /// Unix milliseconds; 0 when the entry does not say.
    pub(super) time: i64,
}

impl Entry<'_> {
    /// User and message ids belong to the page.
    pub(super) fn report(&self, aspect: impl Into<String>, version: String, fact: Fact) -> Reading {
        let scope = self.page.to_owned();
        Reading::Report(Box::new(Report { scope, aspect: aspect.into(), version, fact }))
    }
}

pub(crate) fn parse(body: &[u8]) -> Vec<Item> {
    let value = match json::read(body) {
        Ok(value) => value,
        Err(why) => return vec![item("", Update::unreadable("", "", why))],
    };
    let unknown = |detail: &str| {
        let why = Unreadable::new("envelope_unknown", detail);
        vec![item("", Update::unreadable("", "", why))]
    };
    if json::word(&value, "object") != "page" {
        return unknown("object is not page");
    }
    let Some(entries) = value.get("entry").and_then(Value::as_array) else {
        return unknown("entry is not a list");
    };
    entries.iter().flat_map(entry).collect()
}

fn entry(value: &Value) -> Vec<Item> {
    let Ok(page) = json::required_id(value, "id") else {
        let why = Unreadable::new("account_missing", "entry.id is missing");
        return vec![item("", Update::unreadable("entry", "", why))];
    };
    let time = json::seconds(value, "time").ok().flatten();
    let time = time.map_or(0, |time| time.unix_timestamp_nanos() / 1_000_000);
    let entry = Entry { page: &page, time: i64::try_from(time).unwrap_or(0) };
    let mut updates = Vec::new();
    for (name, prefix) in [("messaging", ""), ("standby", "standby.")] {
        let events = json::list(value, name).iter();
        updates.extend(events.map(|event| messaging::read(&entry, prefix, event)));
    }
    for change in json::list(value, "changes") {
        let field = json::word(change, "field");
        let value = change.get("value").unwrap_or(&Value::Null);
        updates.push(match field.as_str() {
            "feed" => feed::read(&entry, value),
            "mention" => mention::read(&entry, value),
            "" => Update::unreadable(
                "changes",
                "",
                Unreadable::new("payload_unknown", "field is missing"),
            ),
            _ => Update::new(field, "", Reading::Ignored("kind_unknown")),
        });
    }
    if updates.is_empty() {
        let names = ["messaging", "standby", "changes"];
        let malformed =
            names.iter().any(|name| json::member(value, name).is_some_and(|part| !part.is_array()));
        updates.push(if malformed {
            let why = Unreadable::new("payload_unknown", "updates are not a list");
            Update::unreadable("entry", "", why)
        } else {
            Update::new("entry", "", Reading::Ignored("kind_unknown"))
        });
    }
    updates.into_iter().map(|update| item(&page, update)).collect()
}

fn item(page: &str, update: Update) -> Item {
    let reading = update
        .reading
        .unwrap_or_else(|why| Reading::Unreadable { reason: why.reason, detail: why.detail });
    Item { account: page.to_owned(), kind: update.kind, external_id: update.external_id, reading }
}

/// A person known by id only.
pub(super) fn nameless(id: String) -> Person {
    Person { id, ..Person::default() }
}
