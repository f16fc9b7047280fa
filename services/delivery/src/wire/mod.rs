//! Between protobuf and the domain.

pub mod answers;
pub mod directory;
pub mod echoes;
pub mod events;
pub mod lookups;
pub mod replies;

use kit_values::{EventId, OrganizationId};
use networks::{MessageKind, Network};
use proto::event::v1::Metadata;
use proto::network::v1 as pb;
use time::OffsetDateTime;

use crate::domain::words::Action;

/// Why an event says nothing to this service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silent {
    /// It concerns others, or may be ignored.
    Others,
    /// It cannot be read; where, without content.
    Malformed(&'static str),
    /// A fact that this release does not know.
    Unknown,
}

/// A moment on the wire.
#[must_use]
pub fn timestamp(moment: OffsetDateTime) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: moment.unix_timestamp(),
        // Below a thousand million: fits.
        nanos: i32::try_from(moment.nanosecond()).unwrap_or_default(),
    }
}

/// A moment off the wire, in whole microseconds; none when it is no moment of our calendar.
#[must_use]
pub fn moment(timestamp: &prost_types::Timestamp) -> Option<OffsetDateTime> {
    let seconds = OffsetDateTime::from_unix_timestamp(timestamp.seconds).ok()?;
    let moment = seconds.checked_add(time::Duration::nanoseconds(i64::from(timestamp.nanos)))?;
    Some(kit_values::truncated(moment))
}

/// The network as the wire names it.
#[must_use]
pub const fn network(network: Network) -> pb::Network {
    match network {
        Network::X => pb::Network::X,
        Network::Facebook => pb::Network::Facebook,
    }
}

fn read_network(network: pb::Network) -> Option<Network> {
    match network {
        pb::Network::X => Some(Network::X),
        pb::Network::Facebook => Some(Network::Facebook),
        pb::Network::Unspecified => None,
    }
}

fn read_kind(kind: pb::MessageKind) -> Option<MessageKind> {
    match kind {
        pb::MessageKind::Unspecified => None,
        pb::MessageKind::PrivateMessage => Some(MessageKind::PrivateMessage),
        pb::MessageKind::Comment => Some(MessageKind::Comment),
        pb::MessageKind::Reply => Some(MessageKind::Reply),
        pb::MessageKind::Mention => Some(MessageKind::Mention),
        pb::MessageKind::Post => Some(MessageKind::Post),
        pb::MessageKind::Quote => Some(MessageKind::Quote),
    }
}

const ACTIONS: [(Action, pb::MessageAction); 8] = [
    (Action::Like, pb::MessageAction::Like),
    (Action::Unlike, pb::MessageAction::Unlike),
    (Action::Hide, pb::MessageAction::Hide),
    (Action::Unhide, pb::MessageAction::Unhide),
    (Action::Repost, pb::MessageAction::Repost),
    (Action::Unrepost, pb::MessageAction::Unrepost),
    (Action::Follow, pb::MessageAction::Follow),
    (Action::Unfollow, pb::MessageAction::Unfollow),
];

/// An action as the wire names it; unspecified for what has facts of its own.
fn action(action: Action) -> pb::MessageAction {
    let found = ACTIONS.iter().find(|(known, _)| *known == action);
    found.map_or(pb::MessageAction::Unspecified, |(_, wire)| *wire)
}

fn read_action(action: pb::MessageAction) -> Result<Action, Silent> {
    if action == pb::MessageAction::Unspecified {
        return Err(Silent::Unknown);
    }
    let found = ACTIONS.iter().find(|(_, wire)| *wire == action);
    found.map(|(known, _)| *known).ok_or(Silent::Malformed("action"))
}

/// Whose event it is, and which.
fn envelope(metadata: &Metadata) -> Result<(EventId, Option<OrganizationId>), Silent> {
    let event = metadata.event_id.parse().map_err(|_| Silent::Malformed("event_id"))?;
    let organization = match metadata.organization_id.as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| Silent::Malformed("organization_id"))?),
    };
    Ok((event, organization))
}

fn metadata(
    event: EventId,
    organization: OrganizationId,
    aggregate: String,
    version: i64,
    now: OffsetDateTime,
) -> Metadata {
    Metadata {
        event_id: event.to_string(),
        organization_id: organization.to_string(),
        aggregate_id: aggregate,
        aggregate_version: version,
        occurred_at: Some(timestamp(now)),
        ..Metadata::default()
    }
}
