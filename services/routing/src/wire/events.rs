//! News → events of stream ROUTING.

use kit_values::{EventId, OrganizationId};
use prost::Message as _;
use proto::event::v1::Metadata;
use proto::routing::v1 as pb;
use proto::routing::v1::routing_event::Fact;
use time::OffsetDateTime;

use super::{answers, timestamp};
use crate::domain::ownership::OwnerChange;
use crate::domain::view::Teammate;
use crate::domain::words::{ConversationId, DecisionId, MemberId};

/// The owner of a conversation changed.
#[must_use]
pub fn owner_changed(
    organization: OrganizationId,
    conversation: ConversationId,
    change: OwnerChange,
    decision: Option<DecisionId>,
    event: EventId,
    now: OffsetDateTime,
) -> Vec<u8> {
    let text = |member: Option<MemberId>| member.map(|id| id.to_string()).unwrap_or_default();
    let fact = Fact::OwnerChanged(pb::OwnerChanged {
        conversation_id: conversation.to_string(),
        owner_member_id: text(change.owner),
        former_member_id: text(change.former),
        epoch: change.epoch,
        reason: change.cause.name().to_owned(),
        by_member_id: text(change.by),
        decision_id: decision.map(|id| id.to_string()).unwrap_or_default(),
    });
    encode(organization, conversation.to_string(), change.epoch, fact, event, now)
}

/// What a member chose changed.
#[must_use]
pub fn availability_changed(
    organization: OrganizationId,
    member: &Teammate,
    event: EventId,
    now: OffsetDateTime,
) -> Vec<u8> {
    let fact = Fact::AvailabilityChanged(pb::AvailabilityChanged {
        availability: Some(answers::availability(member)),
    });
    encode(organization, member.member.to_string(), member.chosen.epoch, fact, event, now)
}

/// The list of away states changed.
#[must_use]
pub fn away_states_changed(
    organization: OrganizationId,
    event: EventId,
    now: OffsetDateTime,
) -> Vec<u8> {
    let fact = Fact::AwayStatesChanged(pb::AwayStatesChanged {});
    encode(organization, organization.to_string(), 0, fact, event, now)
}

fn encode(
    organization: OrganizationId,
    aggregate_id: String,
    aggregate_version: i64,
    fact: Fact,
    event: EventId,
    now: OffsetDateTime,
) -> Vec<u8> {
    let metadata = Metadata {
        event_id: event.to_string(),
        organization_id: organization.to_string(),
        aggregate_id,
        aggregate_version,
        occurred_at: Some(timestamp(now)),
        ..Metadata::default()
    };
    pb::RoutingEvent { metadata: Some(metadata), fact: Some(fact) }.encode_to_vec()
}
