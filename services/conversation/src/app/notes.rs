//! Notes: written, changed, deleted and restored by members who may read their conversation.

use kit_store::Transaction;
use kit_store::timer::{self, Timer};
use kit_values::{Class, Fault, OrganizationId, mint_uuid};

use super::rejected::no;
use super::reply::Answered;
use super::table::{self, Deciding, Table};
use crate::domain::access::Level;
use crate::domain::note::{self, Note, RESTORABLE, Refusal, Remark, Version};
use crate::domain::words::{ConversationId, NoteId};
use crate::store;
use crate::wire::{self, NoteAsked};

/// The kind of the timer that empties a deleted note; its aggregate is the note.
pub const NOTE_PURGE: &str = "note-purge";

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotYours => Self::new(
                Class::Forbidden,
                "note_of_another",
                "Only its author and supervisors may change this note.",
            ),
            Refusal::Changed => no("note_changed", "The note has been changed since."),
            Refusal::Deleted => no("note_deleted", "The note is deleted. Restore it first."),
            Refusal::Gone => no("note_gone", "The note was deleted too long ago."),
        }
    }
}

/// The notes of a conversation, each with whether the member may change it.
///
/// # Errors
/// `NotFound` when the member sees no such conversation.
pub async fn list_notes(
    transaction: &Transaction,
    who: &Deciding,
    conversation: ConversationId,
) -> Result<Vec<(Note, bool)>, Fault> {
    let seat = table::seat_for(Level::Viewer, transaction, who, conversation).await?;
    let notes = store::notes_of(transaction, who.organization, conversation).await?;
    Ok(notes
        .into_iter()
        .map(|note| {
            let may_change = note.is_changed_by(who.member, seat.level);
            (note, may_change)
        })
        .collect())
}

/// Notes by id, for whoever tells members of them.
pub async fn notes(
    transaction: &Transaction,
    organization: OrganizationId,
    ids: &[NoteId],
) -> Result<Vec<Note>, Fault> {
    store::notes_by_id(transaction, organization, ids).await
}

/// Writes a note.
///
/// # Errors
/// `NotFound` when the member sees no such conversation, or it has no such message.
pub async fn write_note(
    transaction: &Transaction,
    who: &Deciding,
    asked: &NoteAsked,
    id: NoteId,
) -> Result<Answered, Fault> {
    let (organization, conversation) = (who.organization, asked.conversation);
    let to = asked.message.map(|to| to.to_string()).unwrap_or_default();
    let text = kit_store::lock_key(&[&asked.text]);
    let meaning = format!("note {} {conversation} {to} {text:x}", who.member);
    let key = Some((asked.key.as_str(), meaning.as_str()));
    let wanted = Level::Viewer;
    let laid = table::lay_for(wanted, transaction, who, conversation, key, &[]).await?;
    let mut table = match laid {
        Ok(table) => table,
        Err(answer) => return Ok(Answered { answer, now: false }),
    };
    if let Some(message) = asked.message {
        let tied = table::message(transaction, who, message).await?;
        if tied.conversation != conversation {
            return Err(Fault::not_found("a message"));
        }
    }
    let note = Note {
        id,
        conversation,
        message: asked.message,
        author: who.member,
        text: asked.text.clone(),
        created_at: who.now,
        edited_at: None,
        deleted_at: None,
        rev: 1,
    };
    save(transaction, who, &mut table, &note, Remark::Written).await?;
    let answer = wire::noted(&note, true);
    store::keep_outcome(transaction, organization, &asked.key, &meaning, answer.clone(), who.now)
        .await?;
    Ok(Answered { answer, now: true })
}

/// Changes, deletes or restores a note; gives it as it stands then.
///
/// # Errors
/// Forbidden when it is another's; rejected when it has been changed since, or cannot come back;
/// `NotFound`.
pub async fn change_note(
    transaction: &Transaction,
    who: &Deciding,
    id: NoteId,
    asked: &note::Asked,
) -> Result<Note, Fault> {
    let before = note(transaction, who, id).await?;
    let wanted = Level::Viewer;
    let laid = table::lay_for(wanted, transaction, who, before.conversation, None, &[]).await?;
    let Ok(mut table) = laid else { return Err(moved()) };
    // Before its conversation was locked it stood there, and said that.
    let known = note(transaction, who, id).await?;
    if known.conversation != before.conversation {
        return Err(moved());
    }
    let decided = known.decide(asked, who.member, table.seat.level, who.now)?;
    let Some((after, remark)) = decided else { return Ok(known) };
    save(transaction, who, &mut table, &after, remark).await?;
    if let Some(at) = after.deleted_at {
        let purge = Timer {
            id: mint_uuid(),
            kind: NOTE_PURGE.to_owned(),
            organization: who.organization,
            aggregate: id.uuid(),
            version: after.rev,
            due: at + RESTORABLE,
        };
        timer::arm(transaction, &[purge]).await?;
    }
    Ok(after)
}

/// Every text that a note has had, oldest first.
///
/// # Errors
/// `NotFound` when the member does not see it: one that was deleted is seen by whoever may
/// restore it.
pub async fn note_versions(
    transaction: &Transaction,
    who: &Deciding,
    id: NoteId,
) -> Result<Vec<Version>, Fault> {
    let note = note(transaction, who, id).await?;
    let seat = table::seat_for(Level::Viewer, transaction, who, note.conversation).await?;
    if note.deleted_at.is_some() && !note.is_changed_by(who.member, seat.level) {
        return Err(Fault::not_found("a note"));
    }
    store::note_versions(transaction, who.organization, id).await
}

/// Empties the notes of these timers that were not restored meanwhile.
pub async fn purge_notes(transaction: &Transaction, due: Vec<Timer>) -> Result<(), Fault> {
    if due.is_empty() {
        return Ok(());
    }
    // By what the timer says and no clock: it fires by the database's, and once.
    let notes: Vec<_> = due
        .iter()
        .map(|timer| {
            (timer.organization, NoteId::from_uuid(timer.aggregate), timer.due - RESTORABLE)
        })
        .collect();
    store::purge_notes(transaction, &notes).await
}

async fn note(transaction: &Transaction, who: &Deciding, id: NoteId) -> Result<Note, Fault> {
    let found = store::notes_by_id(transaction, who.organization, &[id]).await?.pop();
    found.ok_or_else(|| Fault::not_found("a note"))
}

fn moved() -> Fault {
    Fault::new(Class::Conflict, "conversation_changed", "The note has just moved.")
}

async fn save(
    transaction: &Transaction,
    who: &Deciding,
    table: &mut Table,
    note: &Note,
    remark: Remark,
) -> Result<(), Fault> {
    let identity = table.identity.clone();
    table.batch.remark(&identity, note, remark, who.member, &who.policy, who.now)?;
    let wrote = matches!(remark, Remark::Written | Remark::Changed).then_some(who.member);
    store::write_note(transaction, who.organization, note, wrote, who.now).await?;
    table.save(transaction, who).await
}
