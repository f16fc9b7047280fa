//! Spans on their way to a collector.

use std::collections::BTreeMap;
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
fn spans_reach_the_collector_that_is_configured_each_under_its_services_name() {
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
                service: "whole".to_owned(),
                ..Settings::default()
            };
            let telemetry = telemetry::init(&settings).expect("installs");
            let parent = tracing::info_span!(target: "kit_test", "parent");
            let trace = parent.in_scope(telemetry::trace_id).expect("in a trace");
            parent.in_scope(|| {
                let child = tracing::info_span!("child", service = "some_part");
                child.in_scope(|| tracing::info_span!(target: "other_part::app", "grandchild"));
            });
            drop(parent);
            // The end of the process flushes; it blocks, so not on this thread.
            let flushed = std::thread::spawn(move || drop(telemetry));
            let mut spans = BTreeMap::new();
            while spans.len() < 3 {
                let request = tokio::time::timeout(Duration::from_secs(10), received.recv());
                for of in request.await.expect("in time").expect("a request").resource_spans {
                    let resource = format!("{:?}", of.resource);
                    for span in of.scope_spans.into_iter().flat_map(|scope| scope.spans) {
                        spans.insert(span.name.clone(), (resource.clone(), span));
                    }
                }
            }
            flushed.join().expect("flushes");
            (trace, spans)
        };
        let (trace, spans) = tokio::select! {
            exported = exported => exported,
            () = serving => unreachable!("serves until dropped"),
        };
        for (name, service, parent) in [
            ("parent", "\"whole\"", None),
            ("child", "\"some-part\"", Some("parent")),
            ("grandchild", "\"other-part\"", Some("child")),
        ] {
            let (resource, span) = &spans[name];
            assert!(resource.contains(service), "{name}: {resource}");
            let above = parent.map(|parent| spans[parent].1.span_id.clone()).unwrap_or_default();
            assert_eq!(span.parent_span_id, above, "{name}");
            let exported: [u8; 16] = span.trace_id.clone().try_into().expect("16 bytes");
            let known = u128::from_str_radix(&trace, 16).expect("hex");
            assert_eq!(u128::from_be_bytes(exported), known, "{name}");
        }
    });
}
