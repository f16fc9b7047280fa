//! The frames of `/api/v1/live`.
//!
//! A frame to a socket is made of two parts: what it says, written once for all sockets, and its
//! number and cursor, which are each socket's own.

use std::fmt::Write as _;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::personal::Personal;
use crate::domain::ring::Settings;
use crate::domain::viewers::Viewer;
use crate::domain::{ContactId, ConversationId, MessageId, NotificationId};
use crate::wire::names::Names;
use crate::wire::{personal, rest};

/// Longest frame from a client, in bytes.
pub const LONGEST_FRAME: usize = 64 * 1024;
/// Most conversations that a client declares to show.
pub const MOST_SHOWN: usize = 1_000;
/// Most of them whose rows it asks for at a time.
pub const MOST_WANTED: usize = 200;

/// What a client says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FromClient {
    /// The first frame.
    Hello {
        /// Where the client stands; opaque.
        cursor: String,
        /// What it shows.
        shown: Vec<ConversationId>,
        /// What it has open.
        open: Option<ConversationId>,
        /// Whether it places what it does not show by [`Body::moved`]. A client that does not
        /// say so is told every row whole.
        moved: bool,
    },
    /// What it shows now.
    Show {
        /// Which rows.
        shown: Vec<ConversationId>,
        /// What it has open.
        open: Option<ConversationId>,
        /// Those of the rows that it does not have as they are now.
        want: Vec<ConversationId>,
    },
    /// Its member types in a conversation, or does no longer.
    Typing {
        /// Where.
        conversation: ConversationId,
        /// Whether they do.
        on: bool,
    },
    /// The answer to a ping.
    Pong,
}

#[derive(Deserialize)]
#[serde(tag = "t", rename_all = "snake_case", deny_unknown_fields)]
enum Raw {
    Hello {
        cursor: String,
        shown: Vec<ConversationId>,
        open: Option<ConversationId>,
        #[serde(default)]
        moved: bool,
    },
    Show {
        shown: Vec<ConversationId>,
        open: Option<ConversationId>,
        #[serde(default)]
        want: Vec<ConversationId>,
    },
    Typing {
        conversation: ConversationId,
        on: bool,
    },
    Pong {},
}

/// Reads a client's frame; none if it is none.
#[must_use]
pub fn read(text: &str) -> Option<FromClient> {
    let raw: Raw = serde_json::from_str(text).ok()?;
    match raw {
        Raw::Hello { shown, .. } | Raw::Show { shown, .. } if shown.len() > MOST_SHOWN => None,
        Raw::Show { want, .. } if want.len() > MOST_WANTED => None,
        Raw::Hello { cursor, shown, open, moved } => {
            Some(FromClient::Hello { cursor, shown, open, moved })
        }
        Raw::Show { shown, open, want } => Some(FromClient::Show { shown, open, want }),
        Raw::Typing { conversation, on } => Some(FromClient::Typing { conversation, on }),
        Raw::Pong {} => Some(FromClient::Pong),
    }
}

/// The server's answer to the hello.
#[derive(Serialize)]
struct Welcome<'a> {
    t: &'static str,
    resumed: bool,
    conn: &'a str,
    ui_build: &'a str,
}

/// The server's answer to the hello.
#[must_use]
pub fn welcome(resumed: bool, connection: &str, ui_build: &str) -> String {
    written(&Welcome { t: "welcome", resumed, conn: connection, ui_build })
}

#[derive(Serialize)]
struct WithCursor<'a> {
    t: &'static str,
    #[serde(rename = "cursor", skip_serializing_if = "Option::is_none")]
    cursor: Option<&'a str>,
    #[serde(rename = "c", skip_serializing_if = "Option::is_none")]
    current: Option<&'a str>,
}

/// Start anew; what is told from here on comes after `cursor`.
#[must_use]
pub fn reset(cursor: &str) -> String {
    written(&WithCursor { t: "reset", cursor: Some(cursor), current: None })
}

