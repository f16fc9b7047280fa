//! Answers to operators.

use proto::ingest::v1 as pb;

use super::timestamp;
use crate::domain::{Fate, Settled, Shelved};

/// One item of a request.
#[must_use]
pub fn item(position: usize, fate: &Fate) -> pb::Item {
    let outcome = match fate.outcome {
        Settled::Stored => pb::Outcome::Stored,
        Settled::Duplicate => pb::Outcome::Duplicate,
        Settled::Ignored => pb::Outcome::Ignored,
        Settled::Waiting => pb::Outcome::Waiting,
        Settled::Parked => pb::Outcome::Parked,
    };
    pb::Item {
        item_id: fate.item.to_string(),
        position: i32::try_from(position).unwrap_or(i32::MAX),
        outcome: outcome.into(),
        reason: fate.reason.clone(),
        kind: fate.kind.clone(),
        external_id: fate.external_id.clone(),
        event_id: fate.event.map(|event| event.to_string()).unwrap_or_default(),
    }
}

/// Something parked.
#[must_use]
pub fn parked(shelved: &Shelved) -> pb::ParkedItem {
    pb::ParkedItem {
        parked_id: shelved.id.to_string(),
        reason: shelved.reason.clone(),
        detail: shelved.detail.clone(),
        parked_at: Some(timestamp(shelved.parked_at)),
        organization_id: shelved.organization.map(|id| id.to_string()).unwrap_or_default(),
        source: shelved.source.clone(),
        bytes: i64::try_from(shelved.bytes).unwrap_or(i64::MAX),
        replayed_at: shelved.replayed_at.map(timestamp),
    }
}
