//! Serving a router until the process stops.

use std::net::SocketAddr;
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use axum::{Router, middleware};
use kit_values::Fault;
use tracing::Instrument as _;

use crate::config::Listener;
use crate::{Runtime, telemetry};

/// Serves `router` with request spans; returns once it listens. Handlers may extract
/// `ConnectInfo<SocketAddr>`. On stop, requests in flight are finished.
///
/// # Errors
/// Unavailable, with what to do, when the address cannot be had.
pub async fn serve(
    runtime: &Runtime,
    name: &'static str,
    listener: &Listener,
    router: Router,
) -> Result<SocketAddr, Fault> {
    let socket = runtime.bind(listener).await?;
    let address = socket.local_addr().map_err(Fault::internal)?;
    let service = traced(router).into_make_service_with_connect_info::<SocketAddr>();
    let stop = runtime.stop.clone();
    let flag = runtime.health.register(format!("{name}-http"));
    runtime.tasks.spawn(name, async move {
        flag.set_ready();
        let served = axum::serve(axum::serve::ListenerExt::tap_io(socket, no_delay), service)
            .with_graceful_shutdown(stop.cancelled_owned())
            .await;
        flag.set_unready("stopped");
        served.map_err(Fault::internal)
    });
    tracing::debug!(listener = name, %address, "HTTP listener ready");
    Ok(address)
}

fn no_delay(stream: &mut tokio::net::TcpStream) {
    // A refusal costs latency only.
    let _ = stream.set_nodelay(true);
}

/// Gives every request a span named by its route's template (never by its path, which holds
/// ids), a child of the trace that the request names, and measures it.
pub fn traced(router: Router) -> Router {
    router.layer(middleware::from_fn(measured))
}

async fn measured(request: Request, next: Next) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "unmatched".to_owned(), |path| path.as_str().to_owned());
    let method = request.method().clone();
    let span = tracing::info_span!(
        "request",
        otel.name = format!("{method} {route}"),
        otel.kind = "server",
        http.request.method = %method,
        http.route = route,
        http.response.status_code = tracing::field::Empty,
    );
    if let Some(parent) = request.headers().get("traceparent").and_then(|value| value.to_str().ok())
    {
        telemetry::set_parent(&span, parent);
    }
    let started = Instant::now();
    let response = next.run(request).instrument(span.clone()).await;
    let status = response.status().as_u16();
    span.record("http.response.status_code", status);
    let labels = [("method", method.to_string()), ("route", route), ("status", status.to_string())];
    metrics::histogram!("http_request_seconds", &labels).record(started.elapsed().as_secs_f64());
    response
}
