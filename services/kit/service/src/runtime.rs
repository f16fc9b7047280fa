//! The life of a process: started, told to stop, drained, ended with an exit code.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use kit_values::Fault;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::config::Listener;
use crate::listener::Reserved;
use crate::{Health, Identity, Tasks};

/// What the process shares with every service that it runs; cloned for each, with that
/// service's own identity.
#[derive(Clone, Debug)]
pub struct Runtime {
    /// Cancelled when the process shall stop: finish what is in flight, begin nothing.
    pub stop: CancellationToken,
    /// Where tasks are started.
    pub tasks: Tasks,
    /// Where readiness is told.
    pub health: Health,
    /// Who this service is to its peers.
    pub identity: Identity,
    reserved: Reserved,
    descriptors: Option<&'static [u8]>,
    consumers: Arc<[String]>,
}

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Asked to, and everything was finished.
    Drained,
    /// Asked to, but something was still running at the deadline.
    Overdue,
    /// Asked twice: at once.
    Forced,
    /// A task died.
    Died(&'static str),
}

impl Ending {
    /// 0 when drained; 1 when a task died; 2 when overdue; 130 when forced.
    #[must_use]
    pub fn exit_code(self) -> ExitCode {
        match self {
            Self::Drained => ExitCode::SUCCESS,
            Self::Died(_) => ExitCode::from(1),
            Self::Overdue => ExitCode::from(2),
            Self::Forced => ExitCode::from(130),
        }
    }
}

impl Runtime {
    /// A process with nothing in it yet.
    #[must_use]
    pub fn new(identity: Identity) -> Self {
        let stop = CancellationToken::new();
        Self {
            tasks: Tasks::new(stop.clone()),
            stop,
            health: Health::default(),
            identity,
            reserved: Reserved::default(),
            descriptors: None,
            consumers: Arc::default(),
        }
    }

    /// The same process as seen by another of its services.
    #[must_use]
    pub fn for_service(&self, identity: Identity) -> Self {
        Self { identity, ..self.clone() }
    }

    /// The same process as seen by what goes on after the stop, until `stop`: what a service needs
    /// while it drains.
    #[must_use]
    pub fn until(&self, stop: CancellationToken) -> Self {
        Self { stop, ..self.clone() }
    }

    /// Offers gRPC reflection with this serialised `FileDescriptorSet` on every gRPC listener;
    /// for development.
    #[must_use]
    pub fn with_reflection(mut self, descriptors: &'static [u8]) -> Self {
        self.descriptors = Some(descriptors);
        self
    }

    /// Runs only these durable consumers, named as the broker knows them or without the service
    /// in front; none named means all.
    #[must_use]
    pub fn with_consumers(mut self, names: Vec<String>) -> Self {
        self.consumers = names.into();
        self
    }

    /// Whether this process shall run the service's durable consumer of this name.
    #[must_use]
    pub fn consumes(&self, durable: &str) -> bool {
        let short = durable.strip_prefix(self.identity.service());
        let short = short.and_then(|rest| rest.strip_prefix('-'));
        self.consumers.is_empty()
            || self.consumers.iter().any(|name| name == durable || Some(name.as_str()) == short)
    }

    pub(crate) fn descriptors(&self) -> Option<&'static [u8]> {
        self.descriptors
    }

    /// Binds an address now (port 0 takes a free one) and keeps the socket until a service of
    /// this process binds the address that is returned.
    ///
    /// # Errors
    /// Unavailable, with what to do, when the address cannot be had.
    pub fn reserve(&self, listener: &Listener) -> Result<SocketAddr, Fault> {
        self.reserved.reserve(listener)
    }

    /// Binds an address, or takes over the socket reserved for it.
    ///
    /// # Errors
    /// Unavailable, with what to do, when the address cannot be had.
    pub async fn bind(&self, listener: &Listener) -> Result<tokio::net::TcpListener, Fault> {
        self.reserved.bind(listener).await
    }

    /// Waits until the process is told to stop (SIGINT, SIGTERM, `stop`, or the death of a
    /// task), then until its tasks have finished, `drain` at most. A second signal ends the
    /// waiting at once.
    ///
    /// # Errors
    /// Internal when signals cannot be received.
    pub async fn run(&self, drain: Duration) -> Result<Ending, Fault> {
        Ok(self.run_until(&mut Signals::new()?, drain).await)
    }

    /// As [`Runtime::run`], with signals that are received since before everything started.
    pub async fn run_until(&self, signals: &mut Signals, drain: Duration) -> Ending {
        tokio::select! {
            name = signals.next() => tracing::info!(signal = name, "stopping"),
            () = self.tasks.death() => {}
            () = self.stop.cancelled() => {}
        }
        self.stop.cancel();
        let ending = tokio::select! {
            () = self.tasks.drained() => Ending::Drained,
            _ = signals.next() => Ending::Forced,
            () = tokio::time::sleep(drain) => Ending::Overdue,
        };
        if ending == Ending::Overdue {
            let seconds = drain.as_secs();
            let running = format!("{:?}", self.tasks.running());
            tracing::warn!(seconds, running, "some work did not finish before the deadline");
        }
        self.tasks.dead().map_or(ending, Ending::Died)
    }
}

/// The signals that tell a process to stop, received from its making on.
#[derive(Debug)]
pub struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    /// Receives SIGINT and SIGTERM from now on, which no longer end the process by themselves.
    ///
    /// # Errors
    /// Internal when signals cannot be received.
    pub fn new() -> Result<Self, Fault> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt()).map_err(Fault::internal)?,
            terminate: signal(SignalKind::terminate()).map_err(Fault::internal)?,
        })
    }

    /// The name of the next one.
    pub async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.interrupt.recv() => "SIGINT",
            _ = self.terminate.recv() => "SIGTERM",
        }
    }
}

/// Installs ring as the process's cryptography; first thing in `main`, and harmless when done
/// again.
pub fn cryptography() {
    // An error says that a provider is installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_consumers_that_were_named_run() {
        let keys = crate::identity::Keys::generate(&["conversation"]).expect("keys");
        let process = Runtime::new(keys.identity("conversation").expect("an identity"));
        assert!(process.consumes("conversation-inbound-x"), "none named means all");
        let process = process.with_consumers(vec!["inbound-x".to_owned()]);
        assert!(process.consumes("conversation-inbound-x"));
        assert!(!process.consumes("conversation-inbound-facebook"));
        assert!(!process.consumes("inbound"));
    }
}
