//! Writes decisions and tells the others about new owners.

use kit_store::Transaction;
use kit_store::outbox::{self, Message};
use kit_values::{EventId, Fault};
use time::OffsetDateTime;

use crate::store::{self, Change};
use crate::topology::subject_of;
use crate::wire::events;

/// Saves decisions and appends what follows to the outbox; gives the transaction's id when
/// anything changed.
pub(super) async fn settle(
    transaction: &Transaction,
    changes: &[Change],
    now: OffsetDateTime,
) -> Result<Option<String>, Fault> {
    let saved = store::save(transaction, changes, now).await?;
    let news = changes.iter().filter_map(|change| news(change, now)).collect();
    outbox::append(transaction, news).await?;
    Ok(saved)
}

fn news(change: &Change, now: OffsetDateTime) -> Option<Message> {
    let owner = change.decision.owner?;
    let conversation = change.decision.assignment.conversation;
    let event = EventId::mint();
    let decision = change.ids.last().copied();
    let payload =
        events::owner_changed(change.organization, conversation, owner, decision, event, now);
    Some(Message {
        event,
        organization: Some(change.organization),
        subject: subject_of(change.organization, "owner_changed"),
        network: None,
        lane: outbox::lane(conversation.uuid()),
        payload,
        occurred_at: now,
        trace: change.trace.clone(),
    })
}
