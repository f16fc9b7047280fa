//! History entries and the small documents beside them, as `jsonb`.

use std::collections::{BTreeMap, BTreeSet};

use kit_values::Fault;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::history::{Fact, Joined, ResolveReason};
use crate::domain::message;
use crate::domain::seen::Unseen;
use crate::domain::standing::{Contents, Last};
use crate::domain::words::{
    ChannelId, ConversationId, Direction, MessageId, MessageKind, NetworkOrder,
};

/// A fact as it is kept. A field is only ever added, with a default.
#[derive(Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
enum Detail {
    Opened {
        ordinal: i32,
        previous: Option<Uuid>,
        dormant: bool,
    },
    Joined {
        message: Uuid,
        sequence: i64,
        order: Order,
        kind: i16,
        direction: i16,
        channel: Uuid,
        history: bool,
    },
    Reopened {
        by: i16,
    },
    ResolvedAutomatically {
        seen_through: i64,
    },
    Absorbed {
        from: Uuid,
        contents: Held,
    },
    BecamePartOf {
        into: Uuid,
    },
    Merged {
        message: Uuid,
        channel: Uuid,
        kind: i16,
    },
    Withdrawn {
        message: Uuid,
        last: Option<Newest>,
        channels: Vec<Uuid>,
    },
}

#[derive(Serialize, Deserialize)]
struct Order {
    #[serde(with = "time::serde::rfc3339")]
    time: OffsetDateTime,
    external_id: String,
}

#[derive(Serialize, Deserialize)]
struct Newest {
    order: Order,
    message: Uuid,
    kind: i16,
    direction: i16,
}

#[derive(Serialize, Deserialize)]
struct Held {
    message_count: i64,
    last_sequence: i64,
    #[serde(with = "time::serde::rfc3339::option")]
    newest_echo: Option<OffsetDateTime>,
    unseen: Vec<NotSeen>,
    last: Option<Newest>,
    channels: Vec<Uuid>,
}

#[derive(Serialize, Deserialize)]
struct NotSeen {
    #[serde(with = "time::serde::rfc3339")]
    time: OffsetDateTime,
    sequence: i64,
    kind: i16,
}

/// What is kept of a fact.
pub(super) fn write_fact(fact: &Fact) -> Result<String, Fault> {
    let detail = match fact {
        Fact::Opened { ordinal, previous, dormant } => Detail::Opened {
            ordinal: *ordinal,
            previous: previous.map(ConversationId::uuid),
            dormant: *dormant,
        },
        Fact::Joined(joined) => Detail::Joined {
            message: joined.message.uuid(),
            sequence: joined.sequence,
            order: Order::of(&joined.order),
            kind: joined.kind.code(),
            direction: joined.direction.code(),
            channel: joined.channel.uuid(),
            history: joined.history,
        },
        Fact::Reopened { by } => Detail::Reopened { by: by.code() },
        Fact::Resolved { reason: ResolveReason::Automatic, seen_through } => {
            Detail::ResolvedAutomatically { seen_through: *seen_through }
        }
        Fact::Absorbed { from, contents } => {
            Detail::Absorbed { from: from.uuid(), contents: Held::of(contents) }
        }
        Fact::BecamePartOf { into } => Detail::BecamePartOf { into: into.uuid() },
        Fact::Merged { message, channel, kind } => {
            Detail::Merged { message: message.uuid(), channel: channel.uuid(), kind: kind.code() }
        }
        Fact::Withdrawn { message, last, channels } => Detail::Withdrawn {
            message: message.uuid(),
            last: last.as_ref().map(Newest::of),
            channels: channels.iter().map(|channel| channel.uuid()).collect(),
        },
    };
    serde_json::to_string(&detail).map_err(Fault::internal)
}

/// The fact that was kept.
pub(super) fn read_fact(detail: serde_json::Value) -> Result<Fact, Fault> {
    let detail: Detail = serde_json::from_value(detail).map_err(Fault::internal)?;
    Ok(match detail {
        Detail::Opened { ordinal, previous, dormant } => {
            let previous = previous.map(ConversationId::from_uuid);
            Fact::Opened { ordinal, previous, dormant }
        }
        Detail::Joined {
            message,
            sequence,
            order,
            kind: code,
            direction: by,
            channel,
            history,
        } => Fact::Joined(Joined {
            message: MessageId::from_uuid(message),
            sequence,
            order: order.read(),
            kind: kind(code)?,
            direction: direction(by)?,
            channel: ChannelId::from_uuid(channel),
            history,
        }),
        Detail::Reopened { by } => Fact::Reopened { by: direction(by)? },
        Detail::ResolvedAutomatically { seen_through } => {
            Fact::Resolved { reason: ResolveReason::Automatic, seen_through }
        }
        Detail::Absorbed { from, contents } => {
            Fact::Absorbed { from: ConversationId::from_uuid(from), contents: contents.read()? }
        }
        Detail::BecamePartOf { into } => {
            Fact::BecamePartOf { into: ConversationId::from_uuid(into) }
        }
        Detail::Merged { message, channel, kind: code } => Fact::Merged {
            message: MessageId::from_uuid(message),
            channel: ChannelId::from_uuid(channel),
            kind: kind(code)?,
        },
        Detail::Withdrawn { message, last, channels } => Fact::Withdrawn {
            message: MessageId::from_uuid(message),
            last: last.map(Newest::read).transpose()?,
            channels: channels.into_iter().map(ChannelId::from_uuid).collect(),
        },
    })
}

