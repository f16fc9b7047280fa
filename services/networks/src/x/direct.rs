//! Direct messages: the unencrypted ones, which keep the shape of the older API.

use serde_json::Value;

use super::inbound::{Envelope, WITHOUT_MESSAGE, moment_of, person};
use crate::item::{
    Attachment, Fact, Item, Message, MessageKind, OwnMessage, Person, Reading, Report, Watermark,
};
use crate::json::{self, Unreadable};

pub(super) fn messages(envelope: &Envelope<'_>) -> Vec<Item> {
    each(envelope, "direct_message_events", |event| {
        if json::word(event, "type") != "message_create" {
            return Ok((String::new(), Reading::Ignored("kind_unknown")));
        }
        let id = json::required_id(event, "id")?;
        let fact = message(envelope, event)?;
        Ok((id, report("message", String::new(), fact)))
    })
}

/// An event's id is made some tens of milliseconds before its `created_timestamp`.
const MAKING: time::Duration = time::Duration::SECOND;

/// The body is documented for the older API only. Everything up to the last event that was read
/// counts; its id tells nearly when that was, the time of reading would claim too much.
pub(super) fn read_marks(envelope: &Envelope<'_>) -> Vec<Item> {
    each(envelope, "direct_message_mark_read_events", |event| {
        let reader = json::required_id(event, "sender_id")?;
        if reader == envelope.account {
            // We read theirs, in some other client.
            return Ok((String::new(), WITHOUT_MESSAGE));
        }
        let last = json::id(event, "last_read_event_id")?.unwrap_or_default();
        let read_at = json::milliseconds(event, "created_timestamp")?;
        let last_read = moment_of(&last).map(|made| made + MAKING);
        let up_to =
            [last_read, read_at].into_iter().flatten().min().ok_or_else(|| {
                Unreadable::new("time_unreadable", "created_timestamp is missing")
            })?;
        let version = (up_to.unix_timestamp_nanos() / 1_000_000).to_string();
        let counterpart = found(envelope, reader.clone());
        let fact = Fact::Read(Watermark { counterpart, up_to });
        Ok((reader, report("read", version, fact)))
    })
}

fn each(
    envelope: &Envelope<'_>,
    name: &str,
    read: impl Fn(&Value) -> Result<(String, Reading), Unreadable>,
) -> Vec<Item> {
    let events = json::list(envelope.payload, name);
    if events.is_empty() {
        let why = Unreadable::new("payload_unknown", format!("payload.{name} is missing"));
        return vec![envelope.unreadable("", why)];
    }
    let items = events.iter().map(|event| match read(event) {
        Ok((id, reading)) => envelope.item(&id, reading),
        Err(why) => {
            let id = json::id(event, "id").ok().flatten().unwrap_or_default();
            envelope.unreadable(&id, why)
        }
    });
    items.collect()
}

fn message(envelope: &Envelope<'_>, event: &Value) -> Result<Fact, Unreadable> {
    let created = json::member(event, "message_create")
        .ok_or_else(|| Unreadable::new("payload_unknown", "message_create is missing"))?;
    let data = created.get("message_data").unwrap_or(&Value::Null);
    let message = Message {
        kind: MessageKind::PrivateMessage,
        text: json::text(data, "text")?.unwrap_or_default(),
        attachments: json::member(data, "attachment").map(attachment).into_iter().collect(),
        permalink: None,
        network_time: json::milliseconds(event, "created_timestamp")?,
        in_reply_to: String::new(),
        thread: String::new(),
    };
    let sender = json::id(created, "sender_id")?;
    if sender.as_ref() == Some(&envelope.account) {
        let target = created.get("target").unwrap_or(&Value::Null);
        let counterpart = json::id(target, "recipient_id")?.map(|id| found(envelope, id));
        return Ok(Fact::Own(OwnMessage { message, counterpart, sender_metadata: String::new() }));
    }
    Ok(Fact::Received { message, author: sender.map(|id| found(envelope, id)) })
}

/// Documented for the older API only: `{"type":"media","media":{…}}` or a shared place.
fn attachment(attachment: &Value) -> Attachment {
    let media = attachment.get("media").unwrap_or(&Value::Null);
    let kind = match json::word(media, "type") {
        kind if kind.is_empty() => json::word(attachment, "type"),
        kind => kind,
    };
    Attachment { kind, url: json::address(media, "media_url_https"), title: String::new() }
}

/// The person by id, with what the payload's map of users adds to it.
fn found(envelope: &Envelope<'_>, id: String) -> Person {
    envelope
        .payload
        .get("users")
        .and_then(|users| users.get(&id))
        .and_then(person)
        .filter(|person| person.id == id)
        .unwrap_or(Person { id, ..Person::default() })
}

fn report(aspect: &str, version: String, fact: Fact) -> Reading {
    let scope = String::new();
    Reading::Report(Box::new(Report { scope, aspect: aspect.to_owned(), version, fact }))
}
