//! Contacts and what is known of them.

use kit_values::{Fault, OrganizationId};
use proto::conversation::v1 as calls;
use proto::network::v1 as network;

use super::answers::{self, author};
use super::items::{clean, read_network};
use super::{id, timestamp};
use crate::domain::contact::{AttributeAsked, Card, Known, KnownAsked, Source};
use crate::domain::item::{Author, Profile};
use crate::domain::person::{IdentityKey, Person};

/// Most attributes in one call.
const MOST_KNOWN: usize = 100;

/// Longest text in a call, in bytes.
const LONGEST: usize = 10_000;

/// A contact as the panel shows it.
#[must_use]
pub fn contact_card(card: Card) -> calls::GetContactResponse {
    let Author { identity, profile } = card.author;
    calls::GetContactResponse {
        contact: Some(calls::Contact {
            contact_id: card.contact.to_string(),
            author: Some(author(identity.network, identity.scope, &identity.person, profile)),
        }),
        attributes: card.known.iter().map(attribute).collect(),
        conversations: card.conversations.into_iter().map(|row| answers::row(row, &[])).collect(),
    }
}

/// What is known of one attribute.
#[must_use]
pub fn attribute(known: &Known) -> calls::ContactAttribute {
    let source = match known.source {
        Source::Member(_) => calls::AttributeSource::Member,
        Source::Operator => calls::AttributeSource::Operator,
    };
    calls::ContactAttribute {
        attribute_id: known.attribute.to_string(),
        value: known.value.clone(),
        rev: known.rev,
        source: source.into(),
        edited_by_member_id: known.source.member().map(|id| id.to_string()).unwrap_or_default(),
        edited_at: Some(timestamp(known.at)),
    }
}

/// Reads a value that a member gives to an attribute.
///
/// # Errors
/// Invalid, with the field; `NotFound` for ids that cannot be ours.
pub fn read_attribute(call: calls::SetContactAttributeRequest) -> Result<AttributeAsked, Fault> {
    if call.rev < 0 {
        return Err(Fault::invalid("rev_invalid", "rev", "There is no such rev."));
    }
    if call.value.as_ref().is_some_and(|value| value.len() > LONGEST) {
        return Err(Fault::invalid("value_too_long", "value", "The value is too long."));
    }
    Ok(AttributeAsked {
        contact: id(&call.contact_id, "a contact")?,
        attribute: id(&call.attribute_id, "an attribute")?,
        value: call.value,
        rev: call.rev,
    })
}

/// Reads what the operator knows of somebody.
///
/// # Errors
/// Invalid, with the field.
pub fn read_known(
    organization: OrganizationId,
    call: calls::SetContactAttributesRequest,
) -> Result<KnownAsked, Fault> {
    let nobody = || Fault::invalid("who_missing", "who", "Say whose attributes these are.");
    let who = call.who.ok_or_else(nobody)?;
    let network::Author { identity, display_name, handle, avatar_url } = who;
    let identity = identity.ok_or_else(nobody)?;
    let of = read_network(identity.network).map_err(|_| nobody())?;
    let user_id = clean(&identity.network_user_id);
    // What begins so stands for somebody whom the network does not name.
    if user_id.is_empty() || user_id.starts_with('?') {
        return Err(nobody());
    }
    if call.attributes.len() > MOST_KNOWN {
        let sentence = "Set at most 100 attributes at a time.";
        return Err(Fault::invalid("too_many_attributes", "attributes", sentence));
    }
    let profile = Profile {
        display_name: clean(&display_name),
        handle: clean(&handle),
        avatar_url: clean(&avatar_url),
    };
    let identity = IdentityKey {
        organization,
        network: of,
        scope: clean(&identity.scope),
        person: Person::Known(user_id),
    };
    Ok(KnownAsked {
        author: Author { identity, profile },
        known: call.attributes.into_iter().map(|one| (one.attribute, one.value)).collect(),
    })
}
