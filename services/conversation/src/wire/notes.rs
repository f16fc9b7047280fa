//! Notes: calls → wishes, and notes as they are shown.

use kit_values::Fault;
use prost::Message as _;
use proto::conversation::v1 as calls;

use super::{id, key, timestamp};
use crate::domain::note::{LONGEST, Note, Version};
use crate::domain::words::{ConversationId, MessageId};

/// A note that a member writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteAsked {
    /// In which conversation.
    pub conversation: ConversationId,
    /// The client's key.
    pub key: String,
    /// What it says.
    pub text: String,
    /// The message that it is tied to.
    pub message: Option<MessageId>,
}

/// The text of a note.
///
/// # Errors
/// Invalid when it is none.
pub fn note_text(text: String) -> Result<String, Fault> {
    if text.trim().is_empty() {
        return Err(Fault::invalid("text_empty", "text", "A note needs a text."));
    }
    if text.contains('\0') {
        let sentence = "The text holds a character that cannot be kept (NUL).";
        return Err(Fault::invalid("text_invalid", "text", sentence));
    }
    if text.chars().count() > LONGEST {
        let sentence = "A note has at most 10,000 characters.";
        return Err(Fault::invalid("text_too_long", "text", sentence));
    }
    Ok(text)
}

/// Reads a new note.
///
/// # Errors
/// Invalid, with the field; `NotFound` for ids that cannot be ours.
pub fn read_note(call: calls::WriteNoteRequest) -> Result<NoteAsked, Fault> {
    let to = &call.message_id;
    Ok(NoteAsked {
        conversation: id(&call.conversation_id, "a conversation")?,
        key: key(call.idempotency_key)?,
        message: if to.is_empty() { None } else { Some(id(to, "a message")?) },
        text: note_text(call.text)?,
    })
}

/// A note as it is shown. What was deleted is shown to whoever may restore it.
#[must_use]
pub fn note(note: &Note, may_change: bool) -> calls::Note {
    let gone = note.deleted_at.is_some() && !may_change;
    calls::Note {
        note_id: note.id.to_string(),
        conversation_id: note.conversation.to_string(),
        message_id: note.message.map(|id| id.to_string()).unwrap_or_default(),
        member_id: note.author.to_string(),
        text: if gone { String::new() } else { note.text.clone() },
        created_at: Some(timestamp(note.created_at)),
        edited_at: note.edited_at.map(timestamp),
        deleted_at: note.deleted_at.map(timestamp),
        rev: note.rev,
        may_change,
    }
}

/// The answer to a new note, as it is kept for the same key.
#[must_use]
pub fn noted(of: &Note, may_change: bool) -> Vec<u8> {
    calls::WriteNoteResponse { note: Some(note(of, may_change)) }.encode_to_vec()
}

/// One text that a note has had.
#[must_use]
pub fn note_version(version: Version) -> calls::NoteVersion {
    calls::NoteVersion {
        text: version.text,
        at: Some(timestamp(version.at)),
        member_id: version.member.to_string(),
    }
}
