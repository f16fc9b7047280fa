//! Questions to delivery who wrote an item, and its answers.

use kit_values::{EventId, OrganizationId};
use networks::{MessageKind, Network, Person};
use prost::Message as _;
use proto::delivery::v1 as answers;
use proto::delivery::v1::author_answered::Answer;
use proto::event::v1::Metadata;
use proto::ingest::v1 as pb;
use time::OffsetDateTime;

use super::directory::Silent;
use super::events::{kind, network};
use super::timestamp;
use crate::domain::{ChannelId, ItemId, RequestId};

/// The last word of a question's subject.
pub const AUTHOR_WANTED: &str = "author_wanted";

/// Everything that a question says.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The event's id.
    pub event: EventId,
    /// Whose.
    pub organization: OrganizationId,
    /// In whose name the network is asked.
    pub channel: ChannelId,
    /// Of which item.
    pub item: ItemId,
    /// The request that brought it.
    pub request: RequestId,
    /// The network.
    pub network: Network,
    /// When the request came.
    pub asked_at: OffsetDateTime,
    /// The message's id there.
    pub external_id: &'a str,
    /// What the message is.
    pub kind: MessageKind,
    /// The author's id there; empty where that is not known either.
    pub author: &'a str,
    /// What the author's id belongs to.
    pub scope: &'a str,
}

/// The encoded question.
#[must_use]
pub fn encode(question: &Question<'_>) -> Vec<u8> {
    let metadata = Metadata {
        event_id: question.event.to_string(),
        organization_id: question.organization.to_string(),
        aggregate_id: question.item.to_string(),
        aggregate_version: 0,
        occurred_at: Some(timestamp(question.asked_at)),
        causation_id: question.request.to_string(),
        correlation_id: question.request.to_string(),
        may_ignore: true,
    };
    pb::AuthorWanted {
        metadata: Some(metadata),
        item_id: question.item.to_string(),
        channel_id: question.channel.to_string(),
        network: network(question.network).into(),
        external_id: question.external_id.to_owned(),
        kind: kind(question.kind).into(),
        author_id: question.author.to_owned(),
        scope: question.scope.to_owned(),
    }
    .encode_to_vec()
}

/// What delivery answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Whose.
    pub organization: OrganizationId,
    /// Of which item.
    pub item: ItemId,
    /// Who wrote it, or a stable code that says why nobody can tell.
    pub who: Result<Person, String>,
}

/// Reads an event of stream DELIVERY.
///
/// # Errors
/// Why it says nothing to this service.
pub fn read(payload: &[u8]) -> Result<(EventId, Told), Silent> {
    let answered = answers::AuthorAnswered::decode(payload)
        .map_err(|_| Silent::Malformed("not an AuthorAnswered"))?;
    let metadata = answered.metadata.ok_or(Silent::Malformed("metadata is missing"))?;
    let who = match answered.answer {
        Some(Answer::Found(author)) => {
            let identity = author.identity.ok_or(Silent::Malformed("identity"))?;
            Ok(Person {
                id: identity.network_user_id,
                name: author.display_name,
                handle: author.handle,
                avatar_url: author.avatar_url,
            })
        }
        Some(Answer::NotFound(not_found)) => Err(not_found.reason),
        None => return Err(Silent::Unknown),
    };
    let told = Told {
        organization: metadata
            .organization_id
            .parse()
            .map_err(|_| Silent::Malformed("organization_id"))?,
        item: answered.item_id.parse().map_err(|_| Silent::Malformed("item_id"))?,
        who,
    };
    let event = metadata.event_id.parse().map_err(|_| Silent::Malformed("event_id"))?;
    Ok((event, told))
}
