//! What is kept for the record, as `jsonb`.

use kit_values::Fault;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::detail::unknown_code;
use crate::domain::action::Deed;
use crate::domain::note::Remark;
use crate::domain::record::Record;
use crate::domain::words::{ActionId, ChannelId, MemberId, MessageId, NoteId};

/// A record as it is kept. A field is only ever added, with a default. `Assigned` is written by
/// `project_owners.sql`, too.
#[derive(Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "snake_case")]
pub(super) enum Kept {
    Note { note: Uuid, message: Option<Uuid>, by: Uuid, remark: String, rev: i64 },
    Asked { action: Uuid, message: Uuid, deed: String, turn: i64, channel: Uuid, by: Uuid },
    Ended { action: Uuid, message: Uuid, deed: String, failure: Option<String> },
    Assigned { to: Option<Uuid>, epoch: i64 },
}

impl Kept {
    pub(super) fn of(record: &Record) -> Self {
        match record {
            Record::Note { note, message, by, remark, rev } => Self::Note {
                note: note.uuid(),
                message: message.map(MessageId::uuid),
                by: by.uuid(),
                remark: remark.name().to_owned(),
                rev: *rev,
            },
            Record::Asked { action, message, deed, turn, channel, by } => Self::Asked {
                action: action.uuid(),
                message: message.uuid(),
                deed: deed.name().to_owned(),
                turn: *turn,
                channel: channel.uuid(),
                by: by.uuid(),
            },
            Record::Ended { action, message, deed, failure } => Self::Ended {
                action: action.uuid(),
                message: message.uuid(),
                deed: deed.name().to_owned(),
                failure: failure.clone(),
            },
            Record::Assigned { to, epoch } => {
                Self::Assigned { to: to.map(MemberId::uuid), epoch: *epoch }
            }
        }
    }

    pub(super) fn read(self) -> Result<Record, Fault> {
        Ok(match self {
            Self::Note { note, message, by, remark, rev } => Record::Note {
                note: NoteId::from_uuid(note),
                message: message.map(MessageId::from_uuid),
                by: MemberId::from_uuid(by),
                remark: Remark::named(&remark).ok_or_else(|| unknown_code("remark"))?,
                rev,
            },
            Self::Asked { action, message, deed, turn, channel, by } => Record::Asked {
                action: ActionId::from_uuid(action),
                message: MessageId::from_uuid(message),
                deed: read_deed(&deed)?,
                turn,
                channel: ChannelId::from_uuid(channel),
                by: MemberId::from_uuid(by),
            },
            Self::Ended { action, message, deed, failure } => Record::Ended {
                action: ActionId::from_uuid(action),
                message: MessageId::from_uuid(message),
                deed: read_deed(&deed)?,
                failure,
            },
            Self::Assigned { to, epoch } => {
                Record::Assigned { to: to.map(MemberId::from_uuid), epoch }
            }
        })
    }
}

fn read_deed(word: &str) -> Result<Deed, Fault> {
    Deed::named(word).ok_or_else(|| unknown_code("deed"))
}
