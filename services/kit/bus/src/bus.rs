//! The connection to NATS.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_nats::client::RequestErrorKind;
use async_nats::connection::State;
use async_nats::jetstream::{self, Context};
use async_nats::{Client, ConnectOptions, Event};
use kit_values::{Class, Fault, Secret};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::api_level;
use crate::stream::away;
use crate::subject;
use crate::tail::{Start, Tail};

/// How often a quiet connection is probed; two unanswered probes cut it (the library's default of
/// 60 s would hide a dead peer for two minutes, `reference/reliability.md` 1.2).
const PING: Duration = Duration::from_secs(10);

/// How long one request to the broker may take.
const REQUEST: Duration = Duration::from_secs(5);

/// How long a connection in doubt has to answer.
const REVIVE: Duration = Duration::from_secs(2);

/// How long connecting may take before the service starts without.
const FIRST_CONNECT: Duration = Duration::from_secs(5);

/// Where NATS is, and as whom to speak to it.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct BrokerSettings {
    /// `nats://host:port`, several separated by commas.
    pub url: String,
    /// This service's user, when the server has users.
    #[serde(default)]
    pub user: Option<String>,
    /// Its password.
    #[serde(default)]
    pub password: Option<Secret<String>>,
    /// On how many servers of a cluster each stream and what its readers acknowledged are kept: 1
    /// (the default: a single server), 3 or 5. An existing stream is brought to it. The producer's
    /// setting decides; one that is larger than the cluster is refused by it.
    #[serde(default = "one")]
    pub replicas: u8,
}

const fn one() -> u8 {
    1
}

impl Default for BrokerSettings {
    fn default() -> Self {
        Self { url: String::new(), user: None, password: None, replicas: one() }
    }
}

impl BrokerSettings {
    /// An even number of replicas survives no more losses than the odd one below it.
    fn check(&self) -> Result<(), Fault> {
        if matches!(self.replicas, 1 | 3 | 5) {
            return Ok(());
        }
        Err(Fault::invalid(
            "broker_replicas",
            "broker.replicas",
            format!("broker.replicas is {}; it may be 1, 3 or 5.", self.replicas),
        ))
    }
}

/// A connection that lasts as long as the process: it reconnects by itself and forever.
#[derive(Clone)]
pub struct Bus {
    client: Client,
    context: Context,
    watch: Arc<Watch>,
    replicas: u8,
}

/// What is known of the connection at hand.
struct Watch {
    /// Counts the connections: a new one may lead to another server, or to one that lost all.
    connections: watch::Sender<u64>,
    /// The connection whose server was found new enough.
    accepted: AtomicU64,
}

impl Bus {
    /// Connects as `name`, the service's name, which also names its reply subjects
    /// (`_INBOX.<name>.>`), so that no service's user needs to hear another's. A broker that is
    /// away is not an error: readers and relays wait for it, so that a service starts, and takes
    /// webhooks, without.
    ///
    /// # Errors
    /// `Invalid` when the address is not one or the replicas are none of 1, 3 and 5; `Rejected` `broker_too_old` when the server is
    /// older than 2.12.
    pub async fn connect(settings: &BrokerSettings, name: &str) -> Result<Self, Fault> {
        settings.check()?;
        let (connections, _) = watch::channel(0);
        let watch = Arc::new(Watch { connections, accepted: AtomicU64::new(0) });
        let seen = watch.clone();
        let mut options = ConnectOptions::new()
            .name(name)
            .custom_inbox_prefix(inbox_prefix(name))
            .ping_interval(PING)
            .request_timeout(Some(REQUEST))
            .retry_on_initial_connect()
            .reconnect_delay_callback(|attempt| {
                Duration::from_millis(50 << attempt.min(5)).min(Duration::from_secs(1))
            })
            .event_callback(move |event| {
                let seen = seen.clone();
                async move { report(&seen, &event) }
            });
        if let (Some(user), Some(password)) = (&settings.user, &settings.password) {
            options = options.user_and_password(user.clone(), password.expose().clone());
        }
        let addresses: Vec<String> =
            settings.url.split(',').map(|url| url.trim().to_owned()).collect();
        let client = options.connect(addresses).await.map_err(|error| {
            Fault::invalid(
                "broker_address",
                "broker.url",
                "The address of the NATS server cannot be used.",
            )
            .caused_by(error)
        })?;
        let context = jetstream::ContextBuilder::new()
            .timeout(REQUEST)
            .ack_timeout(REQUEST)
            .build(client.clone());
        let bus = Self { client, context, watch, replicas: settings.replicas };
        match tokio::time::timeout(FIRST_CONNECT, bus.first_connect()).await {
            Ok(Err(fault)) if fault.class() == Class::Rejected => return Err(fault),
            Ok(Ok(())) => {}
            Ok(Err(_)) | Err(_) => {
                tracing::warn!("the message broker is away; starting without it");
            }
        }
        Ok(bus)
    }

