//! What happened in a conversation, as people see it: a view of its history.

use kit_store::Transaction;
use kit_values::Fault;

use super::table::{self, Deciding};
use crate::domain::access::Level;
use crate::domain::view::HistoryRow;
use crate::domain::words::ConversationId;
use crate::store;

/// Most that is shown.
const MOST: i64 = 1_000;

/// What happened last, oldest first.
///
/// # Errors
/// `NotFound` when the member sees no such conversation.
pub async fn activity(
    transaction: &Transaction,
    who: &Deciding,
    conversation: ConversationId,
) -> Result<Vec<HistoryRow>, Fault> {
    table::seat_for(Level::Viewer, transaction, who, conversation).await?;
    store::newest_history(transaction, who.organization, conversation, MOST).await
}
