//! The envelope of an X Activity event (`reference/networks.md` 1.2); the older bodies are
//! [`legacy`]'s.

use serde_json::Value;

use super::{direct, legacy, post};
use crate::item::{Item, Person, Reading};
use crate::json::{self, Unreadable};

/// A kind that makes no message.
pub(super) const WITHOUT_MESSAGE: Reading = Reading::Ignored("kind_without_message");

/// Kinds that are known to make no message, by the start of their name.
const SILENT: [&str; 9] = [
    "post.repost.",
    "dm.indicate_typing",
    "follow.",
    "like.",
    "profile.update.",
    "mute.",
    "block.",
    "oauth.",
    "news.",
];

/// What every event says beside its payload.
pub(super) struct Envelope<'a> {
    /// `filter.user_id`: the account that subscribed.
    pub(super) account: String,
    pub(super) kind: String,
    pub(super) payload: &'a Value,
    /// Objects that the payload names by id; may be empty.
    pub(super) includes: &'a Value,
}

impl Envelope<'_> {
    pub(super) fn item(&self, external_id: &str, reading: Reading) -> Item {
        Item {
            account: self.account.clone(),
            kind: self.kind.clone(),
            external_id: external_id.to_owned(),
            reading,
        }
    }

    pub(super) fn unreadable(&self, external_id: &str, why: Unreadable) -> Item {
        self.item(external_id, Reading::Unreadable { reason: why.reason, detail: why.detail })
    }
}

pub(crate) fn parse(body: &[u8]) -> Vec<Item> {
    let value = match json::read(body) {
        Ok(value) => value,
        Err(why) => return vec![whole(why)],
    };
    if value.get("replay_job_status").is_some() {
        return vec![Item {
            account: String::new(),
            kind: "replay_job_status".to_owned(),
            external_id: String::new(),
            reading: WITHOUT_MESSAGE,
        }];
    }
    if legacy::is_one(&value) {
        return legacy::read(&value);
    }
    match envelope(&value) {
        Ok(envelope) => read(&envelope),
        Err(why) => vec![whole(why)],
    }
}

pub(super) fn whole(why: Unreadable) -> Item {
    Item {
        account: String::new(),
        kind: String::new(),
        external_id: String::new(),
        reading: Reading::Unreadable { reason: why.reason, detail: why.detail },
    }
}

fn envelope(value: &Value) -> Result<Envelope<'_>, Unreadable> {
    let unknown = |detail: &str| Unreadable::new("envelope_unknown", detail);
    let data = json::member(value, "data").ok_or_else(|| unknown("data is missing"))?;
    let kind = json::word(data, "event_type");
    if kind.is_empty() {
        return Err(unknown("data.event_type is missing"));
    }
    let payload = data.get("payload").unwrap_or(&Value::Null);
    let filter = data.get("filter").unwrap_or(&Value::Null);
    let account = json::id(filter, "user_id")?.unwrap_or_default();
    Ok(Envelope { account, kind, payload, includes: data.get("includes").unwrap_or(&Value::Null) })
}

fn read(envelope: &Envelope<'_>) -> Vec<Item> {
    let kind = envelope.kind.as_str();
    if SILENT.iter().any(|start| kind.starts_with(start)) {
        return vec![envelope.item("", WITHOUT_MESSAGE)];
    }
    if kind.starts_with("chat.") {
        // End-to-end encrypted: the text is not readable on any server.
        return vec![envelope.item("", Reading::Ignored("encrypted"))];
    }
    let reader = match kind {
        "post.create" | "post.mention.create" | "post.reply.create" | "post.quote.create" => {
            post::written
        }
        "post.delete" => post::deleted,
        "dm.received" | "dm.sent" => direct::messages,
        "dm.read" => direct::read_marks,
        _ => return vec![envelope.item("", Reading::Ignored("kind_unknown"))],
    };
    if envelope.account.is_empty() {
        let why = Unreadable::new("account_missing", "filter.user_id is missing");
        return vec![envelope.unreadable("", why)];
    }
    reader(envelope)
}

/// A person as X describes them, in either wrapping.
pub(super) fn person(user: &Value) -> Option<Person> {
    let user = json::unwrapped(user);
    Some(Person {
        id: json::id(user, "id").ok()??,
        name: json::word(user, "name"),
        handle: json::word(user, "username"),
        avatar_url: json::address(user, "profile_image_url"),
    })
}

/// The moment inside an id: X's ids count milliseconds since its epoch, shifted by 22 bits.
/// `None` for a number that is no such id, that is when its moment lies before 2015.
pub(super) fn moment_of(id: &str) -> Option<time::OffsetDateTime> {
    const EPOCH: i64 = 1_288_834_974_657;
    const OLDEST: i64 = 1_420_070_400_000;
    let milliseconds = (id.parse::<i64>().ok()? >> 22) + EPOCH;
    if milliseconds < OLDEST {
        return None;
    }
    time::OffsetDateTime::from_unix_timestamp_nanos(i128::from(milliseconds) * 1_000_000).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_knows_when_it_was_made() {
        // The sample of the reference: id and created_timestamp of one direct message.
        let moment = moment_of("2080763914820927863").expect("is an id of X");
        let lag = 1_784_927_750_704 - moment.unix_timestamp_nanos() / 1_000_000;
        assert!((0..100).contains(&lag), "{lag} ms apart");
        assert_eq!(moment_of("12345"), None);
        assert_eq!(moment_of("-2781149976877970683"), None);
        assert_eq!(moment_of("not a number"), None);
    }
}
