//! Why a conversation has its owner.

use kit_store::{Row as _, Transaction};
use kit_values::{Fault, OrganizationId};
use sea_orm::QueryResult;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::agent::Removal;
use crate::domain::explanation::{Candidate, Candidates};
use crate::domain::view::Told;
use crate::domain::words::{ConversationId, DecisionId, MemberId};

/// How candidates are written; short, because there are many.
#[derive(Serialize, Deserialize)]
struct Written {
    considered: u32,
    eligible: u32,
    removed: Vec<u32>,
    shown: Vec<WrittenCandidate>,
}

/// Member, what removed them, load, capacity, microseconds of the last assignment.
type WrittenCandidate = (Uuid, Option<u8>, u32, u32, Option<i64>);

pub(super) fn write_candidates(candidates: &Candidates) -> Result<String, Fault> {
    let written = Written {
        considered: candidates.considered,
        eligible: candidates.eligible,
        removed: candidates.removed.to_vec(),
        shown: candidates
            .shown
            .iter()
            .map(|one| {
                let at = one.last_assigned_at.map(microseconds);
                (one.member.uuid(), one.removed.map(place), one.load, one.capacity, at)
            })
            .collect(),
    };
    serde_json::to_string(&written).map_err(Fault::internal)
}

fn read_candidates(text: &str) -> Result<Vec<Candidate>, Fault> {
    let written: Written = serde_json::from_str(text).map_err(Fault::internal)?;
    Ok(written
        .shown
        .into_iter()
        .map(|(member, removed, load, capacity, at)| Candidate {
            member: MemberId::from_uuid(member),
            removed: removed.and_then(|at| Removal::ALL.get(usize::from(at)).copied()),
            load,
            capacity,
            last_assigned_at: at.and_then(|at| {
                OffsetDateTime::from_unix_timestamp_nanos(i128::from(at) * 1_000).ok()
            }),
        })
        .collect())
}

/// The place of a removal in [`Removal::ALL`], which only grows at its end.
fn place(removal: Removal) -> u8 {
    Removal::ALL
        .iter()
        .position(|one| *one == removal)
        .and_then(|at| u8::try_from(at).ok())
        .unwrap_or(u8::MAX)
}

fn microseconds(at: OffsetDateTime) -> i64 {
    i64::try_from(at.unix_timestamp_nanos() / 1_000).unwrap_or(i64::MAX)
}

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
    Ok(Told {
        decision: Some(DecisionId::from_uuid(row.get("decision_id")?)),
        conversation: ConversationId::from_uuid(row.get("conversation_id")?),
        at: row.get("at")?,
        outcome: row.get("outcome")?,
        reason: row.get("reason")?,
        member: member("member_id")?,
        by: member("by_member_id")?,
        waiting_since: row.get("waiting_since")?,
        policy_version: row.get("policy_version")?,
        candidates: read_candidates(&row.get::<String>("candidates")?)?,
        position: None,
    })
}
