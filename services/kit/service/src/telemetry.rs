//! Logs and traces: `tracing` to the terminal, OTLP when an endpoint is configured, W3C trace
//! context in any case, so that it travels whether or not anybody collects spans.
//!
//! Deliberately absent: metrics, which Prometheus scrapes from [`crate::operations`].

mod by_service;

use std::collections::HashMap;
use std::io::IsTerminal as _;

use kit_values::{Class, Fault};
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry::trace::{TraceContextExt as _, TracerProvider as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use serde::{Deserialize, Serialize};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

use by_service::ByService;

/// Configuration section `[telemetry]`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Which records are shown: levels by target, as `info,kit_bus=debug`.
    pub log: String,
    /// How records are written, on standard error.
    pub format: Format,
    /// OTLP over gRPC, as `http://collector:4317`; absent: spans are not exported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub otlp_endpoint: Option<String>,
    /// Which part of the traces that begin here is exported, 0 to 1.
    pub sample: f64,
    /// The process's name in traces, where a span belongs to none of its services.
    pub service: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            log: "info,async_nats=warn,sea_orm_migration=warn,sqlx=warn".to_owned(),
            format: Format::Pretty,
            otlp_endpoint: None,
            sample: 1.0,
            service: "guichet".to_owned(),
        }
    }
}

/// How log records are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// For people.
    Pretty,
    /// One JSON object a line.
    Json,
}

/// Flushes what is left of the traces when dropped.
#[derive(Debug)]
pub struct Telemetry {
    provider: SdkTracerProvider,
}

impl Drop for Telemetry {
    fn drop(&mut self) {
        // The process is ending: there is nobody left to tell.
        let _ = self.provider.shutdown_with_timeout(std::time::Duration::from_secs(2));
    }
}

/// Installs logs and traces for the process; call once, inside the asynchronous runtime.
///
/// # Errors
/// Invalid for a log filter or an endpoint that cannot be read; Conflict when called twice.
pub fn init(settings: &Settings) -> Result<Telemetry, Fault> {
    let filter = EnvFilter::try_new(&settings.log).map_err(|error| {
        let sentence = format!("\"{}\" is no log filter.", settings.log);
        Fault::invalid("log_filter_invalid", "telemetry.log", sentence).caused_by(error)
    })?;
    let provider = provider(settings)?;
    let traces = tracing_opentelemetry::layer()
        .with_tracer(provider.tracer("guichet"))
        .with_filter(EnvFilter::new("info"));
    let records = tracing_subscriber::fmt::layer()
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let records = match settings.format {
        Format::Pretty => records.with_target(false).boxed(),
        Format::Json => records.json().flatten_event(true).with_span_list(false).boxed(),
    };
    tracing_subscriber::registry()
        .with(traces)
        .with(records.with_filter(filter))
        .try_init()
        .map_err(|error| {
            let sentence = "Logs are set up already.";
            Fault::new(Class::Conflict, "telemetry_installed", sentence).caused_by(error)
        })?;
    Ok(Telemetry { provider })
}

fn provider(settings: &Settings) -> Result<SdkTracerProvider, Fault> {
    let sampler = Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(settings.sample)));
    let resource = Resource::builder().with_service_name(settings.service.clone()).build();
    let mut builder = SdkTracerProvider::builder().with_sampler(sampler).with_resource(resource);
    if let Some(endpoint) = &settings.otlp_endpoint {
        let exporter = ByService::new(endpoint, &settings.service).map_err(|error| {
            let sentence = format!("\"{endpoint}\" is no OTLP endpoint.");
            Fault::invalid("otlp_endpoint_invalid", "telemetry.otlp_endpoint", sentence)
                .caused_by(error)
        })?;
        builder = builder.with_batch_exporter(exporter);
    }
    Ok(builder.build())
}

/// The current span as a W3C `traceparent`, to be carried by a call, an event or a row; none
/// outside a trace.
#[must_use]
pub fn trace_context() -> Option<String> {
    let mut carrier = HashMap::new();
    TraceContextPropagator::new().inject_context(&Span::current().context(), &mut carrier);
    carrier.remove("traceparent")
}

/// The trace id of the current span, 32 hexadecimal digits.
#[must_use]
pub fn trace_id() -> Option<String> {
    let context = Span::current().context();
    let span = context.span();
    let span = span.span_context();
    span.is_valid().then(|| span.trace_id().to_string())
}

/// Makes `span` a child of the span that a W3C `traceparent` names; anything else is ignored,
/// because it comes from outside.
pub fn set_parent(span: &Span, traceparent: &str) {
    if let Some(context) = extracted(traceparent) {
        // Only a span that is already running refuses a parent.
        let _ = span.set_parent(context);
    }
}

/// Links `span` to the span that a W3C `traceparent` names: for a batch, which has no single
/// parent.
pub fn link(span: &Span, traceparent: &str) {
    if let Some(context) = extracted(traceparent) {
        span.add_link(context.span().span_context().clone());
    }
}

fn extracted(traceparent: &str) -> Option<opentelemetry::Context> {
    let carrier = HashMap::from([("traceparent".to_owned(), traceparent.to_owned())]);
    let context = TraceContextPropagator::new().extract(&carrier);
    context.span().span_context().is_valid().then_some(context)
}
