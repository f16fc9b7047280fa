//! Calls about lists, states of many, reminders and drafts, and their answers.

use std::collections::BTreeMap;

use kit_values::Fault;
use prost::Message as _;
use proto::conversation::v1 as calls;
use time::OffsetDateTime;

use super::answers::{kind, state};
use super::items::read_kind;
use super::replies::key;
use super::{answers, id, moment, queue, timestamp};
use crate::domain::draft::{Draft, Mode};
use crate::domain::lists::{Asked, Assignee, Sort};
use crate::domain::remind::{FARTHEST, LONGEST_NOTE};
use crate::domain::standing::Reminder;
use crate::domain::view::{ListCursor, Row};
use crate::domain::words::{ConversationId, MemberId, State};

/// Most conversations whose states one call changes.
pub const MOST_AT_ONCE: usize = 100;

/// Longest text of a draft, in characters: no network takes more.
const LONGEST_DRAFT: usize = 10_000;

/// Reads what is asked of a list; `member` is who asks.
///
/// # Errors
/// Invalid, with the field; `NotFound` for ids that cannot be ours.
pub fn read_list(
    call: &calls::ListConversationsRequest,
    member: Option<MemberId>,
) -> Result<Asked, Fault> {
    let queue = queue(call.queue)?;
    let sort = match calls::Sort::try_from(call.sort) {
        Ok(calls::Sort::Unspecified) => Sort::of(queue),
        Ok(calls::Sort::Waiting) => Sort::Waiting,
        Ok(calls::Sort::Newest) => Sort::Newest,
        Ok(calls::Sort::OldestActivity) => Sort::Oldest,
        Err(_) => return Err(sort_unknown()),
    };
    if !sort.fits(queue) {
        return Err(sort_unknown());
    }
    let assignee = match (call.owner_member_id.as_str(), call.unassigned) {
        ("", false) => Assignee::Any,
        ("", true) => Assignee::Nobody,
        (text, false) => Assignee::Member(id(text, "a member")?),
        (_, true) => {
            let sentence = "Ask either for a member's conversations or for nobody's.";
            return Err(Fault::invalid("assignee_unknown", "assignee", sentence));
        }
    };
    let kind = match call.kind {
        0 => None,
        code => Some(read_kind(code).map_err(|_| {
            Fault::invalid("kind_unknown", "kind", "There is no such kind of message.")
        })?),
    };
    Ok(Asked {
        queue,
        sort,
        channels: call
            .channel_ids
            .iter()
            .map(|text| id(text, "a channel"))
            .collect::<Result<_, Fault>>()?,
        assignee,
        kind,
        drafts_of: member.filter(|_| call.has_draft),
    })
}

fn sort_unknown() -> Fault {
    Fault::invalid("sort_unknown", "sort", "This list cannot be ordered like that.")
}

/// The places of a list, each with its newest message's sequence; `most` of them at most.
#[must_use]
pub fn index(mut places: Vec<(ListCursor, i64)>, most: usize) -> calls::GetIndexResponse {
    let cut = places.len() > most;
    places.truncate(most);
    let mut before = 0;
    let key_deltas = places.iter().map(|(place, _)| {
        let moment = i64::try_from(place.moment.unix_timestamp_nanos() / 1_000);
        let moment = moment.unwrap_or(i64::MAX);
        moment.wrapping_sub(std::mem::replace(&mut before, moment))
    });
    calls::GetIndexResponse {
        key_deltas: key_deltas.collect(),
        conversation_ids: places.iter().map(|(place, _)| place.conversation.to_string()).collect(),
        last_sequences: places.iter().map(|(_, sequence)| *sequence).collect(),
        cut,
    }
}

/// States that a member asks for, of several conversations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatesAsked {
    /// The client's key.
    pub key: String,
    /// Which state.
    pub to: State,
    /// Which conversations, as they were named; what cannot be ours has no id.
    pub named: Vec<(String, Option<ConversationId>)>,
    /// The greatest arrival sequence of each that the member's screen held.
    pub seen: BTreeMap<ConversationId, i64>,
}

