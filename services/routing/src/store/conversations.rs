//! Conversations and their owners.

use std::collections::{BTreeMap, BTreeSet};

use kit_store::{Row as _, Transaction, array};
use kit_values::{Fault, OrganizationId};
use sea_orm::QueryResult;
use time::OffsetDateTime;
use uuid::Uuid;

use super::unknown_code;
use crate::domain::ownership::Assignment;
use crate::domain::words::{ChannelId, ConversationId, MemberId, State};

/// A conversation as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Whose.
    pub organization: OrganizationId,
    /// Who owns it, and how it stands.
    pub assignment: Assignment,
    /// W3C `traceparent` of what made it stand so.
    pub trace: Option<String>,
}

/// Loads conversations and locks them.
pub async fn load_conversations(
    transaction: &Transaction,
    keys: &BTreeSet<(OrganizationId, ConversationId)>,
) -> Result<BTreeMap<(OrganizationId, ConversationId), Kept>, Fault> {
    of_keys(transaction, include_str!("sql/load_conversations.sql"), keys).await
}

/// Conversations as they stand, not locked.
pub async fn look_at_conversations(
    transaction: &Transaction,
    keys: &BTreeSet<(OrganizationId, ConversationId)>,
) -> Result<BTreeMap<(OrganizationId, ConversationId), Kept>, Fault> {
    of_keys(transaction, include_str!("sql/look_at_conversations.sql"), keys).await
}

async fn of_keys(
    transaction: &Transaction,
    sql: &'static str,
    keys: &BTreeSet<(OrganizationId, ConversationId)>,
) -> Result<BTreeMap<(OrganizationId, ConversationId), Kept>, Fault> {
    if keys.is_empty() {
        return Ok(BTreeMap::new());
    }
    let values = vec![
        array::uuids(keys.iter().map(|(organization, _)| organization.uuid())),
        array::uuids(keys.iter().map(|(_, conversation)| conversation.uuid())),
    ];
    by_key(&transaction.rows(sql, values).await?)
}

/// Loads and locks those of a plan's conversations that still wait and that nobody else is at.
pub async fn lock_waiting(
    transaction: &Transaction,
    organization: OrganizationId,
    conversations: impl IntoIterator<Item = ConversationId>,
) -> Result<BTreeMap<(OrganizationId, ConversationId), Kept>, Fault> {
    let rows = transaction
        .rows(
            include_str!("sql/lock_waiting.sql"),
            vec![
                organization.uuid().into(),
                array::uuids(conversations.into_iter().map(ConversationId::uuid)),
            ],
        )
        .await?;
    by_key(&rows)
}

/// One conversation, not locked.
pub async fn one_conversation(
    transaction: &Transaction,
    organization: OrganizationId,
    conversation: ConversationId,
) -> Result<Option<Kept>, Fault> {
    let values = vec![organization.uuid().into(), conversation.uuid().into()];
    let rows = transaction.rows(include_str!("sql/one_conversation.sql"), values).await?;
    rows.first().map(read).transpose()
}

/// New conversations that a member owns, `limit` at most, not locked.
pub async fn owned_new(
    transaction: &Transaction,
    organization: OrganizationId,
    member: MemberId,
    limit: i64,
) -> Result<BTreeSet<(OrganizationId, ConversationId)>, Fault> {
    let values = vec![organization.uuid().into(), member.uuid().into(), limit.into()];
    let rows = transaction.rows(include_str!("sql/owned_new.sql"), values).await?;
    rows.iter()
        .map(|row| Ok((organization, ConversationId::from_uuid(row.get("conversation_id")?))))
        .collect()
}

/// The place of a waiting conversation among all that wait, from 1.
pub async fn position(
    transaction: &Transaction,
    organization: OrganizationId,
    waiting_since: OffsetDateTime,
    conversation: ConversationId,
) -> Result<u32, Fault> {
    let values = vec![organization.uuid().into(), waiting_since.into(), conversation.uuid().into()];
    let rows = transaction.rows(include_str!("sql/position.sql"), values).await?;
    let position: i64 = rows.first().map_or(Ok(1), |row| row.get("position"))?;
    Ok(u32::try_from(position).unwrap_or(u32::MAX))
}

fn by_key(rows: &[QueryResult]) -> Result<BTreeMap<(OrganizationId, ConversationId), Kept>, Fault> {
    rows.iter()
        .map(|row| {
            let kept = read(row)?;
            Ok(((kept.organization, kept.assignment.conversation), kept))
        })
        .collect()
}

fn read(row: &QueryResult) -> Result<Kept, Fault> {
    let member = |column| Ok::<_, Fault>(row.get::<Option<Uuid>>(column)?.map(MemberId::from_uuid));
    Ok(Kept {
        organization: OrganizationId::from_uuid(row.get("organization_id")?),
        assignment: Assignment {
            conversation: ConversationId::from_uuid(row.get("conversation_id")?),
            owner: member("owner_member_id")?,
            former: member("former_member_id")?,
            epoch: row.get("epoch")?,
            state: State::from_code(row.get("state")?).ok_or_else(|| unknown_code("state"))?,
            waiting_since: row.get("waiting_since")?,
            // Priorities come later.
            points: 0,
            channels: channels(row.get("channel_ids")?),
            rev: row.get("rev")?,
            decision: row.get("decision")?,
        },
        trace: row.get("trace")?,
    })
}

pub(super) fn channels(ids: Vec<Uuid>) -> BTreeSet<ChannelId> {
    ids.into_iter().map(ChannelId::from_uuid).collect()
}