/// Answer this. The cursor, when given, is where the client stands if it received everything.
#[must_use]
pub fn ping(cursor: Option<&str>) -> String {
    written(&WithCursor { t: "ping", cursor: None, current: cursor })
}

#[derive(Serialize)]
struct Goodbye {
    t: &'static str,
    after: u64,
}

/// The last frame of a gateway that stops: connect again, to another one, after this while (in
/// milliseconds).
#[must_use]
pub fn goodbye(after: Duration) -> String {
    let after = u64::try_from(after.as_millis()).unwrap_or(u64::MAX);
    written(&Goodbye { t: "goodbye", after })
}

/// What one event says, written once: `"k":…,"d":…}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body(String);

impl Body {
    /// A conversation as it is now.
    #[must_use]
    pub fn row(row: &rest::Row) -> Self {
        Self::new("conversation.upsert", row)
    }

    /// Where a conversation stands now: all that lists place it by, and no word of a customer.
    #[must_use]
    pub fn moved(row: &rest::Row) -> Self {
        let key = Place {
            state: row.state,
            waiting_since: row.waiting_since.as_deref(),
            last_activity_at: row.last_activity_at.as_deref(),
            resolved_at: row.resolved_at.as_deref(),
            owner_member_id: row.owner.as_ref().map(|owner| owner.member_id.as_str()),
            channel_ids: &row.channel_ids,
            kind: row.last.kind,
            absorbed: row.absorbed_into.is_some(),
        };
        Self::new("moved", &Moved { id: &row.id, rev: row.rev, key })
    }

    /// A conversation is not there any more.
    #[must_use]
    pub fn gone(conversation: ConversationId) -> Self {
        Self::new("conversation.gone", &Gone { id: conversation })
    }

    /// A message as it is now.
    #[must_use]
    pub fn message(message: &rest::Message) -> Self {
        Self::new("message.upsert", message)
    }

    /// A note as it is now, deleted or not.
    #[must_use]
    pub fn note(note: &rest::Note) -> Self {
        Self::new("note.upsert", note)
    }

    /// Something else is known of a contact.
    #[must_use]
    pub fn contact(contact: ContactId) -> Self {
        Self::new("contact.upsert", &ChangedContact { contact_id: contact })
    }

    /// A message is not there any more: it turned out to be another one.
    #[must_use]
    pub fn message_gone(conversation: ConversationId, message: MessageId) -> Self {
        Self::new("message.gone", &MessageGone { id: message, conversation_id: conversation })
    }

    /// What a member alone is told.
    #[must_use]
    pub fn personal(told: &Personal) -> Self {
        match told {
            Personal::Availability(availability) => {
                Self::new("availability", &personal::shown_availability(availability))
            }
            Personal::Raised(notification) => {
                Self::new("notification.raise", &personal::shown_notification(notification))
            }
            Personal::Withdrawn { notification, conversation } => Self::new(
                "notification.withdraw",
                &Withdrawn { id: *notification, conversation_id: *conversation },
            ),
        }
    }

    /// How many conversations are in each queue; `rev` grows with what was counted.
    #[must_use]
    pub fn counts(counts: rest::Counts, rev: u64) -> Self {
        Self::new("counts", &Counted { counts, rev })
    }

    /// Settings that must be read again.
    #[must_use]
    pub fn settings(settings: Settings) -> Self {
        let key = match settings {
            Settings::Organization => "organization",
            Settings::Channels => "channels",
            Settings::Members => "members",
            Settings::AwayStates => "away_states",
            Settings::ContactAttributes => "contact_attributes",
            Settings::LinkShortening => "link_shortening",
        };
        Self::new("settings.changed", &Changed { keys: [key] })
    }

    fn new<T: Serialize>(kind: &'static str, data: &T) -> Self {
        Self(format!("\"k\":\"{kind}\",\"d\":{}}}", written(data)))
    }

    /// Its length in bytes.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }
}

#[derive(Serialize)]
struct Moved<'a> {
    id: &'a str,
    rev: i64,
    key: Place<'a>,
}

