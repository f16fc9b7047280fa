//! Changes of the field `feed` (`reference/networks.md` 3.2): comments, visitors' posts, and
//! reactions, which make no message.

use serde_json::Value;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use super::inbound::{Entry, Update, WITHOUT_MESSAGE};
use crate::item::{
    Attachment, Deletion, Edit, Fact, Message, MessageKind, OwnMessage, Permalink, Person, Reading,
};
use crate::json::{self, Unreadable};

pub(super) fn read(entry: &Entry<'_>, value: &Value) -> Update {
    let item = json::word(value, "item");
    let verb = json::word(value, "verb");
    let kind = format!("feed.{item}.{verb}");
    let (id_name, reader): (_, Reader) = match item.as_str() {
        "comment" => ("comment_id", comment),
        "status" | "photo" | "video" | "post" | "share" => ("post_id", post),
        "reaction" | "like" => return Update::new(kind, "", WITHOUT_MESSAGE),
        "" => {
            let why = Unreadable::new("payload_unknown", "value.item is missing");
            return Update::unreadable("feed", "", why);
        }
        _ => return Update::new(kind, "", Reading::Ignored("kind_unknown")),
    };
    let id = match json::required_id(value, id_name) {
        Ok(id) => id,
        Err(why) => return Update::unreadable(kind, "", why),
    };
    match reader(entry, value, &verb, &id) {
        Ok(reading) => Update::new(kind, &id, reading),
        Err(why) => Update::unreadable(kind, &id, why),
    }
}

type Reader = fn(&Entry<'_>, &Value, &str, &str) -> Result<Reading, Unreadable>;

fn comment(entry: &Entry<'_>, value: &Value, verb: &str, id: &str) -> Result<Reading, Unreadable> {
    match verb {
        "add" => {}
        "edited" => return edited(entry, value),
        "remove" => return deleted(entry, value),
        // Moderation, ours included: the message stays what it is.
        "hide" | "unhide" => return Ok(WITHOUT_MESSAGE),
        _ => return Ok(Reading::Ignored("kind_unknown")),
    }
    let thread = json::id(value, "post_id")?.unwrap_or_default();
    let parent = json::id(value, "parent_id")?;
    let message = Message {
        kind: MessageKind::Comment,
        text: json::text(value, "message")?.unwrap_or_default(),
        attachments: attachments(value),
        permalink: Some(comment_permalink(value, id)),
        network_time: json::seconds(value, "created_time")?,
        in_reply_to: parent.unwrap_or_else(|| thread.clone()),
        thread,
    };
    let author = author(value)?;
    let own = author.as_ref().is_some_and(|author| author.id == entry.page);
    let fact = if own {
        // Whom the page answers is found through `in_reply_to`.
        Fact::Own(OwnMessage { message, counterpart: None, sender_metadata: String::new() })
    } else {
        Fact::Received { message, author }
    };
    Ok(entry.report("message", String::new(), fact))
}

fn post(entry: &Entry<'_>, value: &Value, verb: &str, id: &str) -> Result<Reading, Unreadable> {
    let author = author(value)?;
    if author.as_ref().is_some_and(|author| author.id == entry.page) {
        // It answers nobody, so it belongs to no conversation.
        return Ok(Reading::Ignored("own_post"));
    }
    let unpublished = match value.get("published") {
        Some(Value::Bool(published)) => !published,
        Some(published) => published.as_i64() == Some(0),
        None => false,
    };
    if unpublished {
        return Ok(Reading::Ignored("unpublished"));
    }
    match verb {
        "add" => {}
        "edited" => return edited(entry, value),
        "remove" => return deleted(entry, value),
        _ => return Ok(Reading::Ignored("kind_unknown")),
    }
    let about = value.get("post").unwrap_or(&Value::Null);
    let message = Message {
        kind: MessageKind::Post,
        text: json::text(value, "message")?.unwrap_or_default(),
        attachments: attachments(value),
        permalink: Some(Permalink {
            given: json::address(about, "permalink_url"),
            path: format!("/{id}"),
        }),
        network_time: json::seconds(value, "created_time")?,
        in_reply_to: String::new(),
        thread: id.to_owned(),
    };
    Ok(entry.report("message", String::new(), Fact::Received { message, author }))
}

/// The person under `from`; absent when the network withholds who it is.
fn author(value: &Value) -> Result<Option<Person>, Unreadable> {
    let from = value.get("from").unwrap_or(&Value::Null);
    let id = json::id(from, "id")?;
    Ok(id.map(|id| Person { id, name: json::word(from, "name"), ..Person::default() }))
}

fn attachments(value: &Value) -> Vec<Attachment> {
    let named = ["photo", "video"].into_iter().filter_map(|kind| {
        let url = json::address(value, kind);
        (!url.is_empty()).then(|| Attachment { kind: kind.to_owned(), url, title: String::new() })
    });
    let mut found: Vec<_> = named.collect();
    let link = json::address(value, "link");
    if !link.is_empty() {
        // A post's photo, video or shared page stands under `link`.
        found.push(Attachment { kind: json::word(value, "item"), url: link, title: String::new() });
    }
    found
}

/// A comment is shown under its post, which the update describes; the comment's own number
/// follows the underscore of its id.
fn comment_permalink(value: &Value, id: &str) -> Permalink {
    let about = value.get("post").unwrap_or(&Value::Null);
    let post = json::address(about, "permalink_url");
    let given = if post.is_empty() {
        String::new()
    } else {
        let number = id.rsplit('_').next().unwrap_or(id);
        let separator = if post.contains('?') { '&' } else { '?' };
        format!("{post}{separator}comment_id={number}")
    };
    Permalink { given, path: format!("/{id}") }
}

/// Facebook gives no count of edits: the time of the update orders them, and the text tells two
/// edits of one second apart.
pub(super) fn edited(entry: &Entry<'_>, value: &Value) -> Result<Reading, Unreadable> {
    let text = json::text(value, "message")?.unwrap_or_default();
    let version = edit_time(entry, value)?;
    let digest = hex::encode(&Sha256::digest(text.as_bytes())[..8]);
    let network_time =
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(version) * 1_000_000).ok();
    let fact = Fact::Edited(Edit { text, network_time, version });
    Ok(entry.report("edited", format!("{version}:{digest}"), fact))
}

/// `created_time` of an edit is the comment's own in some captures and the edit's in others; the
/// entry's time is never older than the edit.
fn edit_time(entry: &Entry<'_>, value: &Value) -> Result<i64, Unreadable> {
    let created = json::seconds(value, "created_time")?;
    let created = created.map_or(0, |time| time.unix_timestamp_nanos() / 1_000_000);
    Ok(entry.time.max(i64::try_from(created).unwrap_or(0)))
}

pub(super) fn deleted(entry: &Entry<'_>, value: &Value) -> Result<Reading, Unreadable> {
    let network_time = json::seconds(value, "created_time")?;
    let fact = Fact::Deleted(Deletion { network_time });
    Ok(entry.report("deleted", String::new(), fact))
}
