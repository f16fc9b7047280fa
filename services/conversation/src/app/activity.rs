//! What happened in a conversation, as people see it: a view of its history.

use kit_store::Transaction;
use kit_values::Fault;

use super::table::{self, Deciding};
use crate::domain::access::Level;
use crate::domain::view::HistoryRow;
use crate::domain::words::ConversationId;
use crate::store;

/// Most of a page.
const MOST: i64 = 1_000;

/// What happened last before a place, oldest first, and the place before which the next page is,
/// if there is one. That a message came is told by the message.
///
/// # Errors
/// `NotFound` when the member sees no such conversation.
pub async fn activity(
    transaction: &Transaction,
    who: &Deciding,
    conversation: ConversationId,
    before: Option<i64>,
) -> Result<(Vec<HistoryRow>, Option<i64>), Fault> {
    table::seat_for(Level::Viewer, transaction, who, conversation).await?;
    let organization = who.organization;
    let rows = store::history_page(transaction, organization, conversation, before, MOST).await?;
    // Dense from 1.
    let older = rows.first().map(|row| row.entry.sequence).filter(|place| *place > 1);
    Ok((rows, older))
}
