//! History entries as people see them.

use proto::conversation::v1 as calls;

use super::answers::state;
use super::timestamp;
use crate::domain::history::Fact;
use crate::domain::record::Record;
use crate::domain::view::HistoryRow;

/// One entry.
#[must_use]
pub fn activity(row: &HistoryRow) -> calls::ActivityEntry {
    let entry = &row.entry;
    let mut shown = calls::ActivityEntry {
        sequence: entry.sequence,
        at: Some(timestamp(entry.at)),
        kind: entry.fact.name().to_owned(),
        member_id: text(entry.fact.by()),
        reason: entry.fact.reason().to_owned(),
        state_after: row.state_after.map_or(0, |after| state(Some(after)).into()),
        message_id: text(entry.fact.message()),
        ..calls::ActivityEntry::default()
    };
    match &entry.fact {
        Fact::Joined(joined) => shown.channel_id = joined.channel.to_string(),
        Fact::Replied(replied) => shown.channel_id = replied.joined.channel.to_string(),
        Fact::ReminderSet(reminder) => {
            shown.due_at = Some(timestamp(reminder.due));
            shown.text.clone_from(&reminder.note);
        }
        Fact::ReminderFired { due } => shown.due_at = Some(timestamp(*due)),
        Fact::Recorded(record) => recorded(record, &mut shown),
        _ => {}
    }
    shown
}

fn recorded(record: &Record, shown: &mut calls::ActivityEntry) {
    match record {
        Record::Note { note, remark, .. } => {
            shown.note_id = note.to_string();
            remark.name().clone_into(&mut shown.what);
        }
        Record::Asked { deed, channel, .. } => {
            deed.name().clone_into(&mut shown.what);
            shown.channel_id = channel.to_string();
        }
        Record::Ended { deed, failure, .. } => {
            deed.name().clone_into(&mut shown.what);
            shown.failure_code = failure.clone().unwrap_or_default();
        }
        Record::Assigned { to, .. } => shown.to_member_id = text(*to),
    }
}

fn text(id: Option<impl ToString>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}
