//! `guichet up --observe`: somebody who receives the traces, and a page to look at them.

use kit_service::servers::{Options, Otelite};
use kit_service::telemetry;
use kit_values::Fault;

use crate::data::Data;

/// The receiver, if one was asked for.
#[derive(Debug)]
pub struct Observer(Option<Otelite>);

impl Observer {
    /// Starts a private receiver when `is_asked`.
    ///
    /// # Errors
    /// Invalid when traces go elsewhere already; else what stands in the way, and what to do.
    pub async fn start(
        is_asked: bool,
        settings: &telemetry::Settings,
        data: &Data,
    ) -> Result<Self, Fault> {
        if !is_asked {
            return Ok(Self(None));
        }
        if let Some(endpoint) = &settings.otlp_endpoint {
            let sentence = format!(
                "telemetry.otlp_endpoint sends the traces to {endpoint} already; leave out \
                 --observe, or that setting."
            );
            return Err(Fault::invalid("observed_elsewhere", "telemetry.otlp_endpoint", sentence));
        }
        Otelite::start(&data.servers(), &Options::durable()?)
            .await
            .map(|started| Self(Some(started)))
    }

    /// The settings, with traces going to the receiver.
    #[must_use]
    pub fn settings(&self, asked: &telemetry::Settings) -> telemetry::Settings {
        let mut settings = asked.clone();
        if let Some(receiver) = &self.0 {
            settings.otlp_endpoint = Some(receiver.endpoint().to_owned());
        }
        settings
    }

    /// Where people look: the list of traces.
    #[must_use]
    pub fn page(&self) -> Option<String> {
        self.0.as_ref().map(|receiver| format!("{}/#traces", receiver.page()))
    }

    /// Stops it and waits for its end.
    pub async fn stop(self) {
        if let Some(receiver) = self.0 {
            receiver.stop().await;
        }
    }
}
