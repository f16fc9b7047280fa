//! `guichet run`: some services in this process.

use std::process::ExitCode;
use std::time::Duration;

use kit_service::{Runtime, Signals, operations, telemetry};
use kit_values::{Class, Fault};

use super::Common;
use crate::services::{OPERATOR, Service};
use crate::settings::Settings;

/// Starts services whose sections the configuration has.
#[derive(Debug, clap::Args)]
pub struct Run {
    /// The services.
    #[arg(required = true, value_enum)]
    services: Vec<Service>,
    /// Only these consumers of theirs, by the part of the durable's name after the service's.
    #[arg(long, value_delimiter = ',')]
    consumers: Vec<String>,
}

impl Run {
    /// Runs until told to stop.
    ///
    /// # Errors
    /// What a service says at its start.
    pub async fn run(self, common: &Common) -> Result<ExitCode, Fault> {
        let mut signals = Signals::new()?;
        let settings = common.settings()?;
        let _telemetry = telemetry::init(&settings.telemetry)?;
        let process =
            process(&settings, self.services[0].name())?.with_consumers(self.consumers.clone());
        operations::serve(&process, &settings.operations).await?;
        let started = tokio::select! {
            started = start(&settings, &process, &self.services) => started,
            _ = signals.next() => Err(interrupted()),
        };
        end(&process, &mut signals, settings.process.drain(), started).await
    }
}

/// A process for these settings; `service` lends it an identity until each has its own.
pub fn process(settings: &Settings, service: &str) -> Result<Runtime, Fault> {
    let name = if settings.identity.keys.contains_key(OPERATOR) { OPERATOR } else { service };
    let process = Runtime::new(settings.identity.identity(name)?);
    Ok(if settings.process.reflection {
        process.with_reflection(proto::DESCRIPTORS)
    } else {
        process
    })
}

/// What a signal before the end of the start comes to.
pub fn interrupted() -> Fault {
    Fault::new(Class::Unavailable, "interrupted", "Stopped before everything had started.")
}

/// Starts services one after the other.
pub async fn start(
    settings: &Settings,
    process: &Runtime,
    services: &[Service],
) -> Result<(), Fault> {
    for service in services {
        service.start(settings, process).await?;
        tracing::info!(service = service.name(), "started");
    }
    Ok(())
}

/// Waits for the end; after a start that failed, what had started is stopped first.
pub async fn end(
    process: &Runtime,
    signals: &mut Signals,
    drain: Duration,
    started: Result<(), Fault>,
) -> Result<ExitCode, Fault> {
    if started.is_err() {
        process.stop.cancel();
    }
    let ending = process.run_until(signals, drain).await;
    started.map(|()| ending.exit_code())
}
