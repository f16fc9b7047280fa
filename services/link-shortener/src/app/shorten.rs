//! Links of one reply become short.

use kit_store::Transaction;
use kit_values::{Fault, OrganizationId};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::{Address, Base, Code, ConversationId, Refusal, Short};
use crate::store::{self, NewLink};

/// An address that is to become short.
#[derive(Debug, Clone)]
pub struct AskedLink {
    /// Its place in the text.
    pub ordinal: i16,
    /// As written.
    pub text: String,
    /// A fresh code, should it need one.
    pub code: Code,
    /// A fresh id, should it need one.
    pub id: Uuid,
    /// What another provider made of it.
    pub short_url: Option<String>,
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// In which conversation.
    pub conversation: ConversationId,
    /// The idempotency key of the reply.
    pub reply_key: String,
    /// The addresses.
    pub links: Vec<AskedLink>,
}

/// What became of one address, by its place: its link, or why not.
pub type Made = Vec<(i16, Result<Short, Refusal>)>;

/// Makes what is missing; the same reply and place give the link that was made first.
///
/// # Errors
/// Conflict when a fresh code is taken: ask again with others. Unavailable without the database.
pub async fn shorten(
    transaction: &Transaction,
    organization: OrganizationId,
    asked: &Asked,
    base: &Base,
    now: OffsetDateTime,
) -> Result<Made, Fault> {
    let mut made = Vec::with_capacity(asked.links.len());
    let mut new = Vec::new();
    for link in &asked.links {
        match Address::parse(&link.text, base) {
            Ok(address) => {
                made.push((link.ordinal, Ok(Short::Ours(link.code.clone()))));
                new.push(NewLink {
                    id: link.id,
                    code: link.code.clone(),
                    address,
                    ordinal: link.ordinal,
                    short_url: link.short_url.clone(),
                });
            }
            Err(refusal) => made.push((link.ordinal, Err(refusal))),
        }
    }
    if new.is_empty() {
        return Ok(made);
    }
    let (conversation, key) = (asked.conversation, &asked.reply_key);
    let stored = store::add(transaction, organization, conversation, key, &new, now).await?;
    for (ordinal, outcome) in &mut made {
        if let (Ok(link), Some(stored)) = (outcome, stored.get(ordinal)) {
            link.clone_from(stored);
        }
    }
    Ok(made)
}
