//! What people look at.

use kit_store::Transaction;
use kit_values::{Fault, OrganizationId};

use crate::domain::letter::Entry;
use crate::domain::words::MessageId;
use crate::store;

/// The attempts to send one message, oldest first.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn attempts(
    transaction: &Transaction,
    organization: OrganizationId,
    message: MessageId,
) -> Result<Vec<Entry>, Fault> {
    store::attempts_of(transaction, organization, message).await
}