#[derive(Serialize)]
struct Place<'a> {
    state: rest::State,
    waiting_since: Option<&'a str>,
    last_activity_at: Option<&'a str>,
    resolved_at: Option<&'a str>,
    owner_member_id: Option<&'a str>,
    channel_ids: &'a [String],
    kind: Option<rest::MessageKind>,
    absorbed: bool,
}

#[derive(Serialize)]
struct Gone {
    id: ConversationId,
}

#[derive(Serialize)]
struct ChangedContact {
    contact_id: ContactId,
}

#[derive(Serialize)]
struct MessageGone {
    id: MessageId,
    conversation_id: ConversationId,
}

#[derive(Serialize)]
struct Withdrawn {
    id: NotificationId,
    conversation_id: Option<ConversationId>,
}

#[derive(Serialize)]
struct Seen {
    member_id: String,
    name: String,
    typing: bool,
}

#[derive(Serialize)]
struct Room {
    conversation_id: ConversationId,
    viewers: Vec<Seen>,
}

/// A member's own availability as routing answers: a frame without number and cursor.
#[must_use]
pub fn availability(of: &rest::OwnAvailability) -> String {
    beside(&Body::new("availability", of))
}

#[derive(Serialize)]
struct ChangedDraft<'a> {
    conversation_id: ConversationId,
    mode: rest::DraftMode,
    draft: Option<&'a rest::Draft>,
}

/// A member's draft as it stands now: a frame without number and cursor.
#[must_use]
pub fn draft(
    conversation: ConversationId,
    mode: rest::DraftMode,
    draft: Option<&rest::Draft>,
) -> String {
    beside(&Body::new("draft", &ChangedDraft { conversation_id: conversation, mode, draft }))
}

/// Settings that must be read again, of which no stream tells: a frame without number and cursor.
#[must_use]
pub fn settings(changed: Settings) -> String {
    beside(&Body::settings(changed))
}

fn beside(body: &Body) -> String {
    format!("{{\"t\":\"side\",{}", body.0)
}

/// Who looks at a conversation: a frame without number and cursor, which is never repeated.
#[must_use]
pub fn viewers(conversation: ConversationId, viewers: &[Viewer], names: &Names) -> String {
    let viewers = viewers.iter().map(|viewer| {
        let member_id = viewer.member.to_string();
        Seen { name: names.name(&member_id), member_id, typing: viewer.typing }
    });
    let room = Room { conversation_id: conversation, viewers: viewers.collect() };
    beside(&Body::new("viewers", &room))
}

#[derive(Serialize)]
struct Counted {
    #[serde(flatten)]
    counts: rest::Counts,
    rev: u64,
}

