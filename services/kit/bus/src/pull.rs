//! One pull loop on one consumer, which knows when it has gone silent.
//!
//! The library's own pull streams are not used: they were seen to look alive and pull nothing
//! (`reference/reliability.md` 1.2). Here every wait is bounded: while a request is open the
//! server sends a message or a heartbeat, and two heartbeats missed end the loop.

use std::time::Duration;

use async_nats::jetstream::consumer::Consumer;
use async_nats::jetstream::consumer::pull::{BatchConfig, Config};
use async_nats::{StatusCode, Subject, Subscriber, jetstream};
use futures::{FutureExt, StreamExt};
use kit_values::Fault;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::bus::Bus;
use crate::stream::away;

/// How a consumer is pulled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pace {
    /// Messages a request asks for.
    pub batch: usize,
    /// How long the server keeps a request.
    pub expires: Duration,
    /// How often the server says that it is still there.
    pub heartbeat: Duration,
}

/// Why a pull loop ended. The caller makes another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ended {
    /// Neither a message nor a heartbeat for two heartbeats.
    Silent,
    /// Another connection: an open request does not survive that.
    Reconnected,
    /// The server ended it: consumer deleted, no responders, shutting down.
    Refused(String),
}

/// An open pull loop.
pub(crate) struct Pull {
    consumer: Consumer<Config>,
    bus: Bus,
    inbox: Subject,
    subscriber: Subscriber,
    connections: watch::Receiver<u64>,
    pace: Pace,
    /// Messages still owed by the open request; 0: no request is open.
    owed: usize,
    heard: Instant,
    /// The end, met while a batch was gathered.
    ended: Option<Ended>,
}

enum Step {
    Message(Box<jetstream::Message>),
    Again,
    Ended(Ended),
}

impl Pull {
    pub(crate) async fn open(
        bus: &Bus,
        consumer: Consumer<Config>,
        pace: Pace,
    ) -> Result<Self, Fault> {
        // Taken first, so that no reconnection can slip in unseen.
        let mut connections = bus.connections();
        connections.mark_unchanged();
        let inbox = Subject::from(bus.client().new_inbox());
        let subscriber = bus
            .client()
            .subscribe(inbox.clone())
            .await
            .map_err(|error| away("subscription_refused", error))?;
        Ok(Self {
            consumer,
            bus: bus.clone(),
            inbox,
            subscriber,
            connections,
            pace,
            owed: 0,
            heard: Instant::now(),
            ended: None,
        })
    }

    /// `first` and what comes right behind it, up to one batch: takes what is there, and lingers a
    /// moment for what is on its way.
    pub(crate) async fn gather(
        &mut self,
        first: jetstream::Message,
        linger: Duration,
    ) -> Vec<jetstream::Message> {
        let mut messages = vec![first];
        let until = Instant::now() + linger;
        while messages.len() < self.pace.batch {
            let step = match self.subscriber.next().now_or_never() {
                Some(message) => self.judge(message),
                // A request that was served in full has nothing on its way.
                None if self.owed == 0 => break,
                None => match tokio::time::timeout_at(until, self.subscriber.next()).await {
                    Ok(message) => self.judge(message),
                    Err(_) => break,
                },
            };
            match step {
                Step::Message(message) => messages.push(*message),
                Step::Again => {}
                // What was taken is applied first.
                Step::Ended(ended) => {
                    self.ended = Some(ended);
                    break;
                }
            }
        }
        messages
    }

    /// The next message. Cancelling it loses nothing.
    pub(crate) async fn next(&mut self) -> Result<jetstream::Message, Ended> {
        if let Some(ended) = self.ended.take() {
            return Err(ended);
        }
        loop {
            if self.owed == 0 {
                self.request().await?;
            }
            let deadline = self.heard + self.pace.heartbeat * 2;
            let message = tokio::select! {
                biased;
                message = self.subscriber.next() => message,
                _ = self.connections.changed() => return Err(Ended::Reconnected),
                () = tokio::time::sleep_until(deadline) => return Err(Ended::Silent),
            };
            match self.judge(message) {
                Step::Message(message) => return Ok(*message),
                Step::Again => {}
                Step::Ended(ended) => return Err(ended),
            }
        }
    }

    async fn request(&mut self) -> Result<(), Ended> {
        let request = BatchConfig {
            batch: self.pace.batch,
            expires: Some(self.pace.expires),
            idle_heartbeat: self.pace.heartbeat,
            ..BatchConfig::default()
        };
        self.consumer
            .request_batch(request, self.inbox.clone())
            .await
            .map_err(|error| Ended::Refused(error.to_string()))?;
        self.owed = self.pace.batch;
        self.heard = Instant::now();
        Ok(())
    }

    fn judge(&mut self, message: Option<async_nats::Message>) -> Step {
        let Some(message) = message else {
            return Step::Ended(Ended::Refused("the subscription ended".to_owned()));
        };
        self.heard = Instant::now();
        match message.status {
            None | Some(StatusCode::OK) => {
                self.owed = self.owed.saturating_sub(1);
                Step::Message(Box::new(jetstream::Message {
                    message,
                    context: self.bus.context().clone(),
                }))
            }
            Some(StatusCode::IDLE_HEARTBEAT) => Step::Again,
            // The request expired or found nothing: the next one follows.
            Some(StatusCode::TIMEOUT | StatusCode::NOT_FOUND) => {
                self.owed = 0;
                Step::Again
            }
            Some(status) => {
                let description = message.description.unwrap_or_default();
                if description.contains("Batch Completed") {
                    self.owed = 0;
                    return Step::Again;
                }
                Step::Ended(Ended::Refused(format!("{status} {description}")))
            }
        }
    }
}
