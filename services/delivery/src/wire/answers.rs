//! What calls of this service answer.

use proto::delivery::v1 as pb;

use super::events::outcome;
use super::timestamp;
use crate::domain::attempt::State;
use crate::domain::letter::Entry;

/// One attempt, without its text.
#[must_use]
pub fn attempt(entry: &Entry) -> pb::Attempt {
    let attempt = &entry.attempt;
    let failure = match &attempt.state {
        State::Failed(failure) | State::Unknown(failure) => failure.clone(),
        _ => crate::domain::attempt::Failure::default(),
    };
    pb::Attempt {
        attempt: attempt.key.attempt,
        state: attempt.state.as_str().to_owned(),
        queued_at: Some(timestamp(attempt.queued_at)),
        first_byte_at: attempt.first_byte_at.map(timestamp),
        settled_at: attempt.settled.map(|(at, _)| timestamp(at)),
        status: attempt.status.map(i32::from).unwrap_or_default(),
        failure_code: failure.code,
        failure: failure.sentence,
        settled_by: attempt.settled.map(|(_, by)| by.as_str().to_owned()).unwrap_or_default(),
        outcome: outcome(&attempt.state).unwrap_or_default().into(),
    }
}
