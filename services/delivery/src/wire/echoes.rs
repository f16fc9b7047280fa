//! What the accounts themselves wrote, as ingest tells it and as it is handed on.

use kit_values::{EventId, OrganizationId};
use networks::{MessageKind, Network};
use prost::Message as _;
use proto::delivery::v1::delivery_event::Fact as Outgoing;
use proto::delivery::v1::{DeliveryEvent, NativeReplyObserved};
use proto::ingest::v1 as pb;
use proto::ingest::v1::item_event::Fact;
use time::OffsetDateTime;

use super::{Silent, envelope, metadata, moment, network, read_kind, read_network};
use crate::domain::echo::Echo;
use crate::domain::words::ChannelId;

/// The last word of the subject of what was written elsewhere.
pub const NATIVE_REPLY_OBSERVED: &str = "native_reply_observed";

/// An item as it came, to be handed on unread.
#[derive(Debug, Clone)]
pub struct Item {
    id: String,
    message: pb::OwnMessageObserved,
}

/// An event read.
#[derive(Debug, Clone)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// Whose.
    pub organization: OrganizationId,
    /// Of which account.
    pub channel: ChannelId,
    /// By which network.
    pub network: Network,
    /// What is matched.
    pub echo: Echo,
    /// Where people see it.
    pub permalink: String,
    /// From before the account was connected.
    pub history: bool,
    /// The item.
    pub item: Item,
}

/// Reads an event of stream INGEST.
///
/// # Errors
/// Why it says nothing to this service.
pub fn read(payload: &[u8]) -> Result<Event, Silent> {
    let event =
        pb::ItemEvent::decode(payload).map_err(|_| Silent::Malformed("not an ItemEvent"))?;
    let told_by = event.network();
    let metadata = event.metadata.ok_or(Silent::Malformed("metadata is missing"))?;
    let message = match event.fact {
        Some(Fact::OwnMessageObserved(message)) => message,
        Some(_) => return Err(Silent::Others),
        None if metadata.may_ignore => return Err(Silent::Others),
        None => return Err(Silent::Unknown),
    };
    let content = message.content.as_ref().ok_or(Silent::Malformed("content"))?;
    let kind = read_kind(content.kind()).ok_or(Silent::Malformed("kind"))?;
    let network_time = content.network_time.as_ref().and_then(moment);
    let echo = Echo {
        external_id: content.external_id.clone(),
        scope: content.scope.clone(),
        private: kind == MessageKind::PrivateMessage,
        recipient: message.counterpart.as_ref().map(|person| person.network_user_id.clone()),
        in_reply_to: content.in_reply_to_external_id.clone(),
        mark: message.sender_metadata.clone(),
        text: content.text.clone(),
        network_time: network_time.ok_or(Silent::Malformed("network_time"))?,
    };
    let permalink = content.permalink.clone();
    let (id, organization) = envelope(&metadata)?;
    Ok(Event {
        id,
        organization: organization.ok_or(Silent::Malformed("organization_id"))?,
        channel: event.channel_id.parse().map_err(|_| Silent::Malformed("channel_id"))?,
        network: read_network(told_by).ok_or(Silent::Malformed("network"))?,
        echo,
        permalink,
        history: message.history,
        item: Item { id: event.item_id, message },
    })
}

/// The event that hands on what was written elsewhere.
#[must_use]
pub fn native(
    event: EventId,
    organization: OrganizationId,
    channel: ChannelId,
    told_by: Network,
    item: Item,
    now: OffsetDateTime,
) -> Vec<u8> {
    DeliveryEvent {
        metadata: Some(metadata(event, organization, item.id.clone(), 0, now)),
        channel_id: channel.to_string(),
        network: network(told_by).into(),
        fact: Some(Outgoing::NativeReplyObserved(NativeReplyObserved {
            item_id: item.id,
            message: Some(item.message),
        })),
    }
    .encode_to_vec()
}
