//! Notes, and every text that they have had.

use kit_store::{Row as _, Transaction, array};
use kit_values::{Fault, OrganizationId};
use sea_orm::QueryResult;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::note::{Note, Version};
use crate::domain::words::{ConversationId, MemberId, MessageId, NoteId};

/// Most notes that are shown of one conversation.
const MOST: i64 = 1_000;

fn read(row: &QueryResult) -> Result<Note, Fault> {
    Ok(Note {
        id: NoteId::from_uuid(row.get("note_id")?),
        conversation: ConversationId::from_uuid(row.get("conversation_id")?),
        message: row.get::<Option<Uuid>>("message_id")?.map(MessageId::from_uuid),
        author: MemberId::from_uuid(row.get("member_id")?),
        text: row.get("body")?,
        created_at: row.get("created_at")?,
        edited_at: row.get("edited_at")?,
        deleted_at: row.get("deleted_at")?,
        rev: row.get("rev")?,
    })
}

/// The newest notes of a conversation, oldest first, deleted ones left out.
pub async fn notes_of(
    transaction: &Transaction,
    organization: OrganizationId,
    conversation: ConversationId,
) -> Result<Vec<Note>, Fault> {
    let values = vec![organization.uuid().into(), conversation.uuid().into(), MOST.into()];
    let rows = transaction
        .rows(
            "SELECT n.* FROM note AS n \
             WHERE n.organization_id = $1 AND n.conversation_id = $2 AND n.deleted_at IS NULL \
             ORDER BY n.created_at DESC, n.note_id DESC LIMIT $3",
            values,
        )
        .await?;
    rows.iter().rev().map(read).collect()
}

/// Notes by id, deleted ones too; unknown ids are left out.
pub async fn notes_by_id(
    transaction: &Transaction,
    organization: OrganizationId,
    ids: &[NoteId],
) -> Result<Vec<Note>, Fault> {
    let values = vec![organization.uuid().into(), array::uuids(ids.iter().map(|id| id.uuid()))];
    let rows = transaction
        .rows(
            "SELECT n.* FROM note AS n \
             WHERE n.organization_id = $1 AND n.note_id = ANY ($2::uuid[])",
            values,
        )
        .await?;
    rows.iter().map(read).collect()
}

/// Writes a note as it stands now, over the rev before, and keeps its text if `by` wrote one.
///
/// # Errors
/// Internal when it was written by somebody else at the same time: its conversation's identity is
/// locked.
pub async fn write_note(
    transaction: &Transaction,
    organization: OrganizationId,
    note: &Note,
    by: Option<MemberId>,
    at: OffsetDateTime,
) -> Result<(), Fault> {
    let values = vec![
        organization.uuid().into(),
        note.id.uuid().into(),
        note.conversation.uuid().into(),
        note.message.map(MessageId::uuid).into(),
        note.author.uuid().into(),
        note.text.clone().into(),
        note.created_at.into(),
        note.edited_at.into(),
        note.deleted_at.into(),
        note.rev.into(),
        by.map(MemberId::uuid).into(),
        at.into(),
    ];
    let rows = transaction.rows(include_str!("sql/write_note.sql"), values).await?;
    let written: i64 = rows.first().map_or(Ok(0), |row| row.get("written"))?;
    if written == 1 { Ok(()) } else { Err(Fault::internal("a note was written twice at once")) }
}

/// Every text that a note has had, oldest first.
pub async fn note_versions(
    transaction: &Transaction,
    organization: OrganizationId,
    note: NoteId,
) -> Result<Vec<Version>, Fault> {
    let rows = transaction
        .rows(
            "SELECT v.body, v.at, v.member_id FROM note_version AS v \
             WHERE v.organization_id = $1 AND v.note_id = $2 ORDER BY v.rev",
            vec![organization.uuid().into(), note.uuid().into()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Version {
                text: row.get("body")?,
                at: row.get("at")?,
                member: MemberId::from_uuid(row.get("member_id")?),
            })
        })
        .collect()
}

/// Empties those of these notes that were deleted at their moment or before: their words go.
pub async fn purge_notes(
    transaction: &Transaction,
    notes: &[(OrganizationId, NoteId, OffsetDateTime)],
) -> Result<(), Fault> {
    let values = vec![
        array::uuids(notes.iter().map(|(organization, ..)| organization.uuid())),
        array::uuids(notes.iter().map(|(_, note, _)| note.uuid())),
        array::times(notes.iter().map(|(.., deleted_until)| *deleted_until)),
    ];
    transaction.run(include_str!("sql/purge_notes.sql"), values).await?;
    Ok(())
}
