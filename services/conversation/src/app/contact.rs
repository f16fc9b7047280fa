//! Contacts: who they are, what is known of them, and what they had with the organization before.

use std::collections::BTreeMap;

use kit_store::Transaction;
use kit_values::{Class, Fault, mint_uuid};
use time::OffsetDateTime;

use super::access::Asking;
use super::apply_items::lock_identity;
use super::follow_up::{Trail, announce};
use super::rejected::no;
use super::table::Deciding;
use crate::domain::access::Level;
use crate::domain::contact::{AttributeAsked, Card, Known, KnownAsked, Source};
use crate::domain::words::{ContactId, ConversationId};
use crate::store;
use crate::wire::Told;

/// Conversations of a contact that are shown.
const SHOWN: usize = 20;

/// Conversations of a contact that are looked at for those that the member may see.
const LOOKED_AT: i64 = 500;

/// A contact as the panel shows it.
///
/// # Errors
/// `NotFound` when the organization has no such contact, or the member may see none of its
/// conversations.
pub async fn contact(
    transaction: &Transaction,
    who: &Deciding,
    contact: ContactId,
) -> Result<Card, Fault> {
    let organization = who.organization;
    let author = store::author_of(transaction, organization, contact)
        .await?
        .ok_or_else(|| Fault::not_found("a contact"))?;
    let asking = Asking { organization, member: Some(who.member) };
    let sight = asking.sight(transaction).await?;
    let all =
        store::conversations_of_contact(transaction, organization, contact, LOOKED_AT).await?;
    let has_any = !all.is_empty();
    let seen: Vec<ConversationId> = all
        .into_iter()
        .filter(|(_, channels)| sight.shows(channels))
        .map(|(conversation, _)| conversation)
        .take(SHOWN)
        .collect();
    if has_any && seen.is_empty() {
        return Err(Fault::not_found("a contact"));
    }
    let definitions = store::definitions(transaction, organization).await?;
    let mut known = store::attributes_of(transaction, organization, contact).await?;
    known.retain(|one| definitions.iter().any(|definition| definition.id == one.attribute));
    let mut rows = store::conversation_rows(transaction, organization, &seen).await?;
    rows.sort_by_key(|row| seen.iter().position(|id| *id == row.conversation));
    Ok(Card { contact, author, known, conversations: rows })
}

/// Gives an attribute of a contact a value, or takes it away.
///
/// # Errors
/// Invalid when it is no value of that attribute; rejected when it has been changed since;
/// forbidden for viewers; `NotFound`.
pub async fn set_attribute(
    transaction: &Transaction,
    who: &Deciding,
    asked: &AttributeAsked,
) -> Result<Known, Fault> {
    let (organization, contact) = (who.organization, asked.contact);
    let author = store::author_of(transaction, organization, contact)
        .await?
        .ok_or_else(|| Fault::not_found("a contact"))?;
    match store::level_at_contact(transaction, organization, contact, who.member).await? {
        Level::Nothing => return Err(Fault::not_found("a contact")),
        Level::Viewer => {
            return Err(Fault::new(
                Class::Forbidden,
                "access_missing",
                "Your access to this channel does not go that far.",
            ));
        }
        Level::Contributor | Level::Supervisor => {}
    }
    let definitions = store::definitions(transaction, organization).await?;
    let definition = definitions
        .iter()
        .find(|definition| definition.id == asked.attribute)
        .ok_or_else(|| Fault::not_found("an attribute"))?;
    let value = match &asked.value {
        None => None,
        Some(text) => Some(definition.value(text).map_err(|reason| {
            Fault::invalid(reason.0, "value", "That is no value of this attribute.")
        })?),
    };
    transaction.lock(&[lock_identity(&author.identity)]).await?;
    let known = Known {
        attribute: asked.attribute,
        value,
        rev: asked.rev.saturating_add(1),
        source: Source::Member(who.member),
        at: who.now,
    };
    if !store::write_attribute(transaction, organization, contact, &known).await? {
        return Err(no("attribute_changed", "Somebody has changed it since."));
    }
    tell(transaction, who, contact).await?;
    Ok(known)
}

/// Tells whoever shows the contact, if it has a conversation.
async fn tell(transaction: &Transaction, who: &Deciding, contact: ContactId) -> Result<(), Fault> {
    let stands = store::overview_of_contact(transaction, who.organization, contact).await?;
    let Some(stands) = stands else { return Ok(()) };
    let changed = [((who.organization, stands), who.trail.clone())];
    announce(transaction, Told::Contact, &changed, who.now).await
}

/// Takes over what the operator knows of somebody, who need not have written yet; gives the
/// contact, and what could not be set with a stable code each.
pub async fn set_known(
    transaction: &Transaction,
    asked: &KnownAsked,
    now: OffsetDateTime,
) -> Result<(ContactId, BTreeMap<String, &'static str>), Fault> {
    let identity = &asked.author.identity;
    let organization = identity.organization;
    transaction.lock(&[lock_identity(identity)]).await?;
    let spare = (ContactId::mint(), mint_uuid());
    let contact = store::contact_of(transaction, &asked.author, spare).await?;
    let definitions = store::definitions(transaction, organization).await?;
    let before = store::attributes_of(transaction, organization, contact).await?;
    let mut refused = BTreeMap::new();
    let mut changed = false;
    for (name, text) in &asked.known {
        let definition = definitions.iter().find(|definition| definition.is_called(name));
        let Some(definition) = definition else {
            refused.insert(name.clone(), "unknown_attribute");
            continue;
        };
        let value = match definition.value(text) {
            Ok(value) => Some(value),
            Err(reason) => {
                refused.insert(name.clone(), reason.0);
                continue;
            }
        };
        let known = before.iter().find(|known| known.attribute == definition.id);
        if known.is_some_and(|known| known.value == value) {
            continue;
        }
        let known = Known {
            attribute: definition.id,
            value,
            rev: known.map_or(0, |known| known.rev) + 1,
            source: Source::Operator,
            at: now,
        };
        changed |= store::write_attribute(transaction, organization, contact, &known).await?;
    }
    if changed
        && let Some(stands) = store::overview_of_contact(transaction, organization, contact).await?
    {
        let told = [((organization, stands), Trail::default())];
        announce(transaction, Told::Contact, &told, now).await?;
    }
    Ok((contact, refused))
}
