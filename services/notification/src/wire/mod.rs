//! Between protobuf and the domain.

mod signals;

use kit_values::{EventId, OrganizationId};
use prost::Message as _;
use proto::event::v1::Metadata;
use proto::notification::v1 as pb;
use proto::notification::v1::notification_event::Fact;
use time::OffsetDateTime;

pub use signals::{Envelope, Unread, read};

use crate::domain::{Change, ConversationId, Kind, Notification, Told};

/// A moment.
#[must_use]
pub fn timestamp(moment: OffsetDateTime) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: moment.unix_timestamp(),
        // Below a thousand million: fits.
        nanos: i32::try_from(moment.nanosecond()).unwrap_or_default(),
    }
}

fn notification(conversation: ConversationId, it: &Notification, rev: i64) -> pb::Notification {
    let kind = match it.kind {
        Kind::AssignedToYou => pb::NotificationKind::AssignedToYou,
        Kind::CustomerAnswered => pb::NotificationKind::CustomerAnswered,
    };
    pb::Notification {
        notification_id: it.id.to_string(),
        member_id: it.member.to_string(),
        kind: kind.into(),
        conversation_id: conversation.to_string(),
        at: Some(timestamp(it.at)),
        badge_only: it.badge_only,
        rev,
    }
}

/// A standing notification as its member sees it.
#[must_use]
pub fn told(told: &Told) -> pb::Notification {
    notification(told.conversation, &told.notification, told.rev)
}

/// The last part of an event's subject, and its bytes.
#[must_use]
pub fn event(
    event: EventId,
    organization: OrganizationId,
    conversation: ConversationId,
    rev: i64,
    change: &Change,
    now: OffsetDateTime,
) -> (&'static str, Vec<u8>) {
    let (name, fact) = match change {
        Change::Raised(it) => (
            "notification_raised",
            Fact::NotificationRaised(pb::NotificationRaised {
                notification: Some(notification(conversation, it, rev)),
            }),
        ),
        Change::Withdrawn(it, reason) => (
            "notification_withdrawn",
            Fact::NotificationWithdrawn(pb::NotificationWithdrawn {
                notification_id: it.id.to_string(),
                member_id: it.member.to_string(),
                conversation_id: conversation.to_string(),
                reason: reason.name().to_owned(),
            }),
        ),
    };
    let metadata = Metadata {
        event_id: event.to_string(),
        organization_id: organization.to_string(),
        aggregate_id: conversation.to_string(),
        aggregate_version: rev,
        occurred_at: Some(timestamp(now)),
        ..Metadata::default()
    };
    let event = pb::NotificationEvent { metadata: Some(metadata), fact: Some(fact) };
    (name, event.encode_to_vec())
}
