//! Named reasons for being away: who may changes them, every change leaves an audit row in its
//! transaction, and everybody's screens are told.

use kit_store::outbox::{self, Message};
use kit_store::{Transaction, lock_key};
use kit_values::{EventId, Fault, OrganizationId};
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::audit::keep;
use crate::domain::away_states::{self, Change};
use crate::domain::view::AwayState;
use crate::domain::words::{AwayStateId, MemberId};
use crate::error;
use crate::store;
use crate::topology::subject_of;
use crate::wire::events;

/// All of an organization, archived ones too.
pub async fn list_away_states(
    transaction: &Transaction,
    organization: OrganizationId,
) -> Result<Vec<AwayState>, Fault> {
    store::away_states(transaction, organization).await
}

/// Adds one behind the others; `by` is nobody where an operator does.
///
/// # Errors
/// Forbidden for who is neither supervisor nor administrator; Invalid for a name that is empty or
/// too long; Rejected when there is one of this name.
pub async fn create_away_state(
    transaction: &Transaction,
    organization: OrganizationId,
    by: Option<MemberId>,
    (id, name): (AwayStateId, &str),
    now: OffsetDateTime,
) -> Result<AwayState, Fault> {
    let known = to_change(transaction, organization, by).await?;
    let name = away_states::name(name).map_err(error::not_an_away_state)?;
    away_states::room_for(&known, name).map_err(error::not_an_away_state)?;
    let added = store::add_away_state(transaction, organization, id, name).await?;
    tell(transaction, organization, now).await?;
    let detail = json!({ "name": name });
    keep(transaction, organization, by, ("away_state.added", id.to_string()), &detail, now).await?;
    Ok(added)
}

/// Gives one another name, or says whether it may be chosen.
///
/// # Errors
/// Forbidden for who is neither supervisor nor administrator; `NotFound`; Invalid or Rejected as
/// [`away_states::changed`] says.
pub async fn change_away_state(
    transaction: &Transaction,
    organization: OrganizationId,
    by: MemberId,
    (id, rev): (AwayStateId, i64),
    change: &Change,
    now: OffsetDateTime,
) -> Result<Vec<AwayState>, Fault> {
    let known = to_change(transaction, organization, Some(by)).await?;
    let changed = away_states::changed(&known, (id, rev), change);
    let Some(after) = changed.map_err(error::not_an_away_state)? else { return Ok(known) };
    store::save_away_states(transaction, organization, std::slice::from_ref(&after)).await?;
    tell(transaction, organization, now).await?;
    let before = known.iter().find(|state| state.id == id);
    let mut detail = serde_json::Map::new();
    if let Some(before) = before {
        if before.name != after.name {
            detail.insert("name".to_owned(), json!({ "from": before.name, "to": after.name }));
        }
        if before.archived != after.archived {
            let (from, to) = (!before.archived, !after.archived);
            detail.insert("enabled".to_owned(), json!({ "from": from, "to": to }));
        }
    }
    let act = ("away_state.changed", id.to_string());
    keep(transaction, organization, Some(by), act, &Value::Object(detail), now).await?;
    store::away_states(transaction, organization).await
}

/// Puts all of them in another order.
///
/// # Errors
/// Forbidden for who is neither supervisor nor administrator; Invalid or Rejected as
/// [`away_states::ordered`] says.
pub async fn order_away_states(
    transaction: &Transaction,
    organization: OrganizationId,
    by: MemberId,
    ids: &[AwayStateId],
    rev: i64,
    now: OffsetDateTime,
) -> Result<Vec<AwayState>, Fault> {
    let known = to_change(transaction, organization, Some(by)).await?;
    let ordered = away_states::ordered(&known, ids, rev);
    let Some(after) = ordered.map_err(error::not_an_away_state)? else { return Ok(known) };
    store::save_away_states(transaction, organization, &after).await?;
    tell(transaction, organization, now).await?;
    let names: Vec<&str> = after.iter().map(|state| state.name.as_str()).collect();
    let (act, detail) = (("away_states.ordered", String::new()), json!({ "order": names }));
    keep(transaction, organization, Some(by), act, &detail, now).await?;
    Ok(after)
}

/// What there is, for who may change it; whoever else changes it waits.
async fn to_change(
    transaction: &Transaction,
    organization: OrganizationId,
    by: Option<MemberId>,
) -> Result<Vec<AwayState>, Fault> {
    transaction.lock(&[lock_key(&["away states", &organization.uuid().to_string()])]).await?;
    if let Some(by) = by {
        let caller = store::one_member(transaction, organization, by).await?;
        if !caller.is_some_and(|caller| caller.roles.supervises()) {
            return Err(error::supervisors_only());
        }
    }
    store::away_states(transaction, organization).await
}

async fn tell(
    transaction: &Transaction,
    organization: OrganizationId,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let event = EventId::mint();
    let message = Message {
        event,
        organization: Some(organization),
        subject: subject_of(organization, "away_states_changed"),
        network: None,
        lane: outbox::lane(organization.uuid()),
        payload: events::away_states_changed(organization, event, now),
        occurred_at: now,
        trace: None,
    };
    outbox::append(transaction, vec![message]).await
}
