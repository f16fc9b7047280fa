//! Routing's events → owners.

use kit_values::{EventId, OrganizationId};
use prost::Message as _;
use proto::routing::v1::RoutingEvent;
use proto::routing::v1::routing_event::Fact;

use super::Unread;
use super::items::{read_id, unknown};
use crate::domain::batch::Owner;
use crate::domain::heard::Owned;

/// Reads an event of stream ROUTING.
///
/// # Errors
/// Why it cannot be applied, or that it is not ours.
pub fn read_owner(payload: &[u8]) -> Result<(EventId, OrganizationId, Owned), Unread> {
    let event = RoutingEvent::decode(payload).map_err(|_| Unread::Malformed("encoding"))?;
    let metadata = event.metadata.as_ref().ok_or(Unread::Malformed("metadata"))?;
    let changed = match event.fact.as_ref().ok_or_else(|| unknown(metadata))? {
        Fact::OwnerChanged(changed) => changed,
        Fact::AvailabilityChanged(_) | Fact::AwayStatesChanged(_) => {
            return Err(Unread::Ignorable);
        }
    };
    let organization = read_id(&metadata.organization_id, "organization_id")?;
    let member = if changed.owner_member_id.is_empty() {
        None
    } else {
        Some(read_id(&changed.owner_member_id, "owner_member_id")?)
    };
    let owned = Owned {
        organization,
        conversation: read_id(&changed.conversation_id, "conversation_id")?,
        owner: Owner { member, epoch: changed.epoch },
    };
    Ok((read_id(&metadata.event_id, "event_id")?, organization, owned))
}
