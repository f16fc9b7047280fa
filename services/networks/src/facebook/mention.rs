//! Changes of the field `mention`: somebody names the page in a post or comment elsewhere.

use serde_json::Value;

use super::feed;
use super::inbound::{Entry, Update};
use crate::item::{Fact, Message, MessageKind, OwnMessage, Permalink, Person, Reading};
use crate::json::{self, Unreadable};

pub(super) fn read(entry: &Entry<'_>, value: &Value) -> Update {
    let item = json::word(value, "item");
    let verb = json::word(value, "verb");
    let kind = format!("mention.{item}.{verb}");
    let id = match place(value) {
        Ok(id) => id,
        Err(why) => return Update::unreadable(kind, "", why),
    };
    let reading = match verb.as_str() {
        "add" => added(entry, value, &id),
        "edited" => feed::edited(entry, value),
        "remove" => feed::deleted(entry, value),
        _ => Ok(Reading::Ignored("kind_unknown")),
    };
    match reading {
        Ok(reading) => Update::new(kind, &id, reading),
        Err(why) => Update::unreadable(kind, &id, why),
    }
}

/// The id of the comment that names the page, else of the post.
fn place(value: &Value) -> Result<String, Unreadable> {
    match json::id(value, "comment_id")? {
        Some(comment) => Ok(comment),
        None => json::required_id(value, "post_id"),
    }
}

fn added(entry: &Entry<'_>, value: &Value, id: &str) -> Result<Reading, Unreadable> {
    let thread = json::id(value, "post_id")?.unwrap_or_default();
    let comment = id != thread;
    // A comment on the page's own post also comes as a feed change: one message, one kind.
    let at_home = thread.strip_prefix(entry.page).is_some_and(|rest| rest.starts_with('_'));
    let message = Message {
        kind: match (at_home, comment) {
            (true, true) => MessageKind::Comment,
            (true, false) => MessageKind::Post,
            (false, _) => MessageKind::Mention,
        },
        text: json::text(value, "message")?.unwrap_or_default(),
        attachments: Vec::new(),
        permalink: Some(Permalink {
            given: json::address(value, "permalink_url"),
            path: format!("/{id}"),
        }),
        network_time: json::seconds(value, "created_time")?,
        in_reply_to: if comment { thread.clone() } else { String::new() },
        thread,
    };
    let author = json::id(value, "sender_id")?.map(|id| Person {
        id,
        name: json::word(value, "sender_name"),
        ..Person::default()
    });
    let own = author.as_ref().is_some_and(|author| author.id == entry.page);
    let fact = if own {
        Fact::Own(OwnMessage { message, counterpart: None, sender_metadata: String::new() })
    } else {
        Fact::Received { message, author }
    };
    Ok(entry.report("message", String::new(), fact))
}
