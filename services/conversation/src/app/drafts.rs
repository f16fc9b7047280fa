//! Drafts of members: kept for their other devices, the latest written stands.

use kit_store::Transaction;
use kit_values::Fault;
use time::OffsetDateTime;

use super::access::Asking;
use super::table::Deciding;
use crate::domain::draft::{Draft, Mode};
use crate::domain::words::ConversationId;
use crate::store;

/// Most drafts of a member that are listed.
const MOST: i64 = 200;

/// The member's drafts where they still see the conversation, the newest first.
pub async fn drafts(transaction: &Transaction, who: &Deciding) -> Result<Vec<Draft>, Fault> {
    let found = store::drafts(transaction, who.organization, who.member, MOST).await?;
    let of = found.iter().map(|draft| draft.conversation).collect();
    let seen = asking(who).seen(transaction, of).await?;
    Ok(found.into_iter().filter(|draft| seen.contains(&draft.conversation)).collect())
}

/// Keeps a draft unless something later stands; gives what stands.
///
/// # Errors
/// `NotFound` when the member sees no such conversation.
pub async fn put_draft(
    transaction: &Transaction,
    who: &Deciding,
    draft: &Draft,
) -> Result<Option<Draft>, Fault> {
    exists(transaction, who, draft.conversation).await?;
    store::put_draft(transaction, who.organization, who.member, draft, who.now).await?;
    let (organization, member) = (who.organization, who.member);
    store::draft(transaction, organization, member, draft.conversation, draft.mode).await
}

/// Throws a draft away unless something later stands; gives what stands.
///
/// # Errors
/// `NotFound` when the member sees no such conversation.
pub async fn drop_draft(
    transaction: &Transaction,
    who: &Deciding,
    conversation: ConversationId,
    mode: Mode,
    written_at: OffsetDateTime,
) -> Result<Option<Draft>, Fault> {
    exists(transaction, who, conversation).await?;
    let (organization, member) = (who.organization, who.member);
    store::drop_draft(transaction, organization, member, conversation, mode, written_at, who.now)
        .await?;
    store::draft(transaction, organization, member, conversation, mode).await
}

fn asking(who: &Deciding) -> Asking {
    Asking { organization: who.organization, member: Some(who.member) }
}

async fn exists(
    transaction: &Transaction,
    who: &Deciding,
    conversation: ConversationId,
) -> Result<(), Fault> {
    asking(who).sees(transaction, conversation).await?;
    let one = [conversation].into();
    let known = store::channels_of_conversations(transaction, who.organization, &one).await?;
    if known.is_empty() { Err(Fault::not_found("a conversation")) } else { Ok(()) }
}
