//! The auto-resolve timer: resolves what has been quiet long enough and is not waited for.

use std::collections::BTreeSet;

use kit_store::Transaction;
use kit_store::timer::{self, Timer};
use kit_values::{Fault, OrganizationId, mint_uuid};
use time::OffsetDateTime;

use super::apply_items::lock_identity;
use super::follow_up::{Trails, follow_up};
use crate::domain::batch::{Batch, Loaded};
use crate::domain::decide::{Command, Rejection};
use crate::domain::person::IdentityKey;
use crate::domain::policy::Policy;
use crate::domain::words::ConversationId;
use crate::store;

/// The kind of the timer.
pub const AUTO_RESOLVE: &str = "auto-resolve";

/// Looks at the conversations of these timers, in the transaction that claimed them. One whose
/// contact waits is left alone: it arms a timer again when it comes to wait for the contact.
pub async fn auto_resolve(
    transaction: &Transaction,
    due: Vec<Timer>,
    policy: &Policy,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let conversations: Vec<(OrganizationId, ConversationId)> = due
        .iter()
        .map(|timer| (timer.organization, ConversationId::from_uuid(timer.aggregate)))
        .collect();
    let whose = store::find_identities(transaction, &conversations).await?;
    let keys: BTreeSet<IdentityKey> = whose.values().cloned().collect();
    transaction.lock(&keys.iter().map(lock_identity).collect::<Vec<_>>()).await?;
    let stands: BTreeSet<ConversationId> = whose.keys().copied().collect();
    let identities = store::load_identities(transaction, &keys, &stands).await?;
    let mut batch = Batch::new(Loaded { identities, ..Loaded::default() });
    let mut again = Vec::new();
    for timer in due {
        let conversation = ConversationId::from_uuid(timer.aggregate);
        let Some(identity) = whose.get(&conversation) else { continue };
        let command = Command::AutoResolve { conversation };
        let acted = batch.act(identity, &command, None, policy, now);
        if let Err(Rejection::NotDue { due }) = acted {
            again.push(Timer { id: mint_uuid(), due, ..timer });
        }
    }
    timer::arm(transaction, &again).await?;
    let receipted = store::save(transaction, &batch).await?;
    follow_up(transaction, &batch, &receipted, &Trails::default(), now).await
}
