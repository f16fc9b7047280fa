//! Drafts of members, one a conversation and mode; the latest written stands.

use kit_store::{Row as _, Transaction};
use kit_values::{Fault, OrganizationId};
use sea_orm::{QueryResult, Value};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::detail::{kind, unknown_code};
use crate::domain::draft::{Draft, Mode};
use crate::domain::words::{ChannelId, ConversationId, MemberId, MessageId, MessageKind};

/// How long it is known that a draft was thrown away.
const REMEMBERED: Duration = Duration::days(7);

/// Keeps a draft unless something later stands.
pub async fn put_draft(
    transaction: &Transaction,
    organization: OrganizationId,
    member: MemberId,
    draft: &Draft,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let values = vec![
        organization.uuid().into(),
        member.uuid().into(),
        draft.conversation.uuid().into(),
        draft.mode.code().into(),
        Some(draft.text.clone()).into(),
        draft.kind.map(MessageKind::code).into(),
        draft.channel.map(ChannelId::uuid).into(),
        draft.to.map(MessageId::uuid).into(),
        draft.shorten_links.into(),
        draft.written_at.into(),
        (now - REMEMBERED).into(),
    ];
    transaction.run(include_str!("sql/put_draft.sql"), values).await?;
    Ok(())
}

/// Throws a draft away unless something later stands.
pub async fn drop_draft(
    transaction: &Transaction,
    organization: OrganizationId,
    member: MemberId,
    conversation: ConversationId,
    mode: Mode,
    written_at: OffsetDateTime,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let values = vec![
        organization.uuid().into(),
        member.uuid().into(),
        conversation.uuid().into(),
        mode.code().into(),
        Value::String(None),
        Value::SmallInt(None),
        Value::Uuid(None),
        Value::Uuid(None),
        false.into(),
        written_at.into(),
        (now - REMEMBERED).into(),
    ];
    transaction.run(include_str!("sql/put_draft.sql"), values).await?;
    Ok(())
}

/// The draft that stands.
pub async fn draft(
    transaction: &Transaction,
    organization: OrganizationId,
    member: MemberId,
    conversation: ConversationId,
    mode: Mode,
) -> Result<Option<Draft>, Fault> {
    let values = vec![
        organization.uuid().into(),
        member.uuid().into(),
        conversation.uuid().into(),
        mode.code().into(),
    ];
    let rows = transaction.rows(include_str!("sql/draft.sql"), values).await?;
    rows.first().map(read).transpose()
}

/// A member's drafts, the newest first.
pub async fn drafts(
    transaction: &Transaction,
    organization: OrganizationId,
    member: MemberId,
    limit: i64,
) -> Result<Vec<Draft>, Fault> {
    let values = vec![organization.uuid().into(), member.uuid().into(), limit.into()];
    let rows = transaction.rows(include_str!("sql/drafts.sql"), values).await?;
    rows.iter().map(read).collect()
}

/// The conversation that a signpost became part of at last; any other goes on itself.
pub async fn goes_on(
    transaction: &Transaction,
    organization: OrganizationId,
    conversation: ConversationId,
) -> Result<ConversationId, Fault> {
    let mut found = conversation;
    loop {
        let rows = transaction
            .rows(
                "SELECT absorbed_into FROM conversation \
                 WHERE organization_id = $1 AND conversation_id = $2",
                vec![organization.uuid().into(), found.uuid().into()],
            )
            .await?;
        let row = rows.first().ok_or_else(|| Fault::not_found("a conversation"))?;
        match row.get::<Option<Uuid>>("absorbed_into")? {
            // A signpost never stands for what goes on again: there is an end.
            Some(into) => found = ConversationId::from_uuid(into),
            None => return Ok(found),
        }
    }
}

fn read(row: &QueryResult) -> Result<Draft, Fault> {
    Ok(Draft {
        conversation: ConversationId::from_uuid(row.get("conversation_id")?),
        mode: Mode::from_code(row.get("mode")?).ok_or_else(|| unknown_code("draft mode"))?,
        text: row.get("body")?,
        kind: row.get::<Option<i16>>("kind")?.map(kind).transpose()?,
        channel: row.get::<Option<Uuid>>("channel_id")?.map(ChannelId::from_uuid),
        to: row.get::<Option<Uuid>>("in_reply_to")?.map(MessageId::from_uuid),
        shorten_links: row.get("shorten_links")?,
        written_at: row.get("written_at")?,
        rev: row.get("rev")?,
    })
}
