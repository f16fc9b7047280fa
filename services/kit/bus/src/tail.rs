//! Following a stream from memory: an ordered consumer, recreated where it broke off.
//!
//! Nothing is acknowledged and nothing is kept at the server: after a restart the caller says
//! where to begin. Every gap is seen: consumer sequences must be dense, and another life of the
//! stream is told before its first event.

use std::collections::HashMap;
use std::time::Duration;

use async_nats::jetstream;
use async_nats::jetstream::consumer::pull::Config;
use async_nats::jetstream::consumer::{AckPolicy, DeliverPolicy};
use bytes::Bytes;
use kit_values::{Class, EventId, Fault, mint_uuid};
use time::OffsetDateTime;
use tokio::time::Instant;
use uuid::Uuid;

use crate::bus::Bus;
use crate::pull::{Ended, Pace, Pull};
use crate::reader::{back_off, message_id};
use crate::stream::{INCARNATION, StreamState, away};
use crate::trace;

const PACE: Pace =
    Pace { batch: 500, expires: Duration::from_secs(30), heartbeat: Duration::from_secs(5) };

/// How often the stream is checked for a new life.
const CHECK_EVERY: Duration = Duration::from_secs(10);

/// How long the server keeps a consumer that nobody pulls.
const INACTIVE: Duration = Duration::from_secs(30);

/// Where to begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// With all that the stream holds.
    All,
    /// With what comes after now.
    New,
    /// With what was published at or after this moment, by the broker's clock.
    Since(OffsetDateTime),
    /// Behind this sequence of this life of the stream; in any other life, with all.
    After {
        /// The life that the sequence belongs to.
        incarnation: Uuid,
        /// The last sequence already known.
        sequence: u64,
    },
}

/// An event of a followed stream.
#[derive(Debug, Clone)]
pub struct Followed {
    /// The life of the stream that `sequence` belongs to.
    pub incarnation: Uuid,
    /// Its place in the stream.
    pub sequence: u64,
    /// The event's id, when it has one of ours.
    pub event: Option<EventId>,
    /// The subject that it came under.
    pub subject: String,
    /// The event message.
    pub payload: Bytes,
    /// When the stream took it, by the broker's clock.
    pub published: OffsetDateTime,
    /// W3C `traceparent`.
    pub trace: Option<String>,
}

/// What a follower is told.
#[derive(Debug, Clone)]
pub enum TailEvent {
    /// Sequences from here on belong to this life of the stream. Told first of all, and again
    /// whenever it changes: what was kept under another life is void, and what the stream holds
    /// is told again from its beginning.
    Life {
        /// Which life.
        incarnation: Uuid,
        /// The last sequence that the stream had given at this moment.
        last: u64,
    },
    /// An event.
    Event(Box<Followed>),
    /// Everything that the stream held when the follower (re)joined has been told.
    CaughtUp,
}

/// A follower. It never ends: while the broker is away, it waits.
pub struct Tail {
    bus: Bus,
    stream: String,
    start: Start,
    /// The life last told, and the last sequence told in it.
    told: Option<(Uuid, u64)>,
    open: Option<Open>,
    failures: u32,
}

struct Open {
    pull: Pull,
    incarnation: Uuid,
    /// The consumer sequence that must come next.
    next: u64,
    /// To be told when this stream sequence has been.
    caught_up_at: Option<u64>,
    checked: Instant,
}

impl Tail {
    pub(crate) fn new(bus: Bus, stream: String, start: Start) -> Self {
        Self { bus, stream, start, told: None, open: None, failures: 0 }
    }

    /// The next thing to know; waits for it however long the broker is away. Cancelling it loses
    /// nothing.
    ///
    /// # Errors
    /// Only what waiting cannot mend: `Rejected` `broker_too_old`.
    pub async fn next(&mut self) -> Result<TailEvent, Fault> {
        loop {
            let Some(open) = self.open.as_mut() else {
                match self.join().await {
                    Ok(Some(event)) => return Ok(event),
                    Ok(None) => {}
                    Err(fault) if fault.class() == Class::Rejected => return Err(fault),
                    Err(fault) => {
                        tracing::info!(stream = %self.stream, %fault, "the stream cannot be followed yet");
                        self.bus.revive().await;
                        tokio::time::sleep(back_off(self.failures)).await;
                        self.failures = self.failures.saturating_add(1);
                    }
                }
                continue;
            };
            if open.caught_up_at.is_some_and(|last| self.told.is_none_or(|(_, told)| told >= last))
            {
                open.caught_up_at = None;
                return Ok(TailEvent::CaughtUp);
            }
            let check_at = open.checked + CHECK_EVERY;
            let pulled = tokio::select! {
                biased;
                pulled = open.pull.next() => pulled,
                () = tokio::time::sleep_until(check_at) => {
                    self.check().await;
                    continue;
                }
            };
            match pulled {
                Ok(message) => {
                    if let Some(followed) = self.take(&message) {
                        return Ok(TailEvent::Event(Box::new(followed)));
                    }
                }
                Err(ended) => {
                    self.broken(&ended);
                    if ended == Ended::Silent {
                        self.bus.revive().await;
                    }
                }
            }
        }
    }

