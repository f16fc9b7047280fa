//! What a member sees and says.

use kit_store::{Transaction, outbox};
use kit_values::{Fault, OrganizationId};
use time::OffsetDateTime;

use super::hear::{announcements, lock_key};
use crate::domain::{
    Away, ConversationId, Heeded, Known, MemberId, NotificationId, Signal, Told, decide,
};
use crate::store;

/// Most notifications that are shown at once.
const MOST: i64 = 100;

/// The member's standing notifications, newest first.
///
/// # Errors
/// Unavailable without the database.
pub async fn standing(
    transaction: &Transaction,
    organization: OrganizationId,
    member: MemberId,
) -> Result<Vec<Told>, Fault> {
    store::of_member(transaction, organization, member, MOST).await
}

/// Nobody's being away matters when something is withdrawn.
struct Irrelevant;

impl Away for Irrelevant {
    fn is_away(&self, _: MemberId) -> bool {
        false
    }
}

/// The member has the conversation on the screen.
///
/// # Errors
/// Unavailable without the database.
pub async fn mark_read(
    transaction: &Transaction,
    organization: OrganizationId,
    member: MemberId,
    conversation: ConversationId,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let signal = Signal::Read(member);
    let key = (organization, conversation);
    transaction
        .lock(&[lock_key(organization, &Heeded::Conversation(conversation, signal))])
        .await?;
    let known = store::load(transaction, &[key].into()).await?;
    let Some(before) = known.get(&key).copied() else { return Ok(()) };
    let (after, changes): (Known, _) =
        decide(before, signal, &Irrelevant, NotificationId::mint(), now);
    if changes.is_empty() {
        return Ok(());
    }
    store::save(transaction, &[(key, after)].into()).await?;
    let trace = kit_service::telemetry::trace_context();
    outbox::append(transaction, announcements(key, &after, &changes, trace.as_deref(), now)).await
}