    /// Waits until the connection stands and its server was accepted.
    async fn first_connect(&self) -> Result<(), Fault> {
        loop {
            match self.ready().await {
                Err(fault) if fault.class().is_infrastructure() => {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                outcome => return outcome,
            }
        }
    }

    /// Whether the server at the other end of the present connection is there and new enough:
    /// asked once a connection.
    ///
    /// # Errors
    /// `Unavailable` when it is away; `Rejected` `broker_too_old`.
    pub async fn ready(&self) -> Result<(), Fault> {
        let connection = self.connection();
        if connection == 0 {
            return Err(Fault::new(
                Class::Unavailable,
                "broker_away",
                "The message broker cannot be reached.",
            ));
        }
        if self.watch.accepted.load(Ordering::Acquire) == connection {
            return Ok(());
        }
        let reply = self
            .client
            .request("$JS.API.INFO", bytes::Bytes::new())
            .await
            .map_err(|error| away("broker_away", error))?;
        let level = api_level(&reply.payload)?;
        self.watch.accepted.store(connection, Ordering::Release);
        tracing::debug!(level, connection, "the message broker was accepted");
        Ok(())
    }

    /// Follows a stream without keeping anything: for a ring in memory.
    #[must_use]
    pub fn follow(&self, stream: &str, start: Start) -> Tail {
        Tail::new(self.clone(), stream.to_owned(), start)
    }

    /// The number of the present connection, counted from 1; 0 before the first.
    #[must_use]
    pub fn connection(&self) -> u64 {
        *self.watch.connections.borrow()
    }

    /// Tells of every new connection.
    pub(crate) fn connections(&self) -> watch::Receiver<u64> {
        self.watch.connections.subscribe()
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn context(&self) -> &Context {
        &self.context
    }

    /// On how many servers streams are kept.
    pub(crate) fn replicas(&self) -> u8 {
        self.replicas
    }

    /// Makes another connection when the present one stands but carries nothing: asked after a
    /// silence or a failure, since the library's own pings take half a minute to notice.
    pub(crate) async fn revive(&self) {
        if self.client.connection_state() != State::Connected {
            return;
        }
        let request = async_nats::Request::new().payload(bytes::Bytes::new()).timeout(Some(REVIVE));
        match self.client.send_request("$JS.API.INFO", request).await {
            Err(error) if error.kind() == RequestErrorKind::TimedOut => {
                tracing::warn!("the broker's connection carries nothing; another is made");
                metrics::counter!("bus_reconnects_total").increment(1);
                if let Err(error) = self.client.force_reconnect().await {
                    tracing::warn!(%error, "the broker's connection could not be renewed");
                }
            }
            // Any answer, a refusal too, shows that it carries.
            _ => {}
        }
    }
}

/// Where a service's replies and deliveries arrive.
pub(crate) fn inbox_prefix(name: &str) -> String {
    format!("_INBOX.{}", subject::token(name))
}

fn report(watch: &Watch, event: &Event) {
    match event {
        Event::Connected => {
            watch.connections.send_modify(|connection| *connection += 1);
            let connection = *watch.connections.borrow();
            tracing::info!(connection, "connected to the message broker");
        }
        Event::Disconnected => tracing::warn!("the message broker went away"),
        Event::SlowConsumer(subscription) => {
            tracing::warn!(subscription, "deliveries come faster than they are read");
        }
        // A wrong password shows here and nowhere else.
        Event::ServerError(error) => tracing::warn!(%error, "the message broker refused something"),
        other => tracing::debug!(event = %other, "the broker's connection changed"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn replicas_other_than_one_three_or_five_are_refused_by_name() {
        for replicas in [0, 2, 4, 6, 255] {
            let settings = BrokerSettings { replicas, ..BrokerSettings::default() };
            let Err(fault) = Bus::connect(&settings, "test").await else {
                panic!("{replicas} is refused")
            };
            assert_eq!((fault.class(), fault.field()), (Class::Invalid, Some("broker.replicas")));
            assert!(fault.sentence().contains("broker.replicas"), "{fault}");
        }
        for replicas in [1, 3, 5] {
            assert!(BrokerSettings { replicas, ..BrokerSettings::default() }.check().is_ok());
        }
    }

    #[test]
    fn a_broker_without_a_word_of_replicas_has_one() {
        let settings: BrokerSettings =
            serde_json::from_str(r#"{"url": "nats://127.0.0.1:4222"}"#).expect("settings");
        assert_eq!(settings.replicas, 1);
    }
}
