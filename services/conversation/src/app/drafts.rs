//! Drafts of members: kept for their other devices, the latest written stands. They move with a
//! conversation that becomes part of another; what is still written there goes where it went.

use kit_store::Transaction;
use kit_values::Fault;
use time::OffsetDateTime;

use super::access::Asking;
use super::table::Deciding;
use super::whose::lock_whose;
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
    let conversation = place(transaction, who, draft.conversation).await?;
    let draft = Draft { conversation, ..draft.clone() };
    store::put_draft(transaction, who.organization, who.member, &draft, who.now).await?;
    let (organization, member) = (who.organization, who.member);
    store::draft(transaction, organization, member, conversation, draft.mode).await
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
    let conversation = place(transaction, who, conversation).await?;
    let (organization, member) = (who.organization, who.member);
    store::drop_draft(transaction, organization, member, conversation, mode, written_at, who.now)
        .await?;
    store::draft(transaction, organization, member, conversation, mode).await
}

fn asking(who: &Deciding) -> Asking {
    Asking { organization: who.organization, member: Some(who.member) }
}

/// Where a draft for `conversation` stands, which holds still until the transaction ends.
async fn place(
    transaction: &Transaction,
    who: &Deciding,
    conversation: ConversationId,
) -> Result<ConversationId, Fault> {
    let organization = who.organization;
    lock_whose(transaction, &[(organization, conversation)], &[]).await?;
    asking(who).sees(transaction, conversation).await?;
    store::goes_on(transaction, organization, conversation).await
}
