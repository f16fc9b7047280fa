//! The operations listener, one per process: `/livez`, `/readyz` and `/metrics`.
//!
//! It answers to the very end: a process that drains says for as long that it is not ready.

use std::net::SocketAddr;
use std::sync::OnceLock;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use kit_values::Fault;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use serde_json::json;

use crate::Runtime;
use crate::config::Listener;

/// Bounds of histogram buckets whose metric ends in `_seconds`.
const SECONDS: [f64; 13] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// How often the exporter folds what was recorded.
const UPKEEP: Duration = Duration::from_secs(5);

/// The process's recorder of metrics, installed at the first call.
fn recorder() -> Result<&'static PrometheusHandle, Fault> {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    if let Some(handle) = RECORDER.get() {
        return Ok(handle);
    }
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
        .map_err(Fault::internal)?
        .install_recorder()
        .map_err(Fault::internal)?;
    Ok(RECORDER.get_or_init(|| handle))
}

/// Serves the operations listener; returns once it listens.
///
/// # Errors
/// Unavailable, with what to do, when the address cannot be had.
pub async fn serve(runtime: &Runtime, listener: &Listener) -> Result<SocketAddr, Fault> {
    let metrics = recorder()?;
    let router = Router::new()
        .route("/livez", get(live))
        .route("/readyz", get(ready))
        .route("/metrics", get(move || std::future::ready(rendered(metrics))))
        .with_state(runtime.clone());
    let socket = runtime.bind(listener).await?;
    let address = socket.local_addr().map_err(Fault::internal)?;
    runtime.tasks.spawn_lasting("metrics-upkeep", async move {
        let mut ticks = tokio::time::interval(UPKEEP);
        loop {
            ticks.tick().await;
            metrics.run_upkeep();
        }
    });
    runtime.tasks.spawn_lasting("operations", async move {
        axum::serve(socket, router).await.map_err(Fault::internal)
    });
    Ok(address)
}

fn rendered(metrics: &PrometheusHandle) -> Response {
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], metrics.render()).into_response()
}

async fn live(State(runtime): State<Runtime>) -> Response {
    match runtime.tasks.dead() {
        None => StatusCode::OK.into_response(),
        Some(task) => {
            (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "died": task }))).into_response()
        }
    }
}

async fn ready(State(runtime): State<Runtime>) -> Response {
    let mut unready = runtime.health.unready();
    if runtime.stop.is_cancelled() {
        unready.insert("process".to_owned(), "stopping".to_owned());
    }
    let status = if unready.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({ "unready": unready }))).into_response()
}
