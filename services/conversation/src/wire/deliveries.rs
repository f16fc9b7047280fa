//! Delivery's events → items. What the account wrote in the network's own app is an item like
//! ingest's, and is kept as one should it have to wait.

use prost::Message as _;
use proto::delivery::v1::delivery_event::Fact;
use proto::delivery::v1::{ActionOutcome, ActionSettled, DeliveryEvent, Outcome, SendSettled};
use proto::event::v1::Metadata;
use proto::ingest::v1::{ItemEvent, item_event};
use uuid::Uuid;

use super::items::{clean, read_event, read_id, read_moment, read_network, unknown};
use super::moment;
use super::{Envelope, Unread};
use crate::domain::action::{End, Said};
use crate::domain::item::{Item, What};
use crate::domain::reply::{Failure, News, Place, Progress, Wait};
use crate::domain::words::ItemId;

/// Reads an event of stream DELIVERY; gives the bytes to keep should it have to wait.
///
/// # Errors
/// Why it cannot be applied.
pub fn read_delivery(payload: &[u8]) -> Result<(Envelope, Vec<u8>), Unread> {
    let event = DeliveryEvent::decode(payload).map_err(|_| Unread::Malformed("encoding"))?;
    let metadata = event.metadata.as_ref().ok_or(Unread::Malformed("metadata"))?;
    let fact = event.fact.as_ref().ok_or_else(|| unknown(metadata))?;
    let what = match fact {
        Fact::NativeReplyObserved(native) => {
            let item = ItemEvent {
                metadata: event.metadata.clone(),
                item_id: native.item_id.clone(),
                channel_id: event.channel_id.clone(),
                network: event.network,
                fact: native.message.clone().map(item_event::Fact::OwnMessageObserved),
            };
            return Ok((read_event(&item)?, item.encode_to_vec()));
        }
        Fact::SendStarted(started) => {
            answered(metadata, &started.message_id, started.attempt, Progress::Started)?
        }
        Fact::SendWaiting(waiting) => {
            let wait = Wait {
                until: waiting.until.as_ref().and_then(moment),
                reason: clean(&waiting.reason),
            };
            answered(metadata, &waiting.message_id, waiting.attempt, Progress::Waiting(wait))?
        }
        Fact::SendSettled(settled) => {
            answered(metadata, &settled.message_id, settled.attempt, ended(settled)?)?
        }
        Fact::DeletionSettled(settled) => What::Erased {
            message: read_id(&settled.message_id, "message_id")?,
            failure: (!settled.deleted).then(|| Failure {
                code: clean(&settled.failure_code),
                sentence: clean(&settled.failure),
                retryable: true,
            }),
        },
        Fact::ActionWaiting(waiting) => What::Acted {
            message: read_id(&waiting.message_id, "message_id")?,
            action: read_id(&waiting.action_id, "action_id")?,
            said: Said::Waiting(Wait {
                until: waiting.until.as_ref().and_then(moment),
                reason: clean(&waiting.reason),
            }),
        },
        Fact::ActionSettled(settled) => What::Acted {
            message: read_id(&settled.message_id, "message_id")?,
            action: read_id(&settled.action_id, "action_id")?,
            said: Said::Ended(end(settled)?),
        },
    };
    let envelope = Envelope {
        item: Item {
            event: read_id(&metadata.event_id, "event_id")?,
            // What delivery says of our own replies is no item of ingest.
            item: ItemId::from_uuid(Uuid::nil()),
            organization: read_id(&metadata.organization_id, "organization_id")?,
            channel: read_id(&event.channel_id, "channel_id")?,
            network: read_network(event.network)?,
            at: read_moment(metadata.occurred_at.as_ref(), "occurred_at")?,
            what,
        },
        occurred_at: read_moment(metadata.occurred_at.as_ref(), "occurred_at")?,
        correlation: metadata.correlation_id.clone(),
    };
    Ok((envelope, payload.to_vec()))
}

fn end(settled: &ActionSettled) -> Result<End, Unread> {
    match ActionOutcome::try_from(settled.outcome) {
        Ok(ActionOutcome::Done) => Ok(End::Done),
        Ok(ActionOutcome::Failed) => Ok(End::Failed(Failure {
            code: clean(&settled.failure_code),
            sentence: clean(&settled.failure),
            retryable: settled.retryable,
        })),
        Ok(ActionOutcome::Unspecified) => Err(Unread::Malformed("outcome")),
        Err(_) => Err(Unread::Unknown),
    }
}

fn answered(
    metadata: &Metadata,
    message: &str,
    attempt: i32,
    progress: Progress,
) -> Result<What, Unread> {
    Ok(What::Answered {
        reply: read_id(message, "message_id")?,
        news: News {
            attempt,
            at: read_moment(metadata.occurred_at.as_ref(), "occurred_at")?,
            progress,
        },
    })
}

fn ended(settled: &SendSettled) -> Result<Progress, Unread> {
    Ok(match Outcome::try_from(settled.outcome) {
        Ok(Outcome::Sent) => {
            let place = Place {
                external_id: clean(&settled.external_id),
                scope: clean(&settled.scope),
                permalink: clean(&settled.permalink),
                time: settled.network_time.as_ref().and_then(moment),
            };
            Progress::Sent(Some(place).filter(|place| !place.external_id.is_empty()))
        }
        Ok(Outcome::Failed) => Progress::Failed(Failure {
            code: clean(&settled.failure_code),
            sentence: clean(&settled.failure),
            retryable: settled.retryable,
        }),
        Ok(Outcome::Unknown) => Progress::Unknown,
        Ok(Outcome::Unspecified) => return Err(Unread::Malformed("outcome")),
        Err(_) => return Err(Unread::Unknown),
    })
}
