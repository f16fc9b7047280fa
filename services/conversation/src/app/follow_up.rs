//! What follows from a saved batch: timers, and news for the other services.

use std::collections::BTreeMap;

use kit_bus::subject;
use kit_store::Transaction;
use kit_store::outbox::{self, Message};
use kit_store::timer::{self, Timer};
use kit_values::{EventId, Fault, mint_uuid};
use time::OffsetDateTime;

use super::AUTO_RESOLVE;
use crate::domain::batch::{Batch, Notice};
use crate::domain::words::{ConversationId, Network};
use crate::store::Receipted;
use crate::wire::{Encoded, encode, encode_receipt};

/// This service's name in subjects.
const PRODUCER: &str = "conversation";

/// What an event leaves behind on what follows from it.
#[derive(Debug, Clone, Default)]
pub(super) struct Trail {
    /// W3C `traceparent`.
    pub trace: Option<String>,
    /// The request at the head of the chain.
    pub correlation: String,
}

/// Arms timers and appends news.
pub(super) async fn follow_up(
    transaction: &Transaction,
    batch: &Batch,
    receipted: &[Receipted],
    trails: &BTreeMap<EventId, Trail>,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let revs: BTreeMap<ConversationId, i64> =
        batch.touched().iter().map(|one| (one.after.id, one.rev)).collect();
    let rev = |conversation| revs.get(&conversation).copied().unwrap_or(0);
    let timers: Vec<Timer> = batch
        .changes()
        .timers
        .iter()
        .map(|((organization, conversation), due)| Timer {
            id: mint_uuid(),
            kind: AUTO_RESOLVE.to_owned(),
            organization: *organization,
            aggregate: conversation.uuid(),
            version: rev(*conversation),
            due: *due,
        })
        .collect();
    timer::arm(transaction, &timers).await?;
    let mut news: Vec<Message> = batch
        .changes()
        .notices
        .iter()
        .map(|notice| {
            let trail = notice.cause.and_then(|cause| trails.get(&cause.event));
            message(notice, rev(notice.announcement.conversation), trail, now)
        })
        .collect();
    news.extend(receipted.iter().filter_map(|one| receipt(batch, one, now)));
    outbox::append(transaction, news).await
}

fn message(notice: &Notice, rev: i64, trail: Option<&Trail>, now: OffsetDateTime) -> Message {
    let event = EventId::mint();
    let correlation = trail.map_or("", |trail| trail.correlation.as_str());
    let Encoded { fact, payload } = encode(notice, rev, event, correlation, now);
    let conversation = notice.announcement.conversation;
    let lane = notice.cause.map_or(conversation.uuid(), |cause| cause.channel.uuid());
    Message {
        event,
        organization: Some(notice.organization),
        subject: subject(PRODUCER, Some(notice.network.name()), Some(notice.organization), fact),
        network: Some(notice.network.name()),
        lane: outbox::lane(lane),
        payload,
        occurred_at: now,
        trace: trail.and_then(|trail| trail.trace.clone()),
    }
}

fn receipt(batch: &Batch, one: &Receipted, now: OffsetDateTime) -> Option<Message> {
    let network: Network = batch
        .changes()
        .receipts
        .keys()
        .find(|(identity, _)| identity.organization == one.organization)
        .map(|(identity, _)| identity.network)?;
    let event = EventId::mint();
    let Encoded { fact, payload } = encode_receipt(
        one.organization,
        one.conversation,
        one.message,
        one.conversation_rev,
        event,
        now,
    );
    Some(Message {
        event,
        organization: Some(one.organization),
        subject: subject(PRODUCER, Some(network.name()), Some(one.organization), fact),
        network: Some(network.name()),
        lane: outbox::lane(one.conversation.uuid()),
        payload,
        occurred_at: now,
        trace: None,
    })
}
