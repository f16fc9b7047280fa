//! What is asked of conversations without changing them, and the folding of counts.

use std::collections::BTreeSet;

use kit_store::Transaction;
use kit_values::{Fault, OrganizationId};
use time::OffsetDateTime;

use super::access::Asking;
use crate::domain::lists::Asked;
use crate::domain::view::{
    Counts, HistoryRow, ListCursor, MessageCursor, MessageRow, Outbound, Overview, Page, Row,
    StandingCursor,
};
use crate::domain::words::{ConversationId, MessageId};
use crate::store;

/// One page of a list and where the next begins.
pub async fn list_conversations(
    transaction: &Transaction,
    asking: Asking,
    asked: &Asked,
    after: Option<ListCursor>,
    limit: i64,
    now: OffsetDateTime,
) -> Result<(Vec<Row>, Option<ListCursor>), Fault> {
    let sight = asking.sight(transaction).await?;
    store::list(transaction, asking.organization, asked, &sight, after, limit, now).await
}

/// The places of a list, from the first one, at most `limit`; each with its newest message's
/// sequence.
pub async fn index(
    transaction: &Transaction,
    asking: Asking,
    asked: &Asked,
    limit: i64,
    now: OffsetDateTime,
) -> Result<Vec<(ListCursor, i64)>, Fault> {
    let sight = asking.sight(transaction).await?;
    store::index(transaction, asking.organization, asked, &sight, limit, now).await
}

/// Rows by id; what is unknown or not seen is left out.
pub async fn conversations(
    transaction: &Transaction,
    asking: Asking,
    ids: &[ConversationId],
) -> Result<Vec<Row>, Fault> {
    let seen = asking.seen(transaction, ids.iter().copied().collect()).await?;
    let seen: Vec<ConversationId> = seen.into_iter().collect();
    store::conversation_rows(transaction, asking.organization, &seen).await
}

/// One page of a conversation's messages.
///
/// # Errors
/// `NotFound` when whoever asks sees no such conversation.
pub async fn list_messages(
    transaction: &Transaction,
    asking: Asking,
    conversation: ConversationId,
    before: Option<MessageCursor>,
    limit: i64,
) -> Result<Page, Fault> {
    asking.sees(transaction, conversation).await?;
    store::list_messages(transaction, asking.organization, conversation, before, limit)
        .await?
        .ok_or_else(|| Fault::not_found("a conversation"))
}

/// Messages by id; what is unknown or not seen is left out.
pub async fn messages(
    transaction: &Transaction,
    asking: Asking,
    ids: &[MessageId],
) -> Result<Vec<MessageRow>, Fault> {
    let rows = store::message_rows(transaction, asking.organization, ids).await?;
    let of = rows.iter().map(|row| row.conversation).collect();
    let seen = asking.seen(transaction, of).await?;
    Ok(rows.into_iter().filter(|row| seen.contains(&row.conversation)).collect())
}

/// Replies as delivery needs them; unknown ids are left out.
pub async fn outbound(
    transaction: &Transaction,
    organization: OrganizationId,
    ids: &[MessageId],
) -> Result<Vec<Outbound>, Fault> {
    store::outbound(transaction, organization, ids).await
}

/// One page of how unresolved conversations stand, and where the next begins.
pub async fn standings(
    transaction: &Transaction,
    organization: OrganizationId,
    after: Option<StandingCursor>,
    limit: i64,
) -> Result<(Vec<Overview>, Option<StandingCursor>), Fault> {
    store::standings(transaction, organization, after, limit).await
}

/// The whole history of a conversation.
///
/// # Errors
/// `NotFound` when whoever asks sees no such conversation.
pub async fn history(
    transaction: &Transaction,
    asking: Asking,
    conversation: ConversationId,
) -> Result<Vec<HistoryRow>, Fault> {
    asking.sees(transaction, conversation).await?;
    let rows = store::history(transaction, asking.organization, conversation).await?;
    // Every conversation begins with an entry.
    if rows.is_empty() { Err(Fault::not_found("a conversation")) } else { Ok(rows) }
}

/// How many conversations that whoever asks sees stand in each list.
pub async fn counts(
    transaction: &Transaction,
    asking: Asking,
    now: OffsetDateTime,
) -> Result<Counts, Fault> {
    let sight = asking.sight(transaction).await?;
    store::counts(transaction, asking.organization, &sight, now).await
}

/// Folds the count deltas of these organizations, which the transaction has declared.
pub async fn fold_counts(
    transaction: &Transaction,
    organizations: &BTreeSet<OrganizationId>,
) -> Result<(), Fault> {
    store::fold_counts(transaction, organizations).await
}
