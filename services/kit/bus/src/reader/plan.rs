//! Which events a reader is given, and its durable consumer.

use std::collections::HashMap;
use std::time::Duration;

use async_nats::jetstream::ErrorCode;
use async_nats::jetstream::consumer::pull::Config;
use async_nats::jetstream::consumer::{
    self, AckPolicy, Consumer, DeliverPolicy, IntoConsumerConfig as _,
};
use async_nats::jetstream::stream::ConsumerErrorKind;
use kit_values::{Class, Fault};
use uuid::Uuid;

use crate::bus::Bus;
use crate::relay::ReaderState;
use crate::stream::{INCARNATION, away, incarnation_of};

/// One durable reader of one stream.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The stream, which its producer makes.
    pub stream: &'static str,
    /// `<reader>-<purpose>[-<network>]`; also the reader's name in the inbox.
    pub durable: String,
    /// The subjects to be given ([`crate::filter`]); none: all of the stream's.
    pub filters: Vec<String>,
    /// Most events in one transaction.
    pub batch: usize,
}

/// A reader's times. The defaults are for production; tests shorten them.
#[derive(Debug, Clone, Copy)]
pub struct Pacing {
    /// How long the server waits for an acknowledgement before it delivers again.
    pub ack_wait: Duration,
    /// How often the server says that it is still there; the watchdog waits for two.
    pub heartbeat: Duration,
    /// How long one request for events stays open.
    pub expires: Duration,
    /// How long a batch that is not full waits for what is on its way.
    pub linger: Duration,
    /// How often the reader checks that the stream is still the one it reads.
    pub check_every: Duration,
}

impl Default for Pacing {
    fn default() -> Self {
        Self {
            ack_wait: Duration::from_secs(20),
            heartbeat: Duration::from_secs(5),
            expires: Duration::from_secs(30),
            linger: Duration::from_millis(1),
            check_every: Duration::from_secs(10),
        }
    }
}

impl Plan {
    fn config(&self, pacing: &Pacing, incarnation: Uuid) -> Config {
        let mut config = Config {
            durable_name: Some(self.durable.clone()),
            deliver_policy: DeliverPolicy::All,
            ack_policy: AckPolicy::Explicit,
            ack_wait: pacing.ack_wait,
            // Attempts are counted in PostgreSQL: the server must never give an event up.
            max_deliver: -1,
            // As many as the stream has, also after that changed: what was acknowledged is as
            // safe as what was published.
            num_replicas: 0,
            max_ack_pending: i64::try_from(self.batch.saturating_mul(4).max(1_000))
                .unwrap_or(i64::MAX),
            metadata: HashMap::from([(INCARNATION.to_owned(), incarnation.to_string())]),
            ..Config::default()
        };
        match self.filters.as_slice() {
            [] => {}
            [only] => config.filter_subject.clone_from(only),
            several => config.filter_subjects = several.to_vec(),
        }
        config
    }
}

/// What an existing consumer needs.
#[derive(Debug, PartialEq, Eq)]
enum Need {
    Nothing,
    Update,
    /// It belongs to another life of the stream: what it acknowledged says nothing of this one.
    Recreate,
}

fn need(existing: &consumer::Config, wanted: &consumer::Config) -> Need {
    if incarnation_of(&existing.metadata) != incarnation_of(&wanted.metadata) {
        return Need::Recreate;
    }
    let filters = |config: &consumer::Config| {
        let mut filters = config.filter_subjects.clone();
        if !config.filter_subject.is_empty() {
            filters.push(config.filter_subject.clone());
        }
        filters.sort_unstable();
        filters
    };
    let same = filters(existing) == filters(wanted)
        && existing.ack_wait == wanted.ack_wait
        && existing.max_deliver == wanted.max_deliver
        && existing.max_ack_pending == wanted.max_ack_pending;
    if same { Need::Nothing } else { Need::Update }
}

