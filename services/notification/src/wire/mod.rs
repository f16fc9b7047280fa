//! Between protobuf and the domain.

mod matrix;
mod signals;

use kit_values::{EventId, OrganizationId};
use prost::Message as _;
use proto::event::v1::Metadata;
use proto::notification::v1 as pb;
use proto::notification::v1::notification_event::Fact;
use time::OffsetDateTime;

pub use matrix::{asked, means, occasions, preferences};
pub use signals::{Envelope, Unread, languages, people, read};

use crate::domain::{Kind, Outcome, Seen, Subject, Told};

/// A moment.
#[must_use]
pub fn timestamp(moment: OffsetDateTime) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: moment.unix_timestamp(),
        // Below a thousand million: fits.
        nanos: i32::try_from(moment.nanosecond()).unwrap_or_default(),
    }
}

const fn kind(kind: Kind) -> pb::NotificationKind {
    match kind {
        Kind::AssignedToYou => pb::NotificationKind::AssignedToYou,
        Kind::CustomerAnswered => pb::NotificationKind::CustomerAnswered,
        Kind::ReplyFailed => pb::NotificationKind::ReplyFailed,
        Kind::ChannelUnhealthy => pb::NotificationKind::ChannelUnhealthy,
        Kind::Test => pb::NotificationKind::Test,
    }
}

const fn outcome(outcome: Outcome) -> pb::Outcome {
    match outcome {
        Outcome::Not => pb::Outcome::Not,
        Outcome::Queued => pb::Outcome::Queued,
        Outcome::Sent => pb::Outcome::Sent,
        Outcome::Shown => pb::Outcome::Shown,
        Outcome::Opened => pb::Outcome::Opened,
    }
}

fn seen(seen: &Seen) -> pb::MeansOutcome {
    pb::MeansOutcome {
        means: matrix::means_of(seen.means).into(),
        outcome: outcome(seen.outcome).into(),
        reason: seen.reason.clone(),
        at: Some(timestamp(seen.at)),
    }
}

/// A notification as its member sees it.
#[must_use]
pub fn told(told: &Told) -> pb::Notification {
    let (conversation_id, channel_id) = match told.subject {
        Subject::Conversation(id) => (id.to_string(), String::new()),
        Subject::Channel(id) => (String::new(), id.to_string()),
        Subject::Nothing => (String::new(), String::new()),
    };
    pb::Notification {
        notification_id: told.id.to_string(),
        member_id: told.member.to_string(),
        kind: kind(told.kind).into(),
        conversation_id,
        channel_id,
        at: Some(timestamp(told.at)),
        badge_only: told.badge_only,
        rev: told.rev,
        outcomes: told.outcomes.iter().map(seen).collect(),
        count: told.count,
        settled_at: told.settled.map(|(at, _)| timestamp(at)),
        settled_reason: told.settled.map(|(_, why)| why.name().to_owned()).unwrap_or_default(),
    }
}

/// What a browser said, if it may say so.
#[must_use]
pub fn outcome_of(request: &pb::RecordOutcomeRequest) -> Option<Outcome> {
    match request.outcome() {
        pb::Outcome::Not => Some(Outcome::Not),
        pb::Outcome::Shown => Some(Outcome::Shown),
        pb::Outcome::Opened => Some(Outcome::Opened),
        pb::Outcome::Unspecified | pb::Outcome::Queued | pb::Outcome::Sent => None,
    }
}

/// The last part of an event's subject, and its bytes.
#[must_use]
pub fn event(
    event: EventId,
    organization: OrganizationId,
    what: &Told,
    raised: bool,
    now: OffsetDateTime,
) -> (&'static str, Vec<u8>) {
    let shown = told(what);
    let aggregate_id = match what.subject {
        Subject::Conversation(id) => id.to_string(),
        Subject::Channel(_) | Subject::Nothing => what.id.to_string(),
    };
    let (name, fact) = if raised {
        let raised = pb::NotificationRaised { notification: Some(shown) };
        ("notification_raised", Fact::NotificationRaised(raised))
    } else {
        let withdrawn = pb::NotificationWithdrawn {
            notification_id: shown.notification_id,
            member_id: shown.member_id,
            conversation_id: shown.conversation_id,
            reason: shown.settled_reason,
        };
        ("notification_withdrawn", Fact::NotificationWithdrawn(withdrawn))
    };
    let metadata = Metadata {
        event_id: event.to_string(),
        organization_id: organization.to_string(),
        aggregate_id,
        aggregate_version: what.rev,
        occurred_at: Some(timestamp(now)),
        ..Metadata::default()
    };
    let event = pb::NotificationEvent { metadata: Some(metadata), fact: Some(fact) };
    (name, event.encode_to_vec())
}
