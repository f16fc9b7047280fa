//! Why a conversation has its owner.

use kit_store::{Row as _, Transaction};
use kit_values::{Fault, OrganizationId};
use sea_orm::QueryResult;
use uuid::Uuid;

use super::candidates;
use crate::domain::view::Told;
use crate::domain::words::{ConversationId, DecisionId, MemberId};

/// The newest decisions about a conversation first.
pub async fn explanations(
    transaction: &Transaction,
    organization: OrganizationId,
    conversation: ConversationId,
    limit: i64,
) -> Result<Vec<Told>, Fault> {
    let values = vec![organization.uuid().into(), conversation.uuid().into(), limit.into()];
    let rows = transaction.rows(include_str!("sql/explanations.sql"), values).await?;
    rows.iter().map(read).collect()
}

/// Forgets decisions made before `before`, `limit` at most; how many it forgot.
pub async fn forget_explanations(
    transaction: &Transaction,
    organization: OrganizationId,
    before: DecisionId,
    limit: i64,
) -> Result<u64, Fault> {
    let values = vec![organization.uuid().into(), before.uuid().into(), limit.into()];
    transaction.run(include_str!("sql/forget_explanations.sql"), values).await
}

fn read(row: &QueryResult) -> Result<Told, Fault> {
    let member = |column| Ok::<_, Fault>(row.get::<Option<Uuid>>(column)?.map(MemberId::from_uuid));
    let at = row.get("at")?;
    Ok(Told {
        decision: Some(DecisionId::from_uuid(row.get("decision_id")?)),
        conversation: ConversationId::from_uuid(row.get("conversation_id")?),
        at,
        outcome: row.get("outcome")?,
        reason: row.get("reason")?,
        member: member("member_id")?,
        by: member("by_member_id")?,
        waiting_since: row.get("waiting_since")?,
        policy_version: row.get("policy_version")?,
        candidates: candidates::read(&row.get::<String>("candidates")?, at)?,
        position: None,
    })
}