/// The reader's consumer on the stream's present life, made or brought to the plan, and which
/// life that is.
///
/// # Errors
/// `Unavailable` `stream_missing` until its producer has made the stream.
pub(crate) async fn ensure(
    bus: &Bus,
    plan: &Plan,
    pacing: &Pacing,
) -> Result<(Uuid, Consumer<Config>), Fault> {
    let incarnation = bus.incarnation(plan.stream).await?;
    let wanted = plan.config(pacing, incarnation);
    let context = bus.context();
    match context.get_consumer_from_stream::<Config, _, _>(&plan.durable, plan.stream).await {
        Ok(consumer) => {
            match need(&consumer.cached_info().config, &wanted.clone().into_consumer_config()) {
                Need::Nothing => return Ok((incarnation, consumer)),
                Need::Update => {}
                Need::Recreate => {
                    tracing::warn!(
                        reader = %plan.durable, stream = plan.stream, %incarnation,
                        "the stream began a new life; the consumer is recreated"
                    );
                    context
                        .delete_consumer_from_stream(&plan.durable, plan.stream)
                        .await
                        .map_err(|error| away("consumer_not_deleted", error))?;
                }
            }
        }
        Err(error) if not_found(&error.kind()) => {}
        Err(error) => return Err(away("consumer_unreachable", error)),
    }
    let consumer = context
        .create_consumer_on_stream(wanted, plan.stream)
        .await
        .map_err(|error| away("consumer_not_made", error))?;
    Ok((incarnation, consumer))
}

/// Whether the broker says that there is no such consumer.
fn not_found(kind: &ConsumerErrorKind) -> bool {
    matches!(kind, ConsumerErrorKind::JetStream(cause)
        if cause.error_code() == ErrorCode::CONSUMER_NOT_FOUND)
}

impl Bus {
    /// Where a durable reader stands; `None` when it has no consumer.
    pub(crate) async fn reader_state(
        &self,
        stream: &str,
        durable: &str,
    ) -> Result<Option<ReaderState>, Fault> {
        match self.context().get_consumer_from_stream::<Config, _, _>(durable, stream).await {
            Ok(consumer) => {
                let info = consumer.cached_info();
                Ok(Some(ReaderState {
                    incarnation: incarnation_of(&info.config.metadata),
                    acknowledged: info.ack_floor.stream_sequence,
                    pending: info.num_pending,
                    unacknowledged: u64::try_from(info.num_ack_pending).unwrap_or(u64::MAX),
                }))
            }
            Err(error) if not_found(&error.kind()) => Ok(None),
            Err(error) => Err(away("consumer_unreachable", error)),
        }
    }

    /// Which life of the stream this is.
    pub(crate) async fn incarnation(&self, stream: &str) -> Result<Uuid, Fault> {
        self.stream_state(stream).await?.and_then(|state| state.incarnation).ok_or_else(|| {
            Fault::new(
                Class::Unavailable,
                "stream_missing",
                format!("The stream {stream} is not there yet; its producer makes it."),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(filters: &[&str]) -> Plan {
        Plan {
            stream: "INGEST",
            durable: "conversation-inbound-x".to_owned(),
            filters: filters.iter().map(|&filter| filter.to_owned()).collect(),
            batch: 100,
        }
    }

    fn config(plan: &Plan, incarnation: Uuid) -> consumer::Config {
        plan.config(&Pacing::default(), incarnation).into_consumer_config()
    }

    #[test]
    fn a_consumer_of_another_life_of_the_stream_is_recreated() {
        let (before, after) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let plan = plan(&["a.b"]);
        assert_eq!(need(&config(&plan, before), &config(&plan, after)), Need::Recreate);
        assert_eq!(need(&config(&plan, before), &config(&plan, before)), Need::Nothing);
        let stranger = consumer::Config::default();
        assert_eq!(need(&stranger, &config(&plan, after)), Need::Recreate);
    }

    #[test]
    fn a_consumer_whose_filters_changed_is_updated() {
        let life = Uuid::from_u128(1);
        let one = config(&plan(&["a.b"]), life);
        let two = config(&plan(&["a.b", "a.c"]), life);
        let same_two = config(&plan(&["a.c", "a.b"]), life);
        assert_eq!(need(&one, &two), Need::Update);
        assert_eq!(need(&two, &same_two), Need::Nothing);
    }
}
