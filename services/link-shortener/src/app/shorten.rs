//! Links of one reply become short.

use kit_store::Transaction;
use kit_values::{Fault, OrganizationId};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::{Address, Base, Code, ConversationId, Refusal};
use crate::store::{self, NewLink};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// In which conversation.
    pub conversation: ConversationId,
    /// The idempotency key of the reply.
    pub reply_key: String,
    /// Place in the text, address as written, and a fresh code and id should it need one.
    pub links: Vec<(i16, String, Code, Uuid)>,
}

/// What became of one address, by its place: its code, or why not.
pub type Made = Vec<(i16, Result<Code, Refusal>)>;

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
    for (ordinal, text, code, id) in &asked.links {
        match Address::parse(text, base) {
            Ok(address) => {
                made.push((*ordinal, Ok(code.clone())));
                new.push(NewLink { id: *id, code: code.clone(), address, ordinal: *ordinal });
            }
            Err(refusal) => made.push((*ordinal, Err(refusal))),
        }
    }
    if new.is_empty() {
        return Ok(made);
    }
    let (conversation, key) = (asked.conversation, &asked.reply_key);
    let codes = store::add(transaction, organization, conversation, key, &new, now).await?;
    for (ordinal, outcome) in &mut made {
        if let (Ok(code), Some(stored)) = (outcome, codes.get(ordinal)) {
            code.clone_from(stored);
        }
    }
    Ok(made)
}