/// Reads a change of several states.
///
/// # Errors
/// Invalid, with the field.
pub fn read_states(call: calls::ChangeStatesRequest) -> Result<StatesAsked, Fault> {
    if call.wanted.is_empty() || call.wanted.len() > MOST_AT_ONCE {
        let sentence = format!("Name 1 to {MOST_AT_ONCE} conversations.");
        return Err(Fault::invalid("ids_out_of_range", "conversation_ids", sentence));
    }
    let to = match calls::State::try_from(call.to) {
        Ok(calls::State::New) => State::New,
        Ok(calls::State::Pending) => State::Pending,
        Ok(calls::State::Resolved) => State::Resolved,
        Ok(calls::State::Unspecified) | Err(_) => {
            return Err(Fault::invalid("state_unknown", "to", "There is no such state."));
        }
    };
    let mut named = Vec::with_capacity(call.wanted.len());
    let mut seen = BTreeMap::new();
    for one in call.wanted {
        let conversation = one.conversation_id.parse().ok();
        seen.extend(conversation.map(|conversation| (conversation, one.seen_through)));
        named.push((one.conversation_id, conversation));
    }
    Ok(StatesAsked { key: key(call.idempotency_key)?, to, named, seen })
}

/// What became of one of several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateResult {
    /// Why it was not done.
    pub refused: Option<(String, String)>,
    /// How it stood before, and whose it was.
    pub before: Option<(Option<State>, Option<MemberId>)>,
    /// How many of its replies the network has not accepted, once it is resolved.
    pub undelivered: i64,
}

/// The answer to a change of several states, as it is kept for the same key.
#[must_use]
pub fn states_changed(results: Vec<(String, StateResult)>) -> Vec<u8> {
    let results = results.into_iter().map(|(conversation_id, result)| {
        let done = result.refused.is_none();
        let (code, sentence) = result.refused.unwrap_or_default();
        let state_before = match result.before {
            Some((before, _)) => state(before),
            None => calls::State::Unspecified,
        };
        let owner = result.before.and_then(|(_, owner)| owner);
        calls::StateResult {
            conversation_id,
            done,
            code,
            sentence,
            state_before: state_before.into(),
            owner_before: owner.map(|owner| owner.to_string()).unwrap_or_default(),
            undelivered_replies: i32::try_from(result.undelivered).unwrap_or(i32::MAX),
        }
    });
    calls::ChangeStatesResponse { results: results.collect() }.encode_to_vec()
}

/// A reminder that a member asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReminderAsked {
    /// Of which conversation.
    pub conversation: ConversationId,
    /// The client's key.
    pub key: String,
    /// When and what for; none: no more.
    pub wanted: Option<(OffsetDateTime, String)>,
    /// The greatest arrival sequence that the member's screen held.
    pub seen_through: i64,
}

/// Reads a reminder.
///
/// # Errors
/// Invalid, with the field; `NotFound` for an id that cannot be ours.
pub fn read_reminder(
    call: calls::SetReminderRequest,
    now: OffsetDateTime,
) -> Result<ReminderAsked, Fault> {
    let due = call.due_at.as_ref().and_then(moment);
    let due = due.filter(|due| *due > now && *due <= now + FARTHEST).ok_or_else(|| {
        let sentence = "Choose a moment in the future, at most 400 days ahead.";
        Fault::invalid("due_at_out_of_range", "due_at", sentence)
    })?;
    let note = call.note.trim();
    if note.chars().count() > LONGEST_NOTE || note.contains('\0') {
        let sentence = format!("A reminder's note has at most {LONGEST_NOTE} characters.");
        return Err(Fault::invalid("note_too_long", "note", sentence));
    }
    Ok(ReminderAsked {
        conversation: id(&call.conversation_id, "a conversation")?,
        key: key(call.idempotency_key)?,
        wanted: Some((due, note.to_owned())),
        seen_through: call.seen_through,
    })
}

/// Reads that a reminder is not wanted any more.
///
/// # Errors
/// Invalid, with the field; `NotFound` for an id that cannot be ours.
pub fn read_no_reminder(call: calls::CancelReminderRequest) -> Result<ReminderAsked, Fault> {
    Ok(ReminderAsked {
        conversation: id(&call.conversation_id, "a conversation")?,
        key: key(call.idempotency_key)?,
        wanted: None,
        seen_through: 0,
    })
}

