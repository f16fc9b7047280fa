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
use crate::{block_on, block_on_paused, process};

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

#[test]
fn a_word_that_a_stranger_gives_for_the_method_becomes_no_label() {
    block_on(async {
        let (runtime, _) = process();
        let operations =
            kit_service::operations::serve(&runtime, &Listener::loopback()).await.expect("listens");
        let router = Router::new().route("/", get(|| async { "hello" }));
        let address = kit_service::http::serve(&runtime, "test", &Listener::loopback(), router)
            .await
            .expect("listens");
        for method in ["GET", "STRANGE1", "STRANGE2"] {
            let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a token");
            let request = reqwest::Client::new().request(method, format!("http://{address}/"));
            request.send().await.expect("answers");
        }
        let (response, _) = fetched(format!("http://{operations}/metrics")).await;
        let metrics = response.text().await.expect("a text");
        assert!(metrics.contains("method=\"GET\""), "{metrics}");
        assert!(metrics.contains("method=\"other\""), "{metrics}");
        assert!(!metrics.contains("STRANGE"), "{metrics}");
    });
}

#[test]
fn a_handler_that_panics_costs_its_own_request_only() {
    async fn defect() -> &'static str {
        panic!("on purpose")
    }
    block_on(async {
        let (runtime, _) = process();
        let router = Router::new().route("/", get(|| async { "hello" })).route("/bad", get(defect));
        let address = kit_service::http::serve(&runtime, "test", &Listener::loopback(), router)
            .await
            .expect("listens");
        assert_eq!(fetched(format!("http://{address}/bad")).await.1, 500);
        assert_eq!(fetched(format!("http://{address}/")).await.1, 200);
        assert_eq!(runtime.tasks.dead(), None);
    });
}

/// Time stands still but for what waits for it, so a minute is over at once.
#[test]
fn a_client_that_never_finishes_its_request_is_cut() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    block_on_paused(async {
        let (runtime, _) = process();
        let router = Router::new().route("/", get(|| async { "hello" }));
        let address = kit_service::http::serve(&runtime, "test", &Listener::loopback(), router)
            .await
            .expect("listens");
        let mut slow = tokio::net::TcpStream::connect(address).await.expect("connects");
        slow.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n").await.expect("writes");
        let mut answer = Vec::new();
        let read = tokio::time::timeout(Duration::from_mins(2), slow.read_to_end(&mut answer));
        // Cut without or with a last word, but cut.
        let _ = read.await.expect("cut within a minute");
        assert!(!String::from_utf8_lossy(&answer).contains("hello"));
    });
}

#[test]
fn a_handler_knows_where_its_client_is_and_may_not_take_for_ever() {
    block_on_paused(async {
        let (runtime, _) = process();
        let whence = |axum::extract::ConnectInfo(peer): axum::extract::ConnectInfo<
            std::net::SocketAddr,
        >| async move { peer.ip().to_string() };
        let endless = || std::future::pending::<()>();
        let router = Router::new().route("/whence", get(whence)).route("/endless", get(endless));
        let address = kit_service::http::serve(&runtime, "test", &Listener::loopback(), router)
            .await
            .expect("listens");
        let (response, _) = fetched(format!("http://{address}/whence")).await;
        assert_eq!(response.text().await.expect("a text"), "127.0.0.1");
        let (response, status) = fetched(format!("http://{address}/endless")).await;
        assert_eq!(status, 504);
        assert!(response.text().await.expect("a text").contains("request_too_slow"));
    });
}
