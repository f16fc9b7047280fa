//! When each message passed each hop, from records that exist anyway: the commit times that
//! PostgreSQL keeps (`track_commit_timestamp`), the times that JetStream gives events, and what
//! the request says. All clocks are the same machine's.
//!
//! Deliberately absent: anything in the services that would exist only to be measured.

use std::collections::BTreeMap;
use std::ops::Range;

use async_nats::jetstream::{self, stream::Stream};
use futures::{StreamExt as _, TryStreamExt as _};
use prost::Message as _;
use proto::conversation::v1::ConversationEvent;
use proto::conversation::v1::conversation_event::Fact;

use crate::network::{external_id, number_of};
use crate::system::System;

/// Look-ups in the broker at a time.
const AT_A_TIME: usize = 64;

/// Moments of one message, in microseconds since the epoch.
#[derive(Debug, Clone, Copy)]
pub struct Passage {
    /// Ingest had its whole body.
    pub received: i64,
    /// Ingest's transaction was committed.
    pub committed: i64,
    /// INGEST held its event.
    pub published: i64,
    /// Conversation's transaction was committed.
    pub applied: i64,
    /// CONVERSATION held the event that says so.
    pub announced: i64,
}

/// When ingest had received and when it had committed each of these messages.
pub async fn commits(system: &System, numbers: &Range<u64>) -> BTreeMap<u64, (i64, i64)> {
    let rows = system
        .query(&format!(
            "SELECT item.external_id, {received} AS received, {committed} AS committed \
             FROM ingest.item JOIN ingest.webhook_request AS request ON request.id = item.request_id \
             WHERE {range}",
            received = microseconds("request.received_at"),
            committed = microseconds("pg_xact_commit_timestamp(request.xmin)"),
            range = within("item", numbers),
        ))
        .await;
    rows.iter()
        .filter_map(|row| {
            let number = number_of(&row.try_get::<String>("", "external_id").ok()?)?;
            Some((number, (row.try_get("", "received").ok()?, row.try_get("", "committed").ok()?)))
        })
        .collect()
}

/// The whole way of each of these messages, as far as it is recorded.
pub async fn passages(system: &System, numbers: &Range<u64>) -> BTreeMap<u64, Passage> {
    let commits = commits(system, numbers).await;
    let rows = system
        .query(&format!(
            "SELECT item.external_id, sent.sequence, {applied} AS applied, \
             'msg_' || replace(message.message_id::text, '-', '') AS message \
             FROM ingest.item \
             JOIN ingest.outbox_sequence AS sent ON sent.event_id = item.event_id \
             JOIN conversation.message ON message.organization_id = item.organization_id \
                 AND message.external_id = item.external_id \
             WHERE {range}",
            applied = microseconds("pg_xact_commit_timestamp(message.xmin)"),
            range = within("item", numbers),
        ))
        .await;
    let sequences = rows.iter().map(|row| row.try_get("", "sequence").expect("a sequence"));
    let published: BTreeMap<i64, i64> = events(system, "ingest", "INGEST", sequences.collect())
        .await
        .into_iter()
        .map(|event| (event.sequence, event.at))
        .collect();
    let announced = announced(system, rows.len()).await;
    rows.iter()
        .filter_map(|row| {
            let number = number_of(&row.try_get::<String>("", "external_id").ok()?)?;
            let (received, committed) = *commits.get(&number)?;
            let passage = Passage {
                received,
                committed,
                published: *published.get(&row.try_get("", "sequence").ok()?)?,
                applied: row.try_get("", "applied").ok()?,
                announced: *announced.get(&row.try_get::<String>("", "message").ok()?)?,
            };
            Some((number, passage))
        })
        .collect()
}

/// When CONVERSATION held the event of each message; of the newest messages, `count` at least.
async fn announced(system: &System, count: usize) -> BTreeMap<String, i64> {
    // A message has at most three events: it opened a conversation, was stored, woke it.
    let rows = system
        .query(&format!(
            "SELECT sequence FROM conversation.outbox_sequence ORDER BY sequence DESC LIMIT {}",
            3 * count
        ))
        .await;
    let sequences = rows.iter().map(|row| row.try_get("", "sequence").expect("a sequence"));
    let events = events(system, "conversation", "CONVERSATION", sequences.collect()).await;
    events
        .into_iter()
        .filter_map(|event| match ConversationEvent::decode(&event.payload[..]).ok()?.fact? {
            Fact::MessageStored(stored) => Some((stored.message_id, event.at)),
            _ => None,
        })
        .collect()
}

struct Event {
    sequence: i64,
    at: i64,
    payload: Vec<u8>,
}

/// These events of a stream, as `service`, which fills it, may read them.
async fn events(system: &System, service: &str, name: &str, sequences: Vec<i64>) -> Vec<Event> {
    let (url, user, password) = system.broker(service);
    // A service hears answers to its own calls alone.
    let inbox = format!("_INBOX.{service}");
    let client = async_nats::ConnectOptions::with_user_and_password(user, password)
        .custom_inbox_prefix(inbox)
        .connect(url)
        .await
        .expect("the broker answers");
    let context = jetstream::new(client);
    let stream = context.get_stream(name).await.expect("the stream is there");
    let stream = &stream;
    futures::stream::iter(sequences)
        .map(|sequence| event(stream, sequence))
        .buffer_unordered(AT_A_TIME)
        .try_collect()
        .await
        .expect("the broker gives its events")
}

async fn event(
    stream: &Stream,
    sequence: i64,
) -> Result<Event, async_nats::jetstream::stream::RawMessageError> {
    let message = stream.get_raw_message(sequence.unsigned_abs()).await?;
    let nanoseconds = message.time.unix_timestamp_nanos();
    let at = i64::try_from(nanoseconds / 1_000).unwrap_or(i64::MAX);
    Ok(Event { sequence, at, payload: message.payload.to_vec() })
}

fn microseconds(moment: &str) -> String {
    format!("(extract(epoch FROM {moment}) * 1000000)::bigint")
}

/// Ids of one run all have the same length, so that their order is that of the numbers.
fn within(table: &str, numbers: &Range<u64>) -> String {
    let (first, end) = (external_id(numbers.start), external_id(numbers.end));
    format!("{table}.external_id >= '{first}' AND {table}.external_id < '{end}'")
}