impl Order {
    fn of(order: &NetworkOrder) -> Self {
        Self { time: order.time, external_id: order.external_id.clone() }
    }

    fn read(self) -> NetworkOrder {
        NetworkOrder { time: self.time, external_id: self.external_id }
    }
}

impl Newest {
    fn of(last: &Last) -> Self {
        Self {
            order: Order::of(&last.order),
            message: last.message.uuid(),
            kind: last.kind.code(),
            direction: last.direction.code(),
        }
    }

    fn read(self) -> Result<Last, Fault> {
        Ok(Last {
            order: self.order.read(),
            message: MessageId::from_uuid(self.message),
            kind: kind(self.kind)?,
            direction: direction(self.direction)?,
        })
    }
}

impl Held {
    fn of(contents: &Contents) -> Self {
        Self {
            message_count: contents.message_count,
            last_sequence: contents.last_sequence,
            newest_echo: contents.newest_echo,
            unseen: contents
                .unseen
                .iter()
                .map(|one| NotSeen {
                    time: one.time,
                    sequence: one.sequence,
                    kind: one.kind.code(),
                })
                .collect(),
            last: contents.last.as_ref().map(Newest::of),
            channels: contents.channels.iter().map(|channel| channel.uuid()).collect(),
        }
    }

    fn read(self) -> Result<Contents, Fault> {
        let unseen = self.unseen.into_iter().map(|one| {
            Ok(Unseen { time: one.time, sequence: one.sequence, kind: kind(one.kind)? })
        });
        Ok(Contents {
            message_count: self.message_count,
            last_sequence: self.last_sequence,
            newest_echo: self.newest_echo,
            unseen: unseen.collect::<Result<BTreeSet<_>, Fault>>()?,
            last: self.last.map(Newest::read).transpose()?,
            channels: self.channels.into_iter().map(ChannelId::from_uuid).collect(),
        })
    }
}

#[derive(Serialize, Deserialize)]
struct Attached {
    #[serde(rename = "type")]
    kind: String,
    url: String,
    title: String,
}

#[derive(Serialize, Deserialize)]
struct Reacted {
    actor: String,
    reaction: String,
    emoji: String,
    #[serde(with = "time::serde::rfc3339")]
    time: OffsetDateTime,
}

pub(super) fn write_attachments(attachments: &[message::Attachment]) -> Result<String, Fault> {
    let kept: Vec<Attached> = attachments
        .iter()
        .map(|one| Attached {
            kind: one.kind.clone(),
            url: one.url.clone(),
            title: one.title.clone(),
        })
        .collect();
    serde_json::to_string(&kept).map_err(Fault::internal)
}

pub(super) fn read_attachments(kept: serde_json::Value) -> Result<Vec<message::Attachment>, Fault> {
    let kept: Vec<Attached> = serde_json::from_value(kept).map_err(Fault::internal)?;
    Ok(kept
        .into_iter()
        .map(|one| message::Attachment { kind: one.kind, url: one.url, title: one.title })
        .collect())
}

pub(super) fn write_reactions(
    reactions: &BTreeMap<String, message::Reaction>,
) -> Result<String, Fault> {
    let kept: Vec<Reacted> = reactions
        .iter()
        .map(|(actor, one)| Reacted {
            actor: actor.clone(),
            reaction: one.reaction.clone(),
            emoji: one.emoji.clone(),
            time: one.time,
        })
        .collect();
    serde_json::to_string(&kept).map_err(Fault::internal)
}

pub(super) fn read_reactions(
    kept: serde_json::Value,
) -> Result<BTreeMap<String, message::Reaction>, Fault> {
    let kept: Vec<Reacted> = serde_json::from_value(kept).map_err(Fault::internal)?;
    Ok(kept
        .into_iter()
        .map(|one| {
            let reaction =
                message::Reaction { time: one.time, reaction: one.reaction, emoji: one.emoji };
            (one.actor, reaction)
        })
        .collect())
}

/// A code that this release does not know: the database was written by a newer one.
pub(super) fn unknown_code(what: &'static str) -> Fault {
    Fault::internal(format!("the database holds an unknown {what}"))
}

pub(super) fn kind(code: i16) -> Result<MessageKind, Fault> {
    MessageKind::from_code(code).ok_or_else(|| unknown_code("message kind"))
}

pub(super) fn direction(code: i16) -> Result<Direction, Fault> {
    Direction::from_code(code).ok_or_else(|| unknown_code("direction"))
}
