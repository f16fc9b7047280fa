//! What became of attempts, as events on stream DELIVERY: ids and the network's reasons, never
//! text.

use kit_values::EventId;
use prost::Message as _;
use proto::delivery::v1 as pb;
use proto::delivery::v1::delivery_event::Fact;
use proto::event::v1::Metadata;
use time::OffsetDateTime;

use super::{action, metadata, network, timestamp};
use crate::domain::attempt::{Failure, News, State};
use crate::domain::letter::Entry;
use crate::domain::words::Action;

/// The last word of an event's subject, and its bytes; none for what is told to nobody.
#[must_use]
pub fn of_attempt(
    event: EventId,
    entry: &Entry,
    news: News,
    now: OffsetDateTime,
) -> Option<(&'static str, Vec<u8>)> {
    let (word, fact) = match (entry.attempt.key.action, news) {
        (Action::Send, News::Started) => ("send_started", started(entry)),
        (Action::Send, News::Waiting) => ("send_waiting", waiting(entry)?),
        (Action::Send, News::Settled) => ("send_settled", settled(entry)?),
        (Action::Delete, News::Settled) => ("deletion_settled", deleted(entry)?),
        (_, News::Started) | (Action::Delete, News::Waiting) => return None,
        (_, News::Waiting) => ("action_waiting", action_waiting(entry)?),
        (_, News::Settled) => ("action_settled", action_settled(entry)?),
    };
    let key = entry.attempt.key;
    let metadata = Metadata {
        // Whoever does not show it misses nothing that counts.
        may_ignore: matches!(fact, Fact::ActionWaiting(_)),
        ..metadata(event, key.organization, key.message.to_string(), i64::from(key.attempt), now)
    };
    let event = pb::DeliveryEvent {
        metadata: Some(metadata),
        channel_id: entry.letter.channel.to_string(),
        network: network(entry.letter.network).into(),
        fact: Some(fact),
    };
    Some((word, event.encode_to_vec()))
}

fn started(entry: &Entry) -> Fact {
    let key = entry.attempt.key;
    Fact::SendStarted(pb::SendStarted { message_id: key.message.to_string(), attempt: key.attempt })
}

fn waiting(entry: &Entry) -> Option<Fact> {
    let State::Waiting { until, reason } = &entry.attempt.state else { return None };
    Some(Fact::SendWaiting(pb::SendWaiting {
        message_id: entry.attempt.key.message.to_string(),
        attempt: entry.attempt.key.attempt,
        until: Some(timestamp(*until)),
        reason: reason.clone(),
    }))
}

/// How an attempt ended; none for one that has not.
#[must_use]
pub fn outcome(state: &State) -> Option<pb::Outcome> {
    match state {
        State::Sent(_) => Some(pb::Outcome::Sent),
        State::Failed(_) => Some(pb::Outcome::Failed),
        State::Unknown(_) => Some(pb::Outcome::Unknown),
        State::Queued | State::Waiting { .. } | State::Sending { .. } => None,
    }
}

fn settled(entry: &Entry) -> Option<Fact> {
    let attempt = &entry.attempt;
    let mut settled = pb::SendSettled {
        message_id: attempt.key.message.to_string(),
        attempt: attempt.key.attempt,
        outcome: outcome(&attempt.state)?.into(),
        conversation_id: entry.letter.conversation.to_string(),
        ..pb::SendSettled::default()
    };
    match &attempt.state {
        State::Sent(sent) => {
            settled.external_id.clone_from(&sent.external_id);
            settled.scope.clone_from(&sent.scope);
            settled.permalink.clone_from(&sent.permalink);
            // Where neither answer nor id tells, it was about when the answer came.
            let at = sent.network_time.or(attempt.settled.map(|(at, _)| at));
            settled.network_time = at.map(timestamp);
        }
        State::Failed(failure) | State::Unknown(failure) => {
            let Failure { code, sentence, retryable } = failure.clone();
            (settled.failure_code, settled.failure, settled.retryable) =
                (code, sentence, retryable);
        }
        State::Queued | State::Waiting { .. } | State::Sending { .. } => return None,
    }
    Some(Fact::SendSettled(settled))
}

fn deleted(entry: &Entry) -> Option<Fact> {
    let failure = match &entry.attempt.state {
        State::Sent(_) => Failure::default(),
        State::Failed(failure) | State::Unknown(failure) => failure.clone(),
        State::Queued | State::Waiting { .. } | State::Sending { .. } => return None,
    };
    Some(Fact::DeletionSettled(pb::DeletionSettled {
        message_id: entry.attempt.key.message.to_string(),
        deleted: matches!(entry.attempt.state, State::Sent(_)),
        failure_code: failure.code,
        failure: failure.sentence,
    }))
}

fn action_waiting(entry: &Entry) -> Option<Fact> {
    let State::Waiting { until, reason } = &entry.attempt.state else { return None };
    Some(Fact::ActionWaiting(pb::ActionWaiting {
        action_id: entry.letter.request.as_ref()?.id.to_string(),
        message_id: entry.attempt.key.message.to_string(),
        action: action(entry.attempt.key.action).into(),
        until: Some(timestamp(*until)),
        reason: reason.clone(),
    }))
}

fn action_settled(entry: &Entry) -> Option<Fact> {
    let (outcome, failure) = match &entry.attempt.state {
        State::Sent(_) => (pb::ActionOutcome::Done, Failure::default()),
        State::Failed(failure) | State::Unknown(failure) => {
            (pb::ActionOutcome::Failed, failure.clone())
        }
        State::Queued | State::Waiting { .. } | State::Sending { .. } => return None,
    };
    Some(Fact::ActionSettled(pb::ActionSettled {
        action_id: entry.letter.request.as_ref()?.id.to_string(),
        message_id: entry.attempt.key.message.to_string(),
        action: action(entry.attempt.key.action).into(),
        outcome: outcome.into(),
        failure_code: failure.code,
        failure: failure.sentence,
        retryable: failure.retryable,
    }))
}
