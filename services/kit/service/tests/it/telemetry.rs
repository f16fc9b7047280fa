//! Spans on their way to a collector.

use std::time::Duration;

use kit_service::telemetry::{self, Settings};
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use tokio::sync::mpsc;
use tonic::{Request, Response, Status};

use crate::block_on;

/// Passes on what it receives.
struct Collector(mpsc::UnboundedSender<ExportTraceServiceRequest>);

#[tonic::async_trait]
impl TraceService for Collector {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        self.0.send(request.into_inner()).expect("the test listens");
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

#[test]
fn spans_reach_the_collector_that_is_configured() {
    block_on(async {
        let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("binds");
        let address = socket.local_addr().expect("bound");
        let (sender, mut received) = mpsc::unbounded_channel();
        let incoming = tokio_stream::wrappers::TcpListenerStream::new(socket);
        let collector = TraceServiceServer::new(Collector(sender));
        let server = tonic::transport::Server::builder()
            .add_service(collector)
            .serve_with_incoming(incoming);
        let serving = async { server.await.expect("serves") };
        let exported = async {
            let settings = Settings {
                otlp_endpoint: Some(format!("http://{address}")),
                service: "kit-test".to_owned(),
                ..Settings::default()
            };
            let telemetry = telemetry::init(&settings).expect("installs");
            let parent = tracing::info_span!("parent");
            let trace = parent.in_scope(telemetry::trace_id).expect("in a trace");
            parent.in_scope(|| tracing::info_span!("child").in_scope(|| ()));
            drop(parent);
            // The end of the process flushes; it blocks, so not on this thread.
            let flushed = std::thread::spawn(move || drop(telemetry));
            let request = tokio::time::timeout(Duration::from_secs(10), received.recv());
            let request = request.await.expect("in time").expect("a request");
            flushed.join().expect("flushes");
            (trace, request)
        };
        let (trace, request) = tokio::select! {
            exported = exported => exported,
            () = serving => unreachable!("serves until dropped"),
        };
        let resource = format!("{:?}", request.resource_spans[0].resource);
        assert!(resource.contains("kit-test"), "{resource}");
        let spans = &request.resource_spans[0].scope_spans[0].spans;
        let named = |name: &str| spans.iter().find(|span| span.name == name).expect("exported");
        assert_eq!(named("child").parent_span_id, named("parent").span_id);
        let exported: [u8; 16] = named("child").trace_id.clone().try_into().expect("16 bytes");
        assert_eq!(u128::from_be_bytes(exported), u128::from_str_radix(&trace, 16).expect("hex"));
    });
}
