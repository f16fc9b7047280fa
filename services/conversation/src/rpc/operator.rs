//! Calls of the operator: how far events got, and what could not be applied.
//!
//! An operator's token may name an organization, and then sees only what is that one's; without
//! one it is the installation's own.

use kit_bus::parked::Replayed;
use kit_bus::reader::replay;
use kit_service::Caller;
use kit_store::Scope;
use kit_store::parked::Parked;
use kit_values::{EventId, Fault};
use proto::conversation::v1 as calls;

use super::Conversations;
use crate::consume::{Directory, Owners};
use crate::{app, topology, wire};

/// Events in one call.
const MOST_EVENTS: usize = 1_000;

/// Something parked, without its bytes.
pub(super) fn parked(found: &Parked) -> calls::ParkedEvent {
    calls::ParkedEvent {
        parked_id: found.what.id.to_string(),
        reason: found.what.reason.clone(),
        detail: found.what.detail.clone(),
        organization_id: found.what.organization.map(|id| id.to_string()).unwrap_or_default(),
        source: found.what.source.clone(),
        bytes: i64::try_from(found.what.payload.len()).unwrap_or(i64::MAX),
        parked_at: Some(wire::timestamp(found.parked_at)),
        replayed_at: found.replayed_at.map(wire::timestamp),
    }
}

/// What became of one that was to be replayed.
pub(super) fn replayed(result: Replayed) -> calls::ReplayResult {
    calls::ReplayResult {
        parked_id: result.id,
        replayed: result.outcome.is_ok(),
        reason: result.outcome.err().unwrap_or_default(),
    }
}

impl Conversations {
    pub(super) async fn outcomes(
        &self,
        caller: &Caller,
        asked: &[String],
    ) -> Result<Vec<calls::EventOutcome>, Fault> {
        let events: Vec<EventId> = super::known_forms(asked, MOST_EVENTS, "event_ids")?;
        let readers: Vec<String> =
            topology::readers().into_iter().map(|plan| plan.durable).collect();
        let scope = caller.organization.map_or(Scope::Unscoped, Scope::from);
        let outcomes = self
            .store
            .transaction(&scope, async move |transaction| {
                app::outcomes(transaction, &readers, &events).await
            })
            .await?;
        Ok(outcomes.into_iter().map(|(event, progress)| wire::outcome(event, progress)).collect())
    }

    /// Each through the reader that parked it.
    pub(super) async fn replay_one(&self, found: Parked) -> Result<(), Fault> {
        let (store, source, id) = (&self.store, found.what.source.as_str(), found.what.id);
        if source == topology::deliveries().durable {
            replay(store, source, &self.deliveries, id).await
        } else if source == topology::owners().durable {
            replay(store, source, &Owners, id).await
        } else if source == topology::directory().durable {
            replay(store, source, &Directory, id).await
        } else {
            replay(store, source, &self.inbound, id).await
        }
    }
}
