//! HTTP edges, and the trace from one through the other.

use std::time::Duration;

use axum::Router;
use axum::routing::get;
use kit_service::http::Problem;
use kit_service::rpc::Client;
use kit_service::telemetry::{self, Settings};
use kit_service::{Caller, Listener, Peer, rpc};
use kit_values::{Class, Fault};
use tonic::service::Routes;

use crate::echo::{Echo, call};
use crate::{block_on, process};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

async fn fetched(url: String) -> (reqwest::Response, u16) {
    let response = reqwest::Client::new()
        .get(url)
        .header("traceparent", format!("00-{TRACE}-b7ad6b7169203331-01"))
        .send()
        .await
        .expect("answers");
    let status = response.status().as_u16();
    (response, status)
}

#[test]
fn a_trace_goes_from_an_http_request_through_a_grpc_call() {
    block_on(async {
        let _telemetry = telemetry::init(&Settings::default()).expect("installs");
        let (runtime, gateway) = process();
        let echo = Echo::new(|_, _| Ok(telemetry::trace_context().unwrap_or_default()));
        let address = rpc::serve(&runtime, &Listener::loopback(), "directory", Routes::new(echo))
            .await
            .expect("listens");
        let channel =
            Client::connect(&Peer::from(address), gateway, "directory").expect("connects");
        let router = Router::new().route(
            "/things/{id}",
            get(move || async move {
                let answer =
                    call(&channel, &Caller::installation(), "", Duration::from_secs(1)).await;
                answer.map_err(Problem)
            }),
        );
        let address = kit_service::http::serve(&runtime, "test", &Listener::loopback(), router)
            .await
            .expect("listens");
        let (response, status) = fetched(format!("http://{address}/things/7")).await;
        assert_eq!(status, 200);
        let seen = response.text().await.expect("a text");
        assert!(seen.starts_with(&format!("00-{TRACE}-")), "{seen}");
        assert!(!seen.contains("b7ad6b7169203331"), "a child, not the caller's own span: {seen}");
    });
}

#[test]
fn a_fault_is_a_problem_document() {
    block_on(async {
        let _telemetry = telemetry::init(&Settings::default()).expect("installs");
        let (runtime, _) = process();
        let refuse = || async {
            let fault = Fault::new(Class::Limited, "sign_in_throttled", "Too many tries.")
                .retry_after(Duration::from_millis(1_500));
            Err::<(), _>(Problem(fault))
        };
        let invalid = || async {
            Err::<(), _>(Problem(Fault::invalid("text_too_long", "text", "Too long.")))
        };
        let router = Router::new().route("/refuse", get(refuse)).route("/invalid", get(invalid));
        let address = kit_service::http::serve(&runtime, "test", &Listener::loopback(), router)
            .await
            .expect("listens");
        let (response, status) = fetched(format!("http://{address}/refuse")).await;
        assert_eq!(status, 429);
        assert_eq!(response.headers()["retry-after"], "2");
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        let document: serde_json::Value =
            serde_json::from_str(&response.text().await.expect("a text")).expect("JSON");
        assert_eq!(document["code"], "sign_in_throttled");
        assert_eq!(document["detail"], "Too many tries.");
        assert_eq!(document["status"], 429);
        assert_eq!(document["trace_id"], TRACE);

        let (response, status) = fetched(format!("http://{address}/invalid")).await;
        assert_eq!(status, 422);
        let text = response.text().await.expect("a text");
        assert!(text.contains("\"field\":\"text\""), "{text}");
    });
}

#[test]
fn operations_show_life_readiness_and_metrics() {
    block_on(async {
        let (runtime, _) = process();
        let flag = runtime.health.register("reader");
        let address =
            kit_service::operations::serve(&runtime, &Listener::loopback()).await.expect("listens");
        metrics::counter!("items_total", "outcome" => "stored").increment(3);
        let text = async |path: &str| {
            let (response, status) = fetched(format!("http://{address}/{path}")).await;
            (status, response.text().await.expect("a text"))
        };
        assert_eq!(text("livez").await.0, 200);
        let (status, body) = text("readyz").await;
        assert_eq!(status, 503);
        assert!(body.contains("\"reader\":\"starting\""), "{body}");
        flag.set_ready();
        assert_eq!(text("readyz").await.0, 200);
        let (_, body) = text("metrics").await;
        assert!(body.contains("items_total{outcome=\"stored\"} 3"), "{body}");
        runtime.tasks.spawn("broken", async { Err(Fault::internal("on purpose")) });
        runtime.tasks.death().await;
        assert_eq!(text("livez").await.0, 503);
    });
}
