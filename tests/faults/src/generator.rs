//! A network that never gives up: posts signed mentions until each is answered 2xx, and keeps a
//! log of what it sent. It repeats, reorders and batches nothing on purpose beyond what the
//! seed says, so that what goes wrong is the system's doing.
//!
//! Written from the wire contract, without the `networks` library that it tests.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use hmac::{Hmac, Mac as _};
use serde_json::json;
use sha2::Sha256;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::task::JoinSet;

use crate::checker::Sent;

/// Where and as whom to post.
#[derive(Debug, Clone)]
pub struct Target {
    /// The webhook address of one X application.
    pub url: String,
    /// The application's consumer secret.
    pub secret: String,
    /// The connected account that is mentioned.
    pub account: String,
}

/// How much to send.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Different customers; each has one conversation.
    pub customers: u64,
    /// Requests under way at any time.
    pub connections: usize,
    /// One message in this many is posted twice.
    pub repeat_every: u64,
}

/// The generator's log and how many requests are under way.
#[derive(Debug, Default)]
pub struct Log {
    sent: Mutex<BTreeMap<u64, Sent>>,
    under_way: AtomicU64,
    refusals: AtomicU64,
}

impl Log {
    /// Everything sent so far, in order of sending.
    #[must_use]
    pub fn sent(&self) -> Vec<Sent> {
        self.lock().values().cloned().collect()
    }

    /// Messages that are sent and not yet acknowledged.
    #[must_use]
    pub fn in_flight(&self) -> u64 {
        self.under_way.load(Ordering::Relaxed)
    }

    /// Messages acknowledged so far.
    #[must_use]
    pub fn acknowledged(&self) -> usize {
        self.lock().values().filter(|message| message.acknowledged).count()
    }

    /// Requests that were not answered 2xx: refused, cut or timed out.
    #[must_use]
    pub fn refusals(&self) -> u64 {
        self.refusals.load(Ordering::Relaxed)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<u64, Sent>> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A running generator.
#[derive(Debug)]
pub struct Generator {
    /// What it has sent.
    pub log: Arc<Log>,
    stop: Arc<AtomicBool>,
    workers: JoinSet<()>,
}

impl Generator {
    /// Starts posting to `target`.
    #[must_use]
    pub fn start(target: &Target, load: Load) -> Self {
        let log = Arc::new(Log::default());
        let stop = Arc::new(AtomicBool::new(false));
        let next = Arc::new(AtomicU64::new(0));
        let mut workers = JoinSet::new();
        for _ in 0..load.connections {
            workers.spawn(worker(target.clone(), load, log.clone(), stop.clone(), next.clone()));
        }
        Self { log, stop, workers }
    }

    /// Stops making new messages, waits until every one already made is acknowledged, and gives
    /// the log.
    pub async fn finish(mut self) -> Arc<Log> {
        self.stop.store(true, Ordering::Relaxed);
        while self.workers.join_next().await.is_some() {}
        self.log
    }
}

async fn worker(
    target: Target,
    load: Load,
    log: Arc<Log>,
    stop: Arc<AtomicBool>,
    next: Arc<AtomicU64>,
) {
    let client = reqwest::Client::builder()
        .timeout(Duration::from_secs(5))
        .build()
        .expect("an HTTP client can be made");
    while !stop.load(Ordering::Relaxed) {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let message = message(number, load.customers, kit_values::now());
        let body = mention(&message, &target.account, number);
        log.lock().insert(number, message);
        log.under_way.fetch_add(1, Ordering::Relaxed);
        let repeats = if number.is_multiple_of(load.repeat_every) { 2 } else { 1 };
        for _ in 0..repeats {
            post_until_acknowledged(&client, &target, &body, &log).await;
            if let Some(message) = log.lock().get_mut(&number) {
                message.acknowledged = true;
            }
        }
        log.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

async fn post_until_acknowledged(client: &reqwest::Client, target: &Target, body: &str, log: &Log) {
    loop {
        let answer = client
            .post(&target.url)
            .header("content-type", "application/json")
            .header("x-twitter-webhooks-signature", signature(&target.secret, body.as_bytes()))
            .body(body.to_owned())
            .send()
            .await;
        if answer.is_ok_and(|answer| answer.status().is_success()) {
            return;
        }
        log.refusals.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Milliseconds since the Unix epoch at which X's ids begin to count.
const SNOWFLAKE_EPOCH: i128 = 1_288_834_974_657;

/// The `number`th message of a run. Its id carries the millisecond, as the network's do.
#[must_use]
pub fn message(number: u64, customers: u64, now: OffsetDateTime) -> Sent {
    let customer = number % customers;
    let milliseconds = now.unix_timestamp_nanos() / 1_000_000;
    let id = ((milliseconds - SNOWFLAKE_EPOCH) << 22) | i128::from(number & 0x3f_ffff);
    Sent {
        external_id: id.to_string(),
        customer: (5_500_000_000_000_000_000 + customer).to_string(),
        text: format!("@aide message {number} of customer {customer}"),
        network_time: i64::try_from(milliseconds).unwrap_or_default() * 1_000,
        acknowledged: false,
    }
}

/// The webhook body of a mention, as the X Activity API sends it.
#[must_use]
pub fn mention(message: &Sent, account: &str, number: u64) -> String {
    let seconds = message.network_time.div_euclid(1_000_000);
    let time = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    // The network writes milliseconds and means seconds.
    let created_at = time.format(&Rfc3339).unwrap_or_default().replace('Z', ".000Z");
    json!({
        "data": {
            "event_uuid": format!("-{}", 2_700_000_000_000_000_000 + number),
            "filter": { "user_id": account },
            "event_type": "post.mention.create",
            "tag": "mentions",
            "payload": {
                "id": message.external_id,
                "text": message.text,
                "author_id": message.customer,
                "created_at": created_at,
                "conversation_id": message.external_id,
                "lang": "en",
                "edit_history_tweet_ids": [message.external_id],
                "entities": { "mentions": [{ "start": 0, "end": 5, "username": "aide", "id": account }] },
            },
            "includes": {
                "users": [{
                    "id": message.customer,
                    "name": format!("Customer {}", message.customer),
                    "username": format!("customer_{}", message.customer),
                }],
            },
        },
    })
    .to_string()
}

/// The signature header of an X webhook.
#[must_use]
pub fn signature(secret: &str, body: &[u8]) -> String {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key length will do");
    mac.update(body);
    let digest = mac.finalize().into_bytes();
    format!("sha256={}", base64::engine::general_purpose::STANDARD.encode(digest))
}