    /// Makes the consumer. Tells the life of the stream when it is another than was told.
    async fn join(&mut self) -> Result<Option<TailEvent>, Fault> {
        self.bus.ready().await?;
        let state = self.bus.stream_state(&self.stream).await?;
        let (incarnation, state) = match state {
            Some(StreamState { incarnation: Some(incarnation), .. }) => (incarnation, state),
            _ => (Uuid::nil(), None),
        };
        let Some(state) = state else {
            return Err(Fault::new(
                Class::Unavailable,
                "stream_missing",
                format!("The stream {} is not there yet; its producer makes it.", self.stream),
            ));
        };
        let policy = begin(self.start, self.told, incarnation, state.last);
        let config = Config {
            name: Some(format!("tail-{}", mint_uuid().simple())),
            deliver_policy: policy,
            ack_policy: AckPolicy::None,
            memory_storage: true,
            // Whatever the stream has: a follower that loses its server joins again.
            num_replicas: 1,
            inactive_threshold: INACTIVE,
            metadata: HashMap::from([(INCARNATION.to_owned(), incarnation.to_string())]),
            ..Config::default()
        };
        let consumer = self
            .bus
            .context()
            .create_consumer_on_stream(config, &self.stream)
            .await
            .map_err(|error| away("consumer_not_made", error))?;
        // Nothing to come of what the stream holds: what the follower knows is all there is.
        let pending = consumer.cached_info().num_pending;
        let pull = Pull::open(&self.bus, consumer, PACE).await?;
        self.failures = 0;
        self.open = Some(Open {
            pull,
            incarnation,
            next: 1,
            caught_up_at: Some(if pending == 0 { 0 } else { state.last }),
            checked: Instant::now(),
        });
        if self.told.is_some_and(|(told, _)| told == incarnation) {
            return Ok(None);
        }
        let known = match self.start {
            Start::After { incarnation: life, sequence } if life == incarnation => sequence,
            Start::New if self.told.is_none() => state.last,
            _ => 0,
        };
        self.told = Some((incarnation, known));
        Ok(Some(TailEvent::Life { incarnation, last: state.last }))
    }

    fn take(&mut self, message: &jetstream::Message) -> Option<Followed> {
        let open = self.open.as_mut()?;
        let Ok(info) = message.info() else {
            self.open = None;
            return None;
        };
        if info.consumer_sequence != open.next {
            tracing::warn!(
                stream = %self.stream, expected = open.next, found = info.consumer_sequence,
                "the follower met a gap and joins again"
            );
            self.open = None;
            return None;
        }
        open.next += 1;
        self.told = Some((open.incarnation, info.stream_sequence));
        if info.pending == 0 && open.caught_up_at.is_some() {
            // Whatever the stream ended with may have aged out meanwhile.
            open.caught_up_at = Some(0);
        }
        Some(Followed {
            incarnation: open.incarnation,
            sequence: info.stream_sequence,
            event: message_id(message.headers.as_ref()),
            subject: message.subject.to_string(),
            payload: message.payload.clone(),
            published: info.published,
            trace: trace::of(message.headers.as_ref()),
        })
    }

    /// Joins again when the stream has begun a new life.
    async fn check(&mut self) {
        let Some(open) = self.open.as_mut() else { return };
        open.checked = Instant::now();
        match self.bus.incarnation(&self.stream).await {
            Ok(incarnation) if incarnation == open.incarnation => {}
            Ok(_) => self.open = None,
            Err(fault) => {
                tracing::debug!(stream = %self.stream, %fault, "the stream could not be checked");
            }
        }
    }

    fn broken(&mut self, ended: &Ended) {
        self.open = None;
        metrics::counter!("bus_tail_recreated_total", "stream" => self.stream.clone()).increment(1);
        tracing::warn!(stream = %self.stream, ?ended, "the follower joins again");
    }
}

/// Where a consumer begins: behind what was told of this life, else where the caller said, else,
/// in a life other than the caller's, with all.
///
/// `last` is the last sequence of the stream: a follower of what is new begins behind that, so
/// that it can be told later where it began.
fn begin(start: Start, told: Option<(Uuid, u64)>, incarnation: Uuid, last: u64) -> DeliverPolicy {
    let behind = |sequence: u64| DeliverPolicy::ByStartSequence { start_sequence: sequence + 1 };
    match (told, start) {
        (Some((life, sequence)), _) if life == incarnation && sequence > 0 => behind(sequence),
        (Some((life, _)), _) if life != incarnation => DeliverPolicy::All,
        (_, Start::After { incarnation: life, sequence }) if life == incarnation => {
            behind(sequence)
        }
        (_, Start::All | Start::After { .. }) => DeliverPolicy::All,
        (_, Start::New) => behind(last),
        (_, Start::Since(moment)) => DeliverPolicy::ByStartTime { start_time: moment },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIFE: Uuid = Uuid::from_u128(1);
    const OTHER: Uuid = Uuid::from_u128(2);

    #[test]
    fn a_follower_goes_on_behind_what_it_told() {
        let policy = begin(Start::All, Some((LIFE, 41)), LIFE, 90);
        assert_eq!(policy, DeliverPolicy::ByStartSequence { start_sequence: 42 });
    }

    #[test]
    fn a_new_life_is_told_from_its_beginning() {
        assert_eq!(begin(Start::New, Some((LIFE, 41)), OTHER, 90), DeliverPolicy::All);
        let after = Start::After { incarnation: LIFE, sequence: 7 };
        assert_eq!(begin(after, None, OTHER, 90), DeliverPolicy::All);
        assert_eq!(
            begin(after, None, LIFE, 90),
            DeliverPolicy::ByStartSequence { start_sequence: 8 }
        );
    }

    #[test]
    fn a_follower_that_told_nothing_yet_begins_where_it_was_asked_to() {
        let moment = OffsetDateTime::UNIX_EPOCH;
        assert_eq!(
            begin(Start::Since(moment), Some((LIFE, 0)), LIFE, 90),
            DeliverPolicy::ByStartTime { start_time: moment }
        );
        assert_eq!(
            begin(Start::New, None, LIFE, 90),
            DeliverPolicy::ByStartSequence { start_sequence: 91 }
        );
    }
}