#[derive(Serialize)]
struct Changed {
    keys: [&'static str; 1],
}

/// The frame of these events for one socket: numbered on from `number`, the cursor moved by the
/// last of them. None without an event.
#[must_use]
pub fn events(bodies: &[&Body], number: &mut u64, before: &str, after: &str) -> Option<String> {
    let (last, others) = bodies.split_last()?;
    let length: usize = bodies.iter().map(|body| body.len() + after.len() + 40).sum();
    let mut frame = String::with_capacity(length + 32);
    let mut write = |body: &Body, cursor: &str| {
        *number += 1;
        // Writing to a String cannot fail.
        let _ = write!(frame, "{{\"t\":\"ev\",\"n\":{number},\"c\":\"{cursor}\",{}", body.0);
        frame.push(',');
    };
    for body in others {
        write(body, before);
    }
    write(last, after);
    frame.pop();
    Some(if others.is_empty() { frame } else { format!("{{\"t\":\"batch\",\"evs\":[{frame}]}}") })
}

/// Our own types have no shape that JSON cannot express.
fn written<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hello_is_read_and_anything_else_is_not() {
        let open = ConversationId::mint();
        let text = format!(r#"{{"t":"hello","cursor":"abc","shown":["{open}"],"open":"{open}"}}"#);
        let hello = |moved| FromClient::Hello {
            cursor: "abc".into(),
            shown: vec![open],
            open: Some(open),
            moved,
        };
        assert_eq!(read(&text), Some(hello(false)));
        assert_eq!(read(&text.replace('}', r#","moved":true}"#)), Some(hello(true)));
        let show = |want| FromClient::Show { shown: Vec::new(), open: None, want };
        assert_eq!(read(r#"{"t":"show","shown":[],"open":null}"#), Some(show(Vec::new())));
        let wanting = format!(r#"{{"t":"show","shown":[],"open":null,"want":["{open}"]}}"#);
        assert_eq!(read(&wanting), Some(show(vec![open])));
        assert_eq!(read(r#"{"t":"pong"}"#), Some(FromClient::Pong));
        let typing = format!(r#"{{"t":"typing","conversation":"{open}","on":true}}"#);
        assert_eq!(read(&typing), Some(FromClient::Typing { conversation: open, on: true }));
        for wrong in [
            "",
            "null",
            "[]",
            r#"{"t":"goodbye"}"#,
            r#"{"t":"hello","shown":[],"open":null}"#,
            r#"{"t":"hello","cursor":1,"shown":[],"open":null}"#,
            r#"{"t":"show","shown":["msg_1"],"open":null}"#,
            r#"{"t":"show","shown":[],"open":null,"organization":"org_1"}"#,
            r#"{"t":"show","shown":"all","open":null}"#,
            r#"{"t":"typing","conversation":null,"on":true}"#,
            r#"{"t":"typing","on":true}"#,
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn too_many_shown_conversations_are_refused() {
        let frame = |shown: usize, want: usize| {
            let of = |count| vec![ConversationId::mint(); count];
            let frame = serde_json::json!({"t": "show", "shown": of(shown), "open": null, "want": of(want)});
            frame.to_string()
        };
        assert!(read(&frame(MOST_SHOWN, MOST_WANTED)).is_some());
        assert!(read(&frame(MOST_SHOWN + 1, 0)).is_none());
        assert!(read(&frame(0, MOST_WANTED + 1)).is_none());
    }

    #[test]
    fn events_are_numbered_and_only_the_last_moves_the_cursor() {
        let bodies = [Body::settings(Settings::Channels), Body::gone(ConversationId::mint())];
        let mut number = 4;
        let frame = events(&[&bodies[0], &bodies[1]], &mut number, "old", "new").expect("a frame");
        let json: serde_json::Value = serde_json::from_str(&frame).expect("JSON");
        assert_eq!(json["t"], "batch");
        assert_eq!((&json["evs"][0]["n"], &json["evs"][0]["c"]), (&5.into(), &"old".into()));
        assert_eq!((&json["evs"][1]["n"], &json["evs"][1]["c"]), (&6.into(), &"new".into()));
        assert_eq!(json["evs"][0]["d"]["keys"][0], "channels");
        let single = events(&[&bodies[0]], &mut number, "old", "new").expect("a frame");
        let json: serde_json::Value = serde_json::from_str(&single).expect("JSON");
        assert_eq!((&json["t"], &json["n"], &json["c"]), (&"ev".into(), &7.into(), &"new".into()));
        assert_eq!(events(&[], &mut number, "old", "new"), None);
    }

    #[test]
    fn a_goodbye_says_in_milliseconds_when_to_come_back() {
        let frame = goodbye(Duration::from_millis(1_250));
        assert_eq!(frame, r#"{"t":"goodbye","after":1250}"#);
    }

    #[test]
    fn counts_are_flat_with_their_rev() {
        let counts = rest::Counts { new: 1, pending: 2, all: 3, resolved: 4 };
        let frame = events(&[&Body::counts(counts, 9)], &mut 0, "a", "b").expect("a frame");
        let json: serde_json::Value = serde_json::from_str(&frame).expect("JSON");
        assert_eq!(
            json["d"],
            serde_json::json!({"new":1,"pending":2,"all":3,"resolved":4,"rev":9})
        );
    }
}
