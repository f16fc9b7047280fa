//! What a planner loads.

use std::collections::BTreeMap;

use kit_store::{Row as _, Transaction, array, lock_key};
use kit_values::{Fault, OrganizationId};

use super::conversations::channels;
use crate::domain::agent::Requirement;
use crate::domain::plan::{Queue, Waiting};
use crate::domain::words::ConversationId;

/// How a planner's transaction began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begun {
    /// No other planner is at work for the organization.
    pub alone: bool,
    /// What woke the planner has been committed, or undone.
    pub visible: bool,
    /// The mark that others leave; another one afterwards means to plan again.
    pub mark: Option<i64>,
    /// Something waits and somebody who is available has room.
    pub possible: bool,
}

/// Sets the limits of a planner's transaction and tries to be the organization's only planner
/// until it ends. `causes` are the transactions that woke it.
pub async fn begin_planning(
    transaction: &Transaction,
    organization: OrganizationId,
    causes: Vec<String>,
    without_lock: bool,
) -> Result<Begun, Fault> {
    let key = lock_key(&["planner", &organization.uuid().to_string()]);
    let values =
        vec![key.into(), without_lock.into(), array::texts(causes), organization.uuid().into()];
    let rows = transaction.rows(include_str!("sql/planner_begin.sql"), values).await?;
    let row = rows.first().ok_or_else(|| Fault::internal("a row without a table is missing"))?;
    Ok(Begun {
        alone: row.get("alone")?,
        visible: row.get("visible")?,
        mark: row.get("mark")?,
        possible: row.get("possible")?,
    })
}

/// Asks whoever plans for the organization now to plan once more.
pub async fn mark(transaction: &Transaction, organization: OrganizationId) -> Result<(), Fault> {
    let values = vec![organization.uuid().into()];
    transaction.run(include_str!("sql/planner_mark.sql"), values).await?;
    Ok(())
}

/// The mark that others leave.
pub async fn marked(
    transaction: &Transaction,
    organization: OrganizationId,
) -> Result<Option<i64>, Fault> {
    let values = vec![organization.uuid().into()];
    let rows = transaction.rows(include_str!("sql/planner_marked.sql"), values).await?;
    rows.first().map(|row| row.get("mark")).transpose()
}

/// The heads of every queue: at least the oldest `each` of it, or all of it.
pub async fn queues(
    transaction: &Transaction,
    organization: OrganizationId,
    each: i64,
) -> Result<Vec<Queue>, Fault> {
    let values = vec![organization.uuid().into(), each.into()];
    let rows = transaction.rows(include_str!("sql/queues.sql"), values).await?;
    let mut queues: BTreeMap<Requirement, Vec<Waiting>> = BTreeMap::new();
    for row in &rows {
        let requirement = Requirement { channels: channels(row.get("channel_ids")?) };
        queues.entry(requirement).or_default().push(Waiting {
            conversation: ConversationId::from_uuid(row.get("conversation_id")?),
            waiting_since: row.get("waiting_since")?,
            points: 0,
            epoch: row.get("epoch")?,
        });
    }
    Ok(queues.into_iter().map(|(requirement, waiting)| Queue { requirement, waiting }).collect())
}
