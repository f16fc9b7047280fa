//! History entries as `jsonb`.

use std::collections::BTreeSet;

use kit_values::Fault;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use super::detail::{direction, kind};
use super::records::Kept;
use crate::domain::history::{BecameReply, Fact, Gone, Joined, Left, Replied, ResolveReason};
use crate::domain::seen::Unseen;
use crate::domain::standing::{Contents, Last, Reminder};
use crate::domain::words::{
    ChannelId, ConversationId, Direction, MemberId, MessageId, NetworkOrder,
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
    ResolvedByHand {
        by: Uuid,
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
    Left {
        messages: Vec<Uuid>,
        sequences: Vec<i64>,
        last: Option<Newest>,
        channels: Vec<Uuid>,
        #[serde(with = "time::serde::rfc3339::option")]
        newest_echo: Option<OffsetDateTime>,
        inbound: Vec<NotSeen>,
        dormant: bool,
    },
    Relinked {
        message: Uuid,
        ordinal: i32,
        previous: Option<Uuid>,
    },
    Replied {
        message: Uuid,
        sequence: i64,
        order: Order,
        kind: i16,
        channel: Uuid,
        by: Uuid,
        seen_through: i64,
        #[serde(with = "time::serde::rfc3339")]
        waiting: OffsetDateTime,
    },
    Retried {
        message: Uuid,
        by: Uuid,
        seen_through: i64,
        #[serde(with = "time::serde::rfc3339")]
        waiting: OffsetDateTime,
    },
    SetPending {
        by: Uuid,
        seen_through: i64,
    },
    ReopenedByHand {
        by: Uuid,
        #[serde(with = "time::serde::rfc3339")]
        waiting: OffsetDateTime,
    },
    Sent {
        message: Uuid,
        kind: i16,
        order: Order,
        last: Option<Newest>,
    },
    ReplyFailed {
        message: Uuid,
    },
    BecameReply {
        message: Uuid,
        reply: Uuid,
        last: Option<Newest>,
        channels: Vec<Uuid>,
        #[serde(with = "time::serde::rfc3339::option")]
        newest_echo: Option<OffsetDateTime>,
        inbound: Vec<NotSeen>,
    },
    ReminderSet {
        by: Uuid,
        #[serde(with = "time::serde::rfc3339")]
        due: OffsetDateTime,
        note: String,
    },
    ReminderCancelled {
        by: Uuid,
    },
    Recorded(Kept),
    ReminderFired {
        #[serde(with = "time::serde::rfc3339")]
        due: OffsetDateTime,
    },
    Reminded {
        #[serde(with = "time::serde::rfc3339")]
        since: OffsetDateTime,
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
        Fact::Resolved { reason: ResolveReason::ByHand(by), seen_through } => {
            Detail::ResolvedByHand { by: by.uuid(), seen_through: *seen_through }
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
        Fact::Left(left) => Detail::Left {
            messages: left.gone.iter().map(|one| one.message.uuid()).collect(),
            sequences: left.gone.iter().map(|one| one.sequence).collect(),
            last: left.last.as_ref().map(Newest::of),
            channels: left.channels.iter().map(|channel| channel.uuid()).collect(),
            newest_echo: left.newest_echo,
            inbound: left.inbound.iter().map(NotSeen::of).collect(),
            dormant: left.dormant,
        },
        Fact::Relinked { message, ordinal, previous } => Detail::Relinked {
            message: message.uuid(),
            ordinal: *ordinal,
            previous: previous.map(ConversationId::uuid),
        },
        Fact::Replied(replied) => Detail::Replied {
            message: replied.joined.message.uuid(),
            sequence: replied.joined.sequence,
            order: Order::of(&replied.joined.order),
            kind: replied.joined.kind.code(),
            channel: replied.joined.channel.uuid(),
            by: replied.by.uuid(),
            seen_through: replied.seen_through,
            waiting: replied.waiting,
        },
        Fact::Retried { message, by, seen_through, waiting } => Detail::Retried {
            message: message.uuid(),
            by: by.uuid(),
            seen_through: *seen_through,
            waiting: *waiting,
        },
        Fact::SetPending { by, seen_through } => {
            Detail::SetPending { by: by.uuid(), seen_through: *seen_through }
        }
        Fact::ReopenedByHand { by, waiting } => {
            Detail::ReopenedByHand { by: by.uuid(), waiting: *waiting }
        }
        Fact::Sent { message, kind, order, last } => Detail::Sent {
            message: message.uuid(),
            kind: kind.code(),
            order: Order::of(order),
            last: last.as_ref().map(Newest::of),
        },
        Fact::ReplyFailed { message } => Detail::ReplyFailed { message: message.uuid() },
        Fact::BecameReply(became) => Detail::BecameReply {
            message: became.message.uuid(),
            reply: became.reply.uuid(),
            last: became.last.as_ref().map(Newest::of),
            channels: became.channels.iter().map(|channel| channel.uuid()).collect(),
            newest_echo: became.newest_echo,
            inbound: became.inbound.iter().map(NotSeen::of).collect(),
        },
        Fact::ReminderSet(reminder) => Detail::ReminderSet {
            by: reminder.by.uuid(),
            due: reminder.due,
            note: reminder.note.clone(),
        },
        Fact::ReminderCancelled { by } => Detail::ReminderCancelled { by: by.uuid() },
        Fact::ReminderFired { due } => Detail::ReminderFired { due: *due },
        Fact::Recorded(record) => Detail::Recorded(Kept::of(record)),
        Fact::Reminded { since } => Detail::Reminded { since: *since },
    };
    serde_json::to_string(&detail).map_err(Fault::internal)
}

/// The fact that was kept.
#[expect(clippy::too_many_lines, reason = "one arm a fact")]
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
        Detail::ResolvedByHand { by, seen_through } => {
            Fact::Resolved { reason: ResolveReason::ByHand(MemberId::from_uuid(by)), seen_through }
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
        Detail::Left { messages, sequences, last, channels, newest_echo, inbound, dormant } => {
            let messages = messages.into_iter().map(MessageId::from_uuid);
            let gone = sequences.into_iter().zip(messages);
            Fact::Left(Box::new(Left {
                gone: gone.map(|(sequence, message)| Gone { sequence, message }).collect(),
                last: last.map(Newest::read).transpose()?,
                channels: channels.into_iter().map(ChannelId::from_uuid).collect(),
                newest_echo,
                inbound: read_not_seen(inbound)?,
                dormant,
            }))
        }
        Detail::Relinked { message, ordinal, previous } => {
            let previous = previous.map(ConversationId::from_uuid);
            Fact::Relinked { message: MessageId::from_uuid(message), ordinal, previous }
        }
        Detail::Replied {
            message,
            sequence,
            order,
            kind: code,
            channel,
            by,
            seen_through,
            waiting,
        } => {
            let joined = Joined {
                message: MessageId::from_uuid(message),
                sequence,
                order: order.read(),
                kind: kind(code)?,
                direction: Direction::Outbound,
                channel: ChannelId::from_uuid(channel),
                history: false,
            };
            Fact::Replied(Replied { joined, by: MemberId::from_uuid(by), seen_through, waiting })
        }
        Detail::Retried { message, by, seen_through, waiting } => Fact::Retried {
            message: MessageId::from_uuid(message),
            by: MemberId::from_uuid(by),
            seen_through,
            waiting,
        },
        Detail::SetPending { by, seen_through } => {
            Fact::SetPending { by: MemberId::from_uuid(by), seen_through }
        }
        Detail::ReopenedByHand { by, waiting } => {
            Fact::ReopenedByHand { by: MemberId::from_uuid(by), waiting }
        }
        Detail::Sent { message, kind: code, order, last } => Fact::Sent {
            message: MessageId::from_uuid(message),
            kind: kind(code)?,
            order: order.read(),
            last: last.map(Newest::read).transpose()?,
        },
        Detail::ReplyFailed { message } => {
            Fact::ReplyFailed { message: MessageId::from_uuid(message) }
        }
        Detail::BecameReply { message, reply, last, channels, newest_echo, inbound } => {
            Fact::BecameReply(Box::new(BecameReply {
                message: MessageId::from_uuid(message),
                reply: MessageId::from_uuid(reply),
                last: last.map(Newest::read).transpose()?,
                channels: channels.into_iter().map(ChannelId::from_uuid).collect(),
                newest_echo,
                inbound: read_not_seen(inbound)?,
            }))
        }
        Detail::ReminderSet { by, due, note } => {
            Fact::ReminderSet(Reminder { due, by: MemberId::from_uuid(by), note })
        }
        Detail::ReminderCancelled { by } => Fact::ReminderCancelled { by: MemberId::from_uuid(by) },
        Detail::ReminderFired { due } => Fact::ReminderFired { due },
        Detail::Recorded(kept) => Fact::Recorded(kept.read()?),
        Detail::Reminded { since } => Fact::Reminded { since },
    })
}

impl NotSeen {
    fn of(one: &Unseen) -> Self {
        Self { time: one.time, sequence: one.sequence, kind: one.kind.code() }
    }
}

fn read_not_seen(kept: Vec<NotSeen>) -> Result<BTreeSet<Unseen>, Fault> {
    kept.into_iter()
        .map(|one| Ok(Unseen { time: one.time, sequence: one.sequence, kind: kind(one.kind)? }))
        .collect()
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
            unseen: contents.unseen.iter().map(NotSeen::of).collect(),
            last: contents.last.as_ref().map(Newest::of),
            channels: contents.channels.iter().map(|channel| channel.uuid()).collect(),
        }
    }

    fn read(self) -> Result<Contents, Fault> {
        Ok(Contents {
            message_count: self.message_count,
            last_sequence: self.last_sequence,
            newest_echo: self.newest_echo,
            unseen: read_not_seen(self.unseen)?,
            last: self.last.map(Newest::read).transpose()?,
            channels: self.channels.into_iter().map(ChannelId::from_uuid).collect(),
        })
    }
}
