//! How much members may own: what the team says, and what each one's row then holds.

use kit_store::{Row as _, Transaction, lock_key};
use kit_values::{Fault, OrganizationId};

use super::members::{count, whole};
use crate::domain::capacity::{Allowance, Limits};
use crate::domain::words::MemberId;

/// What an organization has said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Team {
    /// How much.
    pub capacity: Allowance,
    /// Grows with every change.
    pub version: i64,
}

/// Whoever changes limits, or writes members by the team's, does so one after the other: each must
/// see what the one before has said. Taken before anything else is read, but for members who turn
/// out to be unknown.
pub async fn lock_limits(
    transaction: &Transaction,
    organizations: impl IntoIterator<Item = OrganizationId>,
) -> Result<(), Fault> {
    let key = |one: OrganizationId| lock_key(&["limits", &one.uuid().to_string()]);
    transaction.lock(&organizations.into_iter().map(key).collect::<Vec<_>>()).await
}

/// What the organization has said, if anything.
pub async fn team(
    transaction: &Transaction,
    organization: OrganizationId,
) -> Result<Option<Team>, Fault> {
    let values = vec![organization.uuid().into()];
    let rows = transaction.rows(include_str!("sql/team.sql"), values).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let (capacity, hard_limit) = (row.get("capacity")?, row.get::<Option<i32>>("hard_limit")?);
    let capacity = Allowance::new(count(capacity), hard_limit.map(count));
    let capacity = capacity.map_err(|_| Fault::internal("a capacity is none"))?;
    Ok(Some(Team { capacity, version: row.get("version")? }))
}

/// Keeps what a team says, and what follows from it for each of its members.
pub async fn save_team(
    transaction: &Transaction,
    organization: OrganizationId,
    team: Allowance,
) -> Result<(), Fault> {
    let values = || {
        vec![
            organization.uuid().into(),
            whole(team.capacity()).into(),
            team.hard_limit().map(whole).into(),
        ]
    };
    transaction.run(include_str!("sql/save_team.sql"), values()).await?;
    transaction.run(include_str!("sql/limit_members.sql"), values()).await?;
    Ok(())
}

/// Keeps what is said of one member.
pub async fn limit_member(
    transaction: &Transaction,
    organization: OrganizationId,
    member: MemberId,
    own: Option<u32>,
    limits: Limits,
) -> Result<(), Fault> {
    let values = vec![
        organization.uuid().into(),
        member.uuid().into(),
        own.map(whole).into(),
        whole(limits.capacity).into(),
        whole(limits.hard_limit).into(),
    ];
    transaction.run(include_str!("sql/limit_member.sql"), values).await?;
    Ok(())
}
