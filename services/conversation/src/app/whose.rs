//! Whose conversations are, locked until the transaction ends.

use std::collections::BTreeMap;

use kit_store::Transaction;
use kit_values::{Fault, OrganizationId};

use super::apply_items::lock_identity;
use crate::domain::person::IdentityKey;
use crate::domain::words::ConversationId;
use crate::store;

/// Locks the identities of these conversations, and `further` keys with them. The author of a
/// stranger's may have become known until it was locked; then it is another identity's.
pub(super) async fn lock_whose(
    transaction: &Transaction,
    conversations: &[(OrganizationId, ConversationId)],
    further: &[i64],
) -> Result<BTreeMap<ConversationId, IdentityKey>, Fault> {
    let mut whose = store::find_identities(transaction, conversations).await?;
    loop {
        let mut locks: Vec<i64> = whose.values().map(lock_identity).collect();
        locks.extend(further);
        transaction.lock(&locks).await?;
        if !whose.values().any(|identity| identity.person.is_someone()) {
            return Ok(whose);
        }
        let found = store::find_identities(transaction, conversations).await?;
        if found == whose {
            return Ok(whose);
        }
        whose = found;
    }
}
