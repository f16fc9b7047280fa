//! What follows from a saved batch: timers, and news for the other services.

use std::collections::BTreeMap;

use kit_bus::subject;
use kit_store::Transaction;
use kit_store::outbox::{self, Message};
use kit_store::timer::{self, Timer};
use kit_values::{EventId, Fault, OrganizationId, mint_uuid};
use time::OffsetDateTime;

use super::REMINDER;
use crate::domain::batch::{Batch, Cause};
use crate::domain::decide::News;
use crate::domain::view::Overview;
use crate::domain::words::ConversationId;
use crate::store::Receipted;
use crate::wire::{Encoded, Stamp, Told, encode};

/// This service's name in subjects.
const PRODUCER: &str = "conversation";

/// What an event, or a call, leaves behind on what follows from it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trail {
    /// W3C `traceparent`.
    pub trace: Option<String>,
    /// The request at the head of the chain.
    pub correlation: String,
}

/// The trails of a batch.
#[derive(Debug, Default)]
pub(super) struct Trails {
    /// By event.
    pub events: BTreeMap<EventId, Trail>,
    /// Of what no event caused.
    pub otherwise: Trail,
}

impl Trails {
    /// Of a call.
    pub(super) fn of(otherwise: Trail) -> Self {
        Self { otherwise, ..Self::default() }
    }

    fn get(&self, cause: Option<Cause>) -> &Trail {
        cause.and_then(|cause| self.events.get(&cause.event)).unwrap_or(&self.otherwise)
    }
}

/// Arms timers and appends news.
pub(super) async fn follow_up(
    transaction: &Transaction,
    batch: &Batch,
    receipted: &[Receipted],
    trails: &Trails,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let stand: BTreeMap<ConversationId, Overview> =
        batch.touched().iter().map(|one| (one.after.id, Overview::of(one))).collect();
    let timers: Vec<Timer> = batch
        .changes()
        .reminders
        .iter()
        .map(|((organization, conversation), due)| Timer {
            id: mint_uuid(),
            kind: REMINDER.to_owned(),
            organization: *organization,
            aggregate: conversation.uuid(),
            version: stand.get(conversation).map_or(0, |overview| overview.rev),
            due: *due,
        })
        .collect();
    timer::arm(transaction, &timers).await?;
    let mut news: Vec<Message> = batch
        .changes()
        .notices
        .iter()
        .filter_map(|notice| {
            // What is told of a conversation has changed it.
            let overview = stand.get(&notice.announcement.conversation)?;
            let told = Told::News(notice.announcement.news);
            let trail = trails.get(notice.cause);
            Some(message(told, overview, notice.organization, notice.cause, trail, now))
        })
        .collect();
    news.extend(batch.asked().filter_map(|(request, at)| {
        let overview = stand.get(&at.conversation)?;
        let told = Told::Action(request, at);
        Some(message(told, overview, at.key.organization, None, &trails.otherwise, now))
    }));
    news.extend(receipted.iter().map(|one| {
        let told = Told::News(News::Revised { message: one.message });
        message(told, &one.overview, one.organization, None, &trails.otherwise, now)
    }));
    outbox::append(transaction, news).await
}

/// Appends one kind of news about conversations whose rows were written directly.
pub(super) async fn announce(
    transaction: &Transaction,
    told: Told<'_>,
    changed: &[((OrganizationId, Overview), Trail)],
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let news = changed
        .iter()
        .map(|((organization, overview), trail)| {
            message(told, overview, *organization, None, trail, now)
        })
        .collect();
    outbox::append(transaction, news).await
}

fn message(
    told: Told<'_>,
    overview: &Overview,
    organization: OrganizationId,
    cause: Option<Cause>,
    trail: &Trail,
    now: OffsetDateTime,
) -> Message {
    let event = EventId::mint();
    let correlation = trail.correlation.as_str();
    let stamp = Stamp { event, organization, cause, correlation, now };
    let Encoded { fact, payload } = encode(told, overview, &stamp);
    let network = overview.network.name();
    let lane = match (told, cause) {
        (Told::News(News::ReplyQueued { channel, .. }), _) => channel.uuid(),
        (Told::Action(request, _), _) => request.channel.uuid(),
        (_, Some(cause)) => cause.channel.uuid(),
        (_, None) => overview.conversation.uuid(),
    };
    Message {
        event,
        organization: Some(organization),
        subject: subject(PRODUCER, Some(network), Some(organization), fact),
        network: Some(network),
        lane: outbox::lane(lane),
        payload,
        occurred_at: now,
        trace: trail.trace.clone(),
    }
}
