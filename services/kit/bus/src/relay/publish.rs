//! One round: what is pending, published by turns, and every acknowledgement kept.

use async_nats::jetstream::context::PublishErrorKind;
use async_nats::jetstream::message::PublishMessage;
use futures::future::join_all;
use kit_store::outbox::relay::Pending;
use kit_values::EventId;

use crate::bus::Bus;
use crate::trace::TRACEPARENT;

/// What the stream said to one publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Acknowledged {
    pub event: EventId,
    pub sequence: u64,
    /// The stream had an event of this id already.
    pub duplicate: bool,
}

/// An event with the message id that it is published under.
pub(super) struct Outgoing {
    pub message: Pending,
    /// The sequence at which the stream lost it, when it says that it knows the event's id but no
    /// longer has the event.
    pub lost_at: Option<u64>,
}

impl Outgoing {
    /// The event's id; behind a stroke, where it was lost, so that the stream takes it once more
    /// and once only.
    fn message_id(&self) -> String {
        match self.lost_at {
            None => self.message.event.to_string(),
            Some(sequence) => format!("{}/{sequence}", self.message.event),
        }
    }
}

/// What came of publishing.
#[derive(Default)]
pub(super) struct Answers {
    pub acknowledged: Vec<Acknowledged>,
    /// How many had no answer.
    pub unanswered: usize,
    /// Events that no broker with this limit can ever take.
    pub oversized: Vec<EventId>,
}

/// Publishes all and waits for every answer.
pub(super) async fn publish(bus: &Bus, stream: &str, outgoing: &[Outgoing]) -> Answers {
    let mut answers = Answers::default();
    let mut waiting = Vec::with_capacity(outgoing.len());
    for each in outgoing {
        let event = each.message.event;
        let mut publication = PublishMessage::build()
            .message_id(each.message_id())
            .expected_stream(stream)
            .payload(each.message.payload.clone().into());
        if let Some(trace) = &each.message.trace {
            publication = publication.header(TRACEPARENT, trace.as_str());
        }
        match bus.context().send_publish(each.message.subject.clone(), publication).await {
            Ok(acknowledgement) => waiting.push(async move { (event, acknowledgement.await) }),
            Err(error) if error.kind() == PublishErrorKind::MaxPayloadExceeded => {
                answers.oversized.push(event);
            }
            Err(error) => {
                answers.unanswered += 1;
                tracing::warn!(%event, %error, "an event could not be handed to the broker");
            }
        }
    }
    for (event, answer) in join_all(waiting).await {
        match answer {
            Ok(answer) => answers.acknowledged.push(Acknowledged {
                event,
                sequence: answer.sequence,
                duplicate: answer.duplicate,
            }),
            Err(error) => {
                answers.unanswered += 1;
                tracing::debug!(%event, %error, "an event was not acknowledged");
            }
        }
    }
    answers
}
