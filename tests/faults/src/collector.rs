//! An OTLP collector that keeps every span it is sent.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status};

/// One span, as far as traces are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Of which trace.
    pub trace: Vec<u8>,
    /// Its own id.
    pub id: Vec<u8>,
    /// Its parent's; empty for the first of a trace.
    pub parent: Vec<u8>,
    /// What it is called.
    pub name: String,
    /// The process that it was in.
    pub service: String,
    /// All of it with its attributes, events and links, as text.
    pub text: String,
}

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<Span>>>);

#[tonic::async_trait]
impl TraceService for Kept {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let mut spans = Vec::new();
        for of in request.into_inner().resource_spans {
            let attributes = of.resource.map(|resource| resource.attributes).unwrap_or_default();
            let name = attributes.into_iter().find(|attribute| attribute.key == "service.name");
            let service = match name.and_then(|name| name.value).and_then(|value| value.value) {
                Some(Value::StringValue(service)) => service,
                _ => String::new(),
            };
            spans.extend(of.scope_spans.into_iter().flat_map(|of| of.spans).map(|span| Span {
                text: format!("{span:?}"),
                trace: span.trace_id,
                id: span.span_id,
                parent: span.parent_span_id,
                name: span.name,
                service: service.clone(),
            }));
        }
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(spans);
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

/// A running collector; dropped, it stops.
pub struct Collector {
    kept: Kept,
    /// Where spans are sent.
    pub endpoint: String,
    _task: JoinSet<()>,
}

impl Collector {
    /// Starts it on a free port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        let kept = Kept::default();
        let service = TraceServiceServer::new(kept.clone());
        let mut task = JoinSet::new();
        task.spawn(async move {
            let incoming = TcpListenerStream::new(listener);
            let served = tonic::transport::Server::builder().add_service(service);
            served.serve_with_incoming(incoming).await.expect("the collector serves");
        });
        Self { kept, endpoint, _task: task }
    }

    /// Every span so far.
    #[must_use]
    pub fn spans(&self) -> Vec<Span> {
        self.kept.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The way from the first span of its trace down to `span`, as far as its parents are known.
    #[must_use]
    pub fn way_to(&self, span: &Span) -> Vec<Span> {
        let spans = self.spans();
        let own: BTreeMap<&[u8], &Span> = spans
            .iter()
            .filter(|other| other.trace == span.trace)
            .map(|other| (other.id.as_slice(), other))
            .collect();
        let mut way = vec![span.clone()];
        let mut at = span;
        while let Some(parent) = own.get(at.parent.as_slice()) {
            way.insert(0, (*parent).clone());
            at = parent;
        }
        way
    }
}
