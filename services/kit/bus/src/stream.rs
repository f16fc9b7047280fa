//! What a stream must look like, and what it looks like now.

use std::collections::HashMap;
use std::time::Duration;

use async_nats::jetstream::context::{
    CreateStreamError, CreateStreamErrorKind, GetStreamErrorKind,
};
use async_nats::jetstream::stream::{Config, DiscardPolicy, RetentionPolicy, StorageType};
use async_nats::jetstream::{self, ErrorCode};
use kit_values::{Class, Fault};
use uuid::Uuid;

use crate::bus::Bus;
use crate::subject;

/// The name under which streams and consumers keep their incarnation in their metadata.
pub const INCARNATION: &str = "guichet-incarnation";

/// How long JetStream itself drops a repeated message id: a convenience, never the record.
const DUPLICATE_WINDOW: Duration = Duration::from_mins(2);

/// One producer's stream.
#[derive(Debug, Clone)]
pub struct StreamPlan {
    /// The stream's name, upper case: `INGEST`.
    pub name: &'static str,
    /// The service that alone publishes to it.
    pub producer: &'static str,
    /// How long the stream keeps an event. What a reader has not confirmed by then is published
    /// again.
    pub max_age: Duration,
    /// The durable readers whose acknowledgements make the confirmed floor. A reader that is
    /// missing here may lose events; one that does not exist holds the floor at zero.
    pub readers: Vec<String>,
}

impl StreamPlan {
    pub(crate) fn config(&self, incarnation: Uuid, replicas: u8) -> Config {
        Config {
            name: self.name.to_owned(),
            subjects: vec![subject::all(self.producer)],
            retention: RetentionPolicy::Limits,
            discard: DiscardPolicy::Old,
            storage: StorageType::File,
            num_replicas: usize::from(replicas),
            max_age: self.max_age,
            // The server refuses a window longer than the age.
            duplicate_window: DUPLICATE_WINDOW.min(self.max_age),
            allow_direct: true,
            metadata: HashMap::from([(INCARNATION.to_owned(), incarnation.to_string())]),
            ..Config::default()
        }
    }
}

/// What a stream holds now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamState {
    /// Which life of the stream this is; `None` when somebody else made it.
    pub incarnation: Option<Uuid>,
    /// The lowest sequence still held; one above `last` when it holds nothing.
    pub first: u64,
    /// The highest sequence ever given; 0 for a fresh stream.
    pub last: u64,
    /// Sequences between `first` and `last` that were deleted one by one.
    pub deleted: Vec<u64>,
}

impl StreamState {
    /// Whether the message of this sequence is in the stream.
    #[must_use]
    pub fn holds(&self, sequence: u64) -> bool {
        (self.first..=self.last).contains(&sequence)
            && self.deleted.binary_search(&sequence).is_err()
    }
}

impl Bus {
    /// The stream's state; `None` when there is no such stream.
    pub(crate) async fn stream_state(&self, name: &str) -> Result<Option<StreamState>, Fault> {
        let stream = match self.context().get_stream(name).await {
            Ok(stream) => stream,
            Err(error) => {
                if let GetStreamErrorKind::JetStream(cause) = error.kind()
                    && cause.error_code() == ErrorCode::STREAM_NOT_FOUND
                {
                    return Ok(None);
                }
                return Err(away("stream_unreachable", error));
            }
        };
        let mut state = state_of(stream.cached_info());
        if stream.cached_info().state.deleted_count.is_some_and(|count| count > 0) {
            let detailed = stream
                .info_builder()
                .with_deleted(true)
                .fetch()
                .await
                .map_err(|error| away("stream_unreachable", error))?;
            let mut fresh = state_of(&detailed.info);
            fresh.deleted = detailed.info.state.deleted.unwrap_or_default();
            fresh.deleted.sort_unstable();
            state = fresh;
        }
        Ok(Some(state))
    }

    /// Creates the stream, or brings its settings to the plan. The incarnation is that of the
    /// existing stream, or `fresh` for a new one.
    pub(crate) async fn ensure_stream(
        &self,
        plan: &StreamPlan,
        fresh: Uuid,
    ) -> Result<StreamState, Fault> {
        let incarnation = match self.stream_state(plan.name).await? {
            Some(state) => state.incarnation.unwrap_or(fresh),
            None => fresh,
        };
        self.write_stream(plan, incarnation).await
    }

    /// Gives the stream a new incarnation, which makes every reader recreate its consumer.
    pub(crate) async fn write_stream(
        &self,
        plan: &StreamPlan,
        incarnation: Uuid,
    ) -> Result<StreamState, Fault> {
        self.context()
            .create_or_update_stream(plan.config(incarnation, self.replicas()))
            .await
            .map_err(|error| not_written(self.replicas(), error))?;
        self.stream_state(plan.name).await?.ok_or_else(|| {
            Fault::new(Class::Unavailable, "stream_gone", "The stream went away as it was made.")
        })
    }
}

fn state_of(info: &jetstream::stream::Info) -> StreamState {
    StreamState {
        incarnation: incarnation_of(&info.config.metadata),
        first: info.state.first_sequence.max(1),
        last: info.state.last_sequence,
        deleted: Vec::new(),
    }
}

pub(crate) fn incarnation_of(metadata: &HashMap<String, String>) -> Option<Uuid> {
    metadata.get(INCARNATION).and_then(|text| Uuid::try_parse(text).ok())
}

/// Why a stream could not be made or brought to its plan.
fn not_written(replicas: u8, error: CreateStreamError) -> Fault {
    match error.kind() {
        CreateStreamErrorKind::JetStream(cause)
            if cause.error_code() == ErrorCode::STREAM_REPLICAS_NOT_SUPPORTED =>
        {
            Fault::new(
                Class::Rejected,
                "broker_not_clustered",
                format!(
                    "broker.replicas is {replicas}, but the message broker is a single server: \
                     set it to 1, or have broker.url lead to a cluster."
                ),
            )
            .caused_by(error)
        }
        _ => away("stream_not_written", error),
    }
}

/// A failure of the broker: nothing that the event at hand could be blamed for.
pub(crate) fn away(
    code: &'static str,
    error: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> Fault {
    Fault::new(Class::Unavailable, code, "The message broker did not answer as expected.")
        .caused_by(error)
}
