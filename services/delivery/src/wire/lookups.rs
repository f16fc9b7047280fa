//! What ingest wants to know of authors, and the answers.

use kit_values::{EventId, OrganizationId};
use networks::Person;
use prost::Message as _;
use proto::delivery::v1 as answers;
use proto::delivery::v1::author_answered::Answer;
use proto::event::v1::Metadata;
use proto::ingest::v1 as pb;
use proto::network::v1::{Author, Identity};
use time::OffsetDateTime;

use super::{Silent, envelope, metadata, moment, network, read_kind, read_network};
use crate::domain::lookup::{Lookup, Subject};

/// The last word of an answer's subject.
pub const AUTHOR_ANSWERED: &str = "author_answered";

/// Reads an `AuthorWanted` of stream INGEST.
///
/// # Errors
/// Why it says nothing to this service.
pub fn read(payload: &[u8]) -> Result<(EventId, Lookup), Silent> {
    let wanted =
        pb::AuthorWanted::decode(payload).map_err(|_| Silent::Malformed("not an AuthorWanted"))?;
    let metadata = wanted.metadata.as_ref().ok_or(Silent::Malformed("metadata is missing"))?;
    let (id, organization): (_, Option<OrganizationId>) = envelope(metadata)?;
    let asked_at = metadata.occurred_at.as_ref().and_then(moment);
    let key = Subject {
        organization: organization.ok_or(Silent::Malformed("organization_id"))?,
        item: wanted.item_id.parse().map_err(|_| Silent::Malformed("item_id"))?,
    };
    let lookup = Lookup {
        key,
        channel: wanted.channel_id.parse().map_err(|_| Silent::Malformed("channel_id"))?,
        network: read_network(wanted.network()).ok_or(Silent::Malformed("network"))?,
        kind: read_kind(wanted.kind()).ok_or(Silent::Malformed("kind"))?,
        external_id: wanted.external_id,
        author: wanted.author_id,
        scope: wanted.scope,
        tries: 0,
        asked_at: asked_at.ok_or(Silent::Malformed("occurred_at"))?,
        trace: None,
    };
    Ok((id, lookup))
}

/// The answer: who it is, or why nobody knows.
#[must_use]
pub fn answered(
    event: EventId,
    lookup: &Lookup,
    who: &Result<Person, String>,
    now: OffsetDateTime,
) -> Vec<u8> {
    let Subject { organization, item } = lookup.key;
    let answer = match who {
        Ok(person) => Answer::Found(Author {
            identity: Some(Identity {
                network: network(lookup.network).into(),
                scope: lookup.scope.clone(),
                network_user_id: person.id.clone(),
            }),
            display_name: person.name.clone(),
            handle: person.handle.clone(),
            avatar_url: person.avatar_url.clone(),
        }),
        Err(reason) => Answer::NotFound(answers::AuthorNotFound { reason: reason.clone() }),
    };
    let metadata = Metadata {
        // Who reads all of the stream passes it over.
        may_ignore: true,
        ..metadata(event, organization, item.to_string(), 0, now)
    };
    answers::AuthorAnswered {
        metadata: Some(metadata),
        channel_id: lookup.channel.to_string(),
        network: network(lookup.network).into(),
        item_id: item.to_string(),
        answer: Some(answer),
    }
    .encode_to_vec()
}