/// The answer to setting a reminder, as it is kept for the same key; that to cancelling one has
/// the same form.
#[must_use]
pub fn reminded(row: Row) -> Vec<u8> {
    calls::SetReminderResponse { row: Some(answers::row(row, &[])) }.encode_to_vec()
}

pub(super) fn reminder(reminder: &Reminder) -> calls::Reminder {
    calls::Reminder {
        due_at: Some(timestamp(reminder.due)),
        note: reminder.note.clone(),
        member_id: reminder.by.to_string(),
    }
}

/// A draft on the wire.
#[must_use]
pub fn draft(draft: &Draft) -> calls::Draft {
    calls::Draft {
        conversation_id: draft.conversation.to_string(),
        mode: match draft.mode {
            Mode::Reply => calls::DraftMode::Reply,
            Mode::Note => calls::DraftMode::Note,
        }
        .into(),
        text: draft.text.clone(),
        kind: kind(draft.kind).into(),
        channel_id: draft.channel.map(|id| id.to_string()).unwrap_or_default(),
        in_reply_to_message_id: draft.to.map(|id| id.to_string()).unwrap_or_default(),
        shorten_links: draft.shorten_links,
        written_at: Some(timestamp(draft.written_at)),
        rev: draft.rev,
    }
}

/// Reads which of the two drafts of a conversation is meant.
///
/// # Errors
/// Invalid when it is none.
pub fn read_mode(code: i32) -> Result<Mode, Fault> {
    match calls::DraftMode::try_from(code) {
        Ok(calls::DraftMode::Reply) => Ok(Mode::Reply),
        Ok(calls::DraftMode::Note) => Ok(Mode::Note),
        Ok(calls::DraftMode::Unspecified) | Err(_) => {
            Err(Fault::invalid("mode_unknown", "mode", "A draft is of a reply or of a note."))
        }
    }
}

/// Reads a draft. A device whose clock is ahead wrote it now.
///
/// # Errors
/// Invalid, with the field; `NotFound` for ids that cannot be ours.
pub fn read_draft(call: Option<calls::Draft>, now: OffsetDateTime) -> Result<Draft, Fault> {
    let call = call.unwrap_or_default();
    if call.text.is_empty() || call.text.chars().count() > LONGEST_DRAFT {
        let sentence = format!("A draft has 1 to {LONGEST_DRAFT} characters.");
        return Err(Fault::invalid("text_out_of_range", "text", sentence));
    }
    if call.text.contains('\0') {
        let sentence = "The text holds a character that cannot be kept (NUL).";
        return Err(Fault::invalid("text_invalid", "text", sentence));
    }
    let kind = match call.kind {
        0 => None,
        code => Some(read_kind(code).map_err(|_| {
            Fault::invalid("kind_unknown", "kind", "There is no such kind of message.")
        })?),
    };
    Ok(Draft {
        conversation: id(&call.conversation_id, "a conversation")?,
        mode: read_mode(call.mode)?,
        text: call.text,
        kind,
        channel: given(&call.channel_id, "a channel")?,
        to: given(&call.in_reply_to_message_id, "a message")?,
        shorten_links: call.shorten_links,
        written_at: read_written_at(call.written_at.as_ref(), now)?,
        rev: 0,
    })
}

/// Reads when a device wrote; not given: now.
///
/// # Errors
/// Invalid when it is no moment.
pub fn read_written_at(
    given: Option<&prost_types::Timestamp>,
    now: OffsetDateTime,
) -> Result<OffsetDateTime, Fault> {
    let Some(given) = given else { return Ok(now) };
    let written_at = moment(given)
        .ok_or_else(|| Fault::invalid("written_at_invalid", "written_at", "That is no moment."))?;
    Ok(written_at.min(now))
}

fn given<K: kit_values::Kind>(text: &str, what: &str) -> Result<Option<kit_values::Id<K>>, Fault> {
    if text.is_empty() { Ok(None) } else { id(text, what).map(Some) }
}
