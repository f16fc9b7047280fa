//! What is asked of conversations without changing them, and the folding of counts.

use std::collections::BTreeSet;

use kit_store::Transaction;
use kit_values::{Fault, OrganizationId};
use time::OffsetDateTime;

use crate::domain::view::{
    Counts, HistoryRow, ListCursor, MessageCursor, MessageRow, Outbound, Page, Queue, Row,
};
use crate::domain::words::{ChannelId, ConversationId, MessageId};
use crate::store;

/// One page of a list and where the next begins.
pub async fn list_conversations(
    transaction: &Transaction,
    organization: OrganizationId,
    queue: Queue,
    channels: &[ChannelId],
    after: Option<ListCursor>,
    limit: i64,
    now: OffsetDateTime,
) -> Result<(Vec<Row>, Option<ListCursor>), Fault> {
    store::list(transaction, organization, queue, channels, after, limit, now).await
}

/// Rows by id; unknown ones are left out.
pub async fn conversations(
    transaction: &Transaction,
    organization: OrganizationId,
    ids: &[ConversationId],
) -> Result<Vec<Row>, Fault> {
    store::conversation_rows(transaction, organization, ids).await
}

/// One page of a conversation's messages.
///
/// # Errors
/// `NotFound` when the organization has no such conversation.
pub async fn list_messages(
    transaction: &Transaction,
    organization: OrganizationId,
    conversation: ConversationId,
    before: Option<MessageCursor>,
    limit: i64,
) -> Result<Page, Fault> {
    store::list_messages(transaction, organization, conversation, before, limit)
        .await?
        .ok_or_else(|| Fault::not_found("a conversation"))
}

/// Messages by id; unknown ones are left out.
pub async fn messages(
    transaction: &Transaction,
    organization: OrganizationId,
    ids: &[MessageId],
) -> Result<Vec<MessageRow>, Fault> {
    store::message_rows(transaction, organization, ids).await
}

/// Replies as delivery needs them; unknown ids are left out.
pub async fn outbound(
    transaction: &Transaction,
    organization: OrganizationId,
    ids: &[MessageId],
) -> Result<Vec<Outbound>, Fault> {
    store::outbound(transaction, organization, ids).await
}

/// The whole history of a conversation.
///
/// # Errors
/// `NotFound` when the organization has no such conversation.
pub async fn history(
    transaction: &Transaction,
    organization: OrganizationId,
    conversation: ConversationId,
) -> Result<Vec<HistoryRow>, Fault> {
    let rows = store::history(transaction, organization, conversation).await?;
    // Every conversation begins with an entry.
    if rows.is_empty() { Err(Fault::not_found("a conversation")) } else { Ok(rows) }
}

/// How many conversations stand in each list.
pub async fn counts(
    transaction: &Transaction,
    organization: OrganizationId,
    now: OffsetDateTime,
) -> Result<Counts, Fault> {
    store::counts(transaction, organization, now).await
}

/// Folds the count deltas of these organizations, which the transaction has declared.
pub async fn fold_counts(
    transaction: &Transaction,
    organizations: &BTreeSet<OrganizationId>,
) -> Result<(), Fault> {
    store::fold_counts(transaction, organizations).await
}
