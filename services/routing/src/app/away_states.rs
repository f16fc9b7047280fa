//! Named reasons for being away.

use kit_store::Transaction;
use kit_store::outbox::{self, Message};
use kit_values::{EventId, Fault, OrganizationId};
use time::OffsetDateTime;

use crate::domain::view::AwayState;
use crate::domain::words::AwayStateId;
use crate::store;
use crate::topology::subject_of;
use crate::wire::events;

/// Longest name, in characters.
const LONGEST: usize = 60;

/// All of an organization, archived ones too.
pub async fn list_away_states(
    transaction: &Transaction,
    organization: OrganizationId,
) -> Result<Vec<AwayState>, Fault> {
    store::away_states(transaction, organization).await
}

/// Adds one behind the others.
///
/// # Errors
/// Invalid for a name that is empty or too long; Conflict when there is one of this name.
pub async fn create_away_state(
    transaction: &Transaction,
    organization: OrganizationId,
    id: AwayStateId,
    name: &str,
    now: OffsetDateTime,
) -> Result<AwayState, Fault> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST || name.contains(char::is_control) {
        let sentence = "The name of an away state has 1 to 60 characters.";
        return Err(Fault::invalid("away_state_name", "name", sentence));
    }
    let added = store::add_away_state(transaction, organization, id, name).await?;
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
    outbox::append(transaction, vec![message]).await?;
    Ok(added)
}
