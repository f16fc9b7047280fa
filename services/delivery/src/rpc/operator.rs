//! Calls of the operator: what could not be applied.

use kit_bus::parked::Replayed;
use kit_bus::reader::replay;
use kit_store::parked::Parked;
use kit_values::Fault;
use proto::delivery::v1 as calls;

use super::Deliveries;
use crate::consume::Echoes;
use crate::{topology, wire};

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

impl Deliveries {
    /// Each through the reader that parked it.
    pub(super) async fn replay_one(&self, found: Parked) -> Result<(), Fault> {
        let (source, id) = (found.what.source.as_str(), found.what.id);
        if source == topology::replies().durable {
            replay(&self.store, source, &self.replies, id).await
        } else if source == topology::channels().durable {
            replay(&self.store, source, &self.channels, id).await
        } else if source == topology::authors().durable {
            replay(&self.store, source, &self.authors, id).await
        } else {
            replay(&self.store, source, &Echoes, id).await
        }
    }
}
