//! What the broker knows of one durable reader, and what it hears from it.
//!
//! Read from JetStream itself, not from what the services note down about it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_nats::header::NATS_MESSAGE_ID;
use async_nats::jetstream::consumer::PullConsumer;
use async_nats::jetstream::stream::Stream;
use async_nats::{Client, jetstream};
use futures::StreamExt as _;
use kit_values::EventId;
use tokio::task::JoinSet;

/// A durable reader of one stream.
#[derive(Debug)]
pub struct Reader {
    client: Client,
    stream: Stream<()>,
    name: String,
    durable: String,
}

/// How far a reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// Everything up to this sequence of the stream is acknowledged.
    pub floor: u64,
    /// The last sequence that was delivered at least once.
    pub delivered: u64,
    /// Deliveries without an acknowledgement.
    pub unacknowledged: u64,
    /// Events that were never delivered.
    pub waiting: u64,
}

impl Reader {
    /// The reader `durable` of `stream` on the broker at `url`.
    pub async fn connect(url: &str, stream: &str, durable: &str) -> Self {
        let client = async_nats::connect(url).await.expect("NATS answers");
        let context = jetstream::new(client.clone());
        let name = stream.to_owned();
        let stream = context.get_stream_no_info(stream).await.expect("a name of a stream");
        Self { client, stream, name, durable: durable.to_owned() }
    }

    /// How far it is.
    pub async fn state(&self) -> State {
        let consumer: PullConsumer =
            self.stream.get_consumer(&self.durable).await.expect("the reader exists");
        let info = consumer.cached_info();
        State {
            floor: info.ack_floor.stream_sequence,
            delivered: info.delivered.stream_sequence,
            unacknowledged: u64::try_from(info.num_ack_pending).unwrap_or(u64::MAX),
            waiting: info.num_pending,
        }
    }

    /// The events of the stream above the reader's floor that it was given, by their sequences.
    pub async fn above_the_floor(&self) -> BTreeMap<u64, EventId> {
        let State { floor, delivered, .. } = self.state().await;
        let mut events = BTreeMap::new();
        for sequence in floor + 1..=delivered {
            let message = self.stream.get_raw_message(sequence).await.expect("it is in the stream");
            let id = message.headers.get(NATS_MESSAGE_ID).expect("every event has an id").as_str();
            // Behind a stroke stands which publication of the event it is.
            let id = id.split('/').next().and_then(|id| id.parse().ok());
            events.insert(sequence, id.expect("the id of an event"));
        }
        events
    }

    /// Hears every acknowledgement of the reader from now on.
    pub async fn acknowledgements(&self) -> Acknowledgements {
        let subject = format!("$JS.ACK.{}.{}.>", self.name, self.durable);
        let mut heard = self.client.subscribe(subject).await.expect("a subscription");
        self.client.flush().await.expect("NATS knows of it");
        let deliveries = Arc::new(Mutex::new(BTreeMap::new()));
        let kept = deliveries.clone();
        let mut task = JoinSet::new();
        task.spawn(async move {
            while let Some(message) = heard.next().await {
                // $JS.ACK.<stream>.<reader>.<deliveries>.<sequence>.…; anything else than an
                // acknowledgement (still working, again later) says so.
                let tokens: Vec<&str> = message.subject.split('.').collect();
                let is_final = message.payload.is_empty() || &*message.payload == b"+ACK";
                let numbers = |at: usize| tokens.get(at).and_then(|token| token.parse().ok());
                if let (true, Some(times), Some(sequence)) = (is_final, numbers(4), numbers(5)) {
                    kept.lock().unwrap_or_else(PoisonError::into_inner).insert(sequence, times);
                }
            }
        });
        Acknowledgements { deliveries, _task: task }
    }
}

/// Acknowledgements that were heard.
#[derive(Debug)]
pub struct Acknowledgements {
    deliveries: Arc<Mutex<BTreeMap<u64, u64>>>,
    _task: JoinSet<()>,
}

impl Acknowledgements {
    /// The how many-th delivery of the event at `sequence` was acknowledged; none if none was.
    #[must_use]
    pub fn delivery(&self, sequence: u64) -> Option<u64> {
        self.deliveries.lock().unwrap_or_else(PoisonError::into_inner).get(&sequence).copied()
    }
}
