//! What a planner loads.

use std::collections::BTreeMap;

use kit_store::{Row as _, Transaction, array, lock_key};
use kit_values::{Fault, OrganizationId};
use time::OffsetDateTime;
use uuid::Uuid;

use super::conversations::channels;
use super::members::count;
use super::unknown_code;
use crate::domain::access::Doors;
use crate::domain::agent::{Agent, Requirement};
use crate::domain::person::Roles;
use crate::domain::plan::{Queue, Waiting};
use crate::domain::presence::Presence;
use crate::domain::words::{Availability, ConversationId, MemberId};

/// Whose turn it is when a planner's transaction begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// This planner's.
    Own,
    /// Another planner is at work for the organization.
    Another,
    /// Nobody's: what woke the planner has been neither committed nor undone.
    TooEarly,
}

/// How a planner's transaction began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begun {
    /// Whose turn it is.
    pub turn: Turn,
    /// The mark that others leave; another one afterwards means to plan again.
    pub mark: Option<i64>,
    /// Grows with every change of what the organization says of its team.
    pub settings: i64,
    /// A channel of the organization is restricted.
    pub restricted: bool,
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
    let turn = match (row.get("visible")?, row.get("alone")?) {
        (false, _) => Turn::TooEarly,
        (true, false) => Turn::Another,
        (true, true) => Turn::Own,
    };
    Ok(Begun {
        turn,
        mark: row.get("mark")?,
        settings: row.get("settings")?,
        restricted: row.get("restricted")?,
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

/// Everybody of an organization as a plan looks at them, not locked; nobody's presence is known.
/// `doors` are the organization's.
pub async fn roster(
    transaction: &Transaction,
    organization: OrganizationId,
    doors: &Doors,
) -> Result<Vec<Agent>, Fault> {
    let values = vec![organization.uuid().into()];
    let rows = transaction.rows(include_str!("sql/roster.sql"), values).await?;
    let Some(row) = rows.first() else { return Ok(Vec::new()) };
    let members: Vec<Uuid> = row.get("member_id")?;
    let roles: Vec<i16> = row.get("roles")?;
    let availability: Vec<i16> = row.get("availability")?;
    let epochs: Vec<i64> = row.get("availability_epoch")?;
    let [loads, capacities, limits] =
        [row.get::<Vec<i32>>("load")?, row.get("capacity")?, row.get("hard_limit")?];
    let assigned: Vec<i64> = row.get("last_assigned_at")?;
    members
        .into_iter()
        .enumerate()
        .map(|(at, member)| {
            let availability = Availability::from_code(availability[at]);
            let member = MemberId::from_uuid(member);
            Ok(Agent {
                member,
                availability: availability.ok_or_else(|| unknown_code("availability"))?,
                availability_epoch: epochs[at],
                presence: Presence::Unknown,
                access: doors.access(member, Roles::from_code(roles[at])),
                load: count(loads[at]),
                capacity: count(capacities[at]),
                hard_limit: count(limits[at]),
                last_assigned_at: moment(assigned[at]),
            })
        })
        .collect()
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
        let conversations: Vec<Uuid> = row.get("conversation_id")?;
        let since: Vec<i64> = row.get("waiting_since")?;
        let epochs: Vec<i64> = row.get("epoch")?;
        let queue = queues.entry(requirement).or_default();
        for ((conversation, since), epoch) in conversations.into_iter().zip(since).zip(epochs) {
            let since = moment(since);
            queue.push(Waiting {
                conversation: ConversationId::from_uuid(conversation),
                waiting_since: since.ok_or_else(|| Fault::internal("a moment is none"))?,
                points: 0,
                epoch,
            });
        }
    }
    Ok(queues.into_iter().map(|(requirement, waiting)| Queue { requirement, waiting }).collect())
}

/// The moment so many microseconds after 1970; `None` for the number that stands for none.
fn moment(microseconds: i64) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(microseconds) * 1_000).ok()
}
