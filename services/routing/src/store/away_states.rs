//! Named reasons for being away.

use kit_store::{Row as _, Transaction, array};
use kit_values::{Class, Fault, OrganizationId};
use sea_orm::QueryResult;

use crate::domain::view::AwayState;
use crate::domain::words::AwayStateId;

/// All of an organization, in their order.
pub async fn away_states(
    transaction: &Transaction,
    organization: OrganizationId,
) -> Result<Vec<AwayState>, Fault> {
    let values = vec![organization.uuid().into()];
    let rows = transaction.rows(include_str!("sql/away_states.sql"), values).await?;
    rows.iter().map(read).collect()
}

/// One of them.
pub async fn away_state(
    transaction: &Transaction,
    organization: OrganizationId,
    id: AwayStateId,
) -> Result<Option<AwayState>, Fault> {
    let values = vec![organization.uuid().into(), id.uuid().into()];
    let rows = transaction.rows(include_str!("sql/away_state.sql"), values).await?;
    rows.first().map(read).transpose()
}

/// Adds one behind the others.
///
/// # Errors
/// Conflict when the organization has one of this name.
pub async fn add_away_state(
    transaction: &Transaction,
    organization: OrganizationId,
    id: AwayStateId,
    name: &str,
) -> Result<AwayState, Fault> {
    let values = vec![organization.uuid().into(), id.uuid().into(), name.into()];
    let rows = transaction.rows(include_str!("sql/add_away_state.sql"), values).await?;
    rows.first()
        .map(read)
        .transpose()?
        .ok_or_else(|| Fault::new(Class::Internal, "internal", "The away state was not added."))
}

/// Keeps these as they are now.
pub async fn save_away_states(
    transaction: &Transaction,
    organization: OrganizationId,
    states: &[AwayState],
) -> Result<(), Fault> {
    let values = vec![
        organization.uuid().into(),
        array::uuids(states.iter().map(|state| state.id.uuid())),
        array::texts(states.iter().map(|state| state.name.clone())),
        array::integers(states.iter().map(|state| state.position)),
        array::booleans(states.iter().map(|state| state.archived)),
        array::bigints(states.iter().map(|state| state.rev)),
    ];
    transaction.run(include_str!("sql/save_away_states.sql"), values).await?;
    Ok(())
}

fn read(row: &QueryResult) -> Result<AwayState, Fault> {
    Ok(AwayState {
        id: AwayStateId::from_uuid(row.get("away_state_id")?),
        name: row.get("name")?,
        position: row.get("position")?,
        archived: row.get("archived")?,
        rev: row.get("rev")?,
    })
}
