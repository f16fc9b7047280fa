//! Trace context through NATS headers: one trace follows a message through every hop.
//!
//! The outbox row keeps the `traceparent` of the transaction that decided the event; the relay
//! sends it as a header; the reader opens one span for each sampled event of a batch, child of
//! that trace and linked to the batch's span.

use std::collections::HashMap;

use async_nats::HeaderMap;
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry::trace::TraceContextExt as _;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// The header of W3C Trace Context.
pub(crate) const TRACEPARENT: &str = "traceparent";

/// The `traceparent` that came with a message.
pub(crate) fn of(headers: Option<&HeaderMap>) -> Option<String> {
    headers?.get(TRACEPARENT).map(|value| value.as_str().to_owned())
}

/// Whether a `traceparent` asks to be recorded: the lowest bit of its flags.
fn is_sampled(traceparent: &str) -> bool {
    traceparent
        .rsplit('-')
        .next()
        .and_then(|flags| u8::from_str_radix(flags, 16).ok())
        .is_some_and(|flags| flags & 1 == 1)
}

/// The service that a durable name begins with: readers are named `<service>-<purpose>`.
pub(crate) fn service(reader: &str) -> &str {
    reader.split_once('-').map_or(reader, |(service, _)| service)
}

/// The spans of a batch's sampled events; they end when this is dropped.
pub(crate) struct ItemSpans {
    spans: HashMap<String, (Span, Option<String>)>,
}

impl ItemSpans {
    /// Opens a span for each of `traces` that is sampled, linked to the current span.
    pub(crate) fn open<'a>(reader: &str, traces: impl Iterator<Item = &'a str>) -> Self {
        let propagator = TraceContextPropagator::new();
        let batch = Span::current().context().span().span_context().clone();
        let mut spans = HashMap::new();
        for trace in traces.filter(|trace| is_sampled(trace)) {
            if spans.contains_key(trace) {
                continue;
            }
            let carrier = HashMap::from([(TRACEPARENT.to_owned(), trace.to_owned())]);
            let parent = propagator.extract(&carrier);
            let span = tracing::info_span!(
                parent: None, "apply event", reader, service = service(reader)
            );
            // Without a tracer there is nothing to attach to, and nothing is lost.
            let _ = span.set_parent(parent);
            if batch.is_valid() {
                span.add_link(batch.clone());
            }
            let mut handed_on = HashMap::new();
            propagator.inject_context(&span.context(), &mut handed_on);
            let continued = handed_on.remove(TRACEPARENT);
            spans.insert(trace.to_owned(), (span, continued));
        }
        Self { spans }
    }

    /// What an event that came with `trace` hands on: its own span's context, or the one it came
    /// with when it is not recorded here.
    pub(crate) fn continued(&self, trace: &str) -> String {
        self.spans
            .get(trace)
            .and_then(|(_, continued)| continued.clone())
            .unwrap_or_else(|| trace.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use opentelemetry::trace::TracerProvider as _;
    use opentelemetry_sdk::trace::SdkTracerProvider;
    use tracing_subscriber::layer::SubscriberExt as _;

    const SAMPLED: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const UNSAMPLED: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";

    #[test]
    fn only_sampled_events_get_a_span() {
        let spans = ItemSpans::open("reader", [SAMPLED, UNSAMPLED, SAMPLED].into_iter());
        assert_eq!(spans.spans.len(), 1);
        assert_eq!(spans.continued(UNSAMPLED), UNSAMPLED);
        // Without a tracer, an event hands on what it came with.
        assert_eq!(spans.continued(SAMPLED), SAMPLED);
    }

    #[test]
    fn a_sampled_event_hands_on_its_own_span_in_the_same_trace() {
        let provider = SdkTracerProvider::builder().build();
        let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            let spans = ItemSpans::open("reader", [SAMPLED, UNSAMPLED].into_iter());
            let continued = spans.continued(SAMPLED);
            let parts: Vec<&str> = continued.split('-').collect();
            assert_eq!(parts[1], "0af7651916cd43dd8448eb211c80319c", "the same trace");
            assert_ne!(parts[2], "b7ad6b7169203331", "another span");
            assert_eq!(parts[3], "01");
            assert_eq!(spans.continued(UNSAMPLED), UNSAMPLED);
        });
    }

    #[test]
    fn a_reader_is_named_after_its_service() {
        assert_eq!(service("conversation-inbound-x"), "conversation");
        assert_eq!(service("reader"), "reader");
    }

    #[test]
    fn a_header_is_read_back() {
        let mut headers = HeaderMap::new();
        headers.insert(TRACEPARENT, SAMPLED);
        assert_eq!(of(Some(&headers)).as_deref(), Some(SAMPLED));
        assert_eq!(of(None), None);
    }
}
