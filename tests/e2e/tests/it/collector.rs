//! An OTLP collector that keeps every span it is sent.

use std::sync::{Arc, Mutex, PoisonError};

use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status};

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<String>>>);

#[tonic::async_trait]
impl TraceService for Kept {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let spans = request.into_inner().resource_spans;
        let spans = spans.iter().flat_map(|of| &of.scope_spans).flat_map(|of| &of.spans);
        let texts = spans.map(|span| format!("{span:?}"));
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(texts);
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

    /// Every span so far with all its attributes, events and links.
    pub fn spans(&self) -> Vec<String> {
        self.kept.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
