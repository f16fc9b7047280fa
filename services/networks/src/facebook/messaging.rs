//! Messenger events (`reference/networks.md` 3.1), also under `standby` when another
//! application owns the thread.

use serde_json::Value;

use super::inbound::{Entry, Update, WITHOUT_MESSAGE, nameless};
use crate::item::{
    Attachment, Edit, Fact, Message, MessageKind, OwnMessage, Reaction, Reading, Watermark, limits,
};
use crate::json::{self, Unreadable};

/// Kinds that are known to make no message.
const SILENT: [&str; 6] = [
    "referral",
    "pass_thread_control",
    "take_thread_control",
    "request_thread_control",
    "app_roles",
    "policy_enforcement",
];

/// Reads the part that gives an event its kind.
type Reader = fn(&Entry<'_>, &Value, &Value) -> Result<(String, Reading), Unreadable>;

const KINDS: [(&str, Reader); 6] = [
    ("message", message),
    ("postback", postback),
    ("delivery", delivery),
    ("read", read_mark),
    ("reaction", reaction),
    ("message_edit", edit),
];

pub(super) fn read(entry: &Entry<'_>, prefix: &str, event: &Value) -> Update {
    for (name, reader) in KINDS {
        let Some(part) = json::member(event, name) else { continue };
        let echo = part.get("is_echo").and_then(Value::as_bool) == Some(true);
        let kind = format!("{prefix}{name}{}", if echo { ".echo" } else { "" });
        return match reader(entry, event, part) {
            Ok((id, reading)) => Update::new(kind, &id, reading),
            Err(why) => {
                let id = json::id(part, "mid").ok().flatten().unwrap_or_default();
                Update::unreadable(kind, &id, why)
            }
        };
    }
    if let Some(name) = SILENT.into_iter().find(|name| event.get(name).is_some()) {
        return Update::new(format!("{prefix}{name}"), "", WITHOUT_MESSAGE);
    }
    if event.is_object() {
        return Update::new(format!("{prefix}messaging"), "", Reading::Ignored("kind_unknown"));
    }
    let why = Unreadable::new("payload_unknown", "the event is not an object");
    Update::unreadable(format!("{prefix}messaging"), "", why)
}

fn party(event: &Value, name: &str) -> Result<Option<String>, Unreadable> {
    json::id(event.get(name).unwrap_or(&Value::Null), "id")
}

fn sender(event: &Value) -> Result<String, Unreadable> {
    party(event, "sender")?.ok_or_else(|| Unreadable::new("sender_missing", "sender.id is missing"))
}

fn message(
    entry: &Entry<'_>,
    event: &Value,
    part: &Value,
) -> Result<(String, Reading), Unreadable> {
    let mid = json::required_id(part, "mid")?;
    let reply_to = part.get("reply_to").unwrap_or(&Value::Null);
    let message = Message {
        kind: MessageKind::PrivateMessage,
        text: json::text(part, "text")?.unwrap_or_default(),
        attachments: attachments(part)?,
        permalink: None,
        network_time: json::milliseconds(event, "timestamp")?,
        in_reply_to: json::id(reply_to, "mid")?.unwrap_or_default(),
        thread: String::new(),
    };
    let author = party(event, "sender")?;
    let echo = part.get("is_echo").and_then(Value::as_bool) == Some(true);
    let fact = if echo || author.as_deref() == Some(entry.page) {
        Fact::Own(OwnMessage {
            message,
            counterpart: party(event, "recipient")?.map(nameless),
            sender_metadata: json::word(part, "metadata"),
        })
    } else {
        Fact::Received { message, author: author.map(nameless) }
    };
    Ok((mid, entry.report("message", String::new(), fact)))
}

/// The customer pressed a button: its title is what they said.
fn postback(
    entry: &Entry<'_>,
    event: &Value,
    part: &Value,
) -> Result<(String, Reading), Unreadable> {
    let mid = json::required_id(part, "mid")?;
    let message = Message {
        kind: MessageKind::PrivateMessage,
        text: json::text(part, "title")?.unwrap_or_default(),
        attachments: Vec::new(),
        permalink: None,
        network_time: json::milliseconds(event, "timestamp")?,
        in_reply_to: String::new(),
        thread: String::new(),
    };
    let author = party(event, "sender")?.map(nameless);
    let fact = Fact::Received { message, author };
    Ok((mid, entry.report("message", String::new(), fact)))
}

fn attachments(part: &Value) -> Result<Vec<Attachment>, Unreadable> {
    let found = json::list(part, "attachments");
    if found.len() > limits::ATTACHMENTS {
        return Err(Unreadable::new("too_many_attachments", "message.attachments is too long"));
    }
    let stickers = found.iter().any(|attachment| json::word(attachment, "type") == "sticker");
    let read = found.iter().filter_map(|attachment| {
        let payload = attachment.get("payload").unwrap_or(&Value::Null);
        let kind = json::word(attachment, "type");
        if stickers && kind == "image" && json::member(payload, "sticker_id").is_some() {
            // Until 2026-08-30 a sticker came a second time, as an image.
            return None;
        }
        // A fallback's payload may be null; then the address stands beside it.
        let either = |read: fn(&Value, &str) -> String, name: &str| match read(payload, name) {
            text if text.is_empty() => read(attachment, name),
            text => text,
        };
        let url = either(json::address, "url");
        Some(Attachment { kind, url, title: either(json::word, "title") })
    });
    Ok(read.collect())
}

fn delivery(
    entry: &Entry<'_>,
    event: &Value,
    part: &Value,
) -> Result<(String, Reading), Unreadable> {
    watermark(entry, event, part, "delivered", Fact::Delivered)
}

fn read_mark(
    entry: &Entry<'_>,
    event: &Value,
    part: &Value,
) -> Result<(String, Reading), Unreadable> {
    watermark(entry, event, part, "read", Fact::Read)
}

/// Receipts name a moment; the ids of messages beside it are often absent, and add nothing.
fn watermark(
    entry: &Entry<'_>,
    event: &Value,
    part: &Value,
    aspect: &str,
    fact: fn(Watermark) -> Fact,
) -> Result<(String, Reading), Unreadable> {
    let who = sender(event)?;
    if who == entry.page {
        return Ok((String::new(), WITHOUT_MESSAGE));
    }
    let up_to = json::milliseconds(part, "watermark")?
        .ok_or_else(|| Unreadable::new("time_unreadable", "watermark is missing"))?;
    let version = (up_to.unix_timestamp_nanos() / 1_000_000).to_string();
    let fact = fact(Watermark { counterpart: nameless(who.clone()), up_to });
    Ok((who, entry.report(aspect, version, fact)))
}

fn reaction(
    entry: &Entry<'_>,
    event: &Value,
    part: &Value,
) -> Result<(String, Reading), Unreadable> {
    let mid = json::required_id(part, "mid")?;
    let actor = sender(event)?;
    let network_time = json::milliseconds(event, "timestamp")?;
    let action = json::word(part, "action");
    let (reaction, emoji) = match action.as_str() {
        "react" => (json::word(part, "reaction"), json::word(part, "emoji")),
        "unreact" => (String::new(), String::new()),
        _ => return Err(Unreadable::new("payload_unknown", "reaction.action is unknown")),
    };
    let at = network_time.map_or(0, |time| time.unix_timestamp_nanos() / 1_000_000);
    let aspect = format!("reaction:{actor}");
    let fact = Fact::Reacted(Reaction { actor: nameless(actor), reaction, emoji, network_time });
    Ok((mid, entry.report(aspect, format!("{at}:{action}"), fact)))
}

fn edit(entry: &Entry<'_>, event: &Value, part: &Value) -> Result<(String, Reading), Unreadable> {
    let mid = json::required_id(part, "mid")?;
    let text = json::text(part, "text")?
        .ok_or_else(|| Unreadable::new("text_unreadable", "message_edit.text is missing"))?;
    let count = part
        .get("num_edit")
        .and_then(Value::as_i64)
        .ok_or_else(|| Unreadable::new("payload_unknown", "message_edit.num_edit is missing"))?;
    let network_time = json::milliseconds(event, "timestamp")?;
    let fact = Fact::Edited(Edit { text, network_time, version: count });
    Ok((mid, entry.report("edited", count.to_string(), fact)))
}
