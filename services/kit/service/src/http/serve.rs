//! Serving a router until the process stops.

use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use axum::extract::{ConnectInfo, MatchedPath, Request};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Router, middleware};
use futures::FutureExt as _;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use kit_values::{Class, Fault};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;
use tower::Layer as _;
use tracing::Instrument as _;

use super::Problem;
use crate::config::Listener;
use crate::{Runtime, telemetry};

/// How long a client may take for the head of a request, idle time before it included, and how
/// long a whole request may take: whoever is slower costs no connection for good.
const PATIENCE: Duration = Duration::from_mins(1);

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
    let router = traced(name, router);
    let (stop, tasks) = (runtime.stop.clone(), runtime.tasks.clone());
    let flag = runtime.health.register(format!("{name}-http"));
    runtime.tasks.spawn(name, async move {
        flag.set_ready();
        loop {
            tokio::select! {
                accepted = socket.accept() => match accepted {
                    Ok((stream, peer)) => {
                        let connection = connection(stream, peer, router.clone(), stop.clone());
                        tasks.spawn("http-connection", connection);
                    }
                    Err(error) => {
                        // The client went away again, or the process has no descriptor left.
                        tracing::debug!(listener = name, %error, "a connection was not accepted");
                        tokio::time::sleep(Duration::from_millis(20)).await;
                    }
                },
                () = stop.cancelled() => break,
            }
        }
        flag.set_unready("stopped");
        Ok(())
    });
    tracing::debug!(listener = name, %address, "HTTP listener ready");
    Ok(address)
}

/// One connection, until its client or the stop ends it.
async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    stop: CancellationToken,
) -> Result<(), Fault> {
    // A refusal costs latency only.
    let _ = stream.set_nodelay(true);
    let mut protocol = auto::Builder::new(TokioExecutor::new()).http1_only();
    protocol.http1().timer(TokioTimer::new()).header_read_timeout(PATIENCE);
    let service = TowerToHyperService::new(Extension(ConnectInfo(peer)).layer(router));
    let served = protocol.serve_connection_with_upgrades(TokioIo::new(stream), service);
    let mut served = std::pin::pin!(served);
    let ended = tokio::select! {
        ended = served.as_mut() => ended,
        () = stop.cancelled() => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    if let Err(error) = ended {
        tracing::trace!(error, "a connection ended early");
    }
    Ok(())
}

/// Gives every request to the service of this name a span named by its route's template (never by
/// its path, which holds ids), a child of the trace that the request names, and measures it.
pub fn traced(name: &'static str, router: Router) -> Router {
    router.layer(middleware::from_fn(move |request, next| measured(name, request, next)))
}

/// The method as a label: a stranger may send any word for one, and each word that is kept would
/// be kept for good.
fn known(method: &Method) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    KNOWN.into_iter().find(|one| *one == method.as_str()).unwrap_or("other")
}

async fn measured(name: &'static str, request: Request, next: Next) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "unmatched".to_owned(), |path| path.as_str().to_owned());
    let method = known(request.method());
    let span = tracing::info_span!(
        "request",
        otel.name = format!("{method} {route}"),
        otel.kind = "server",
        http.request.method = method,
        http.route = route,
        http.response.status_code = tracing::field::Empty,
        service = name,
    );
    if let Some(parent) = request.headers().get("traceparent").and_then(|value| value.to_str().ok())
    {
        telemetry::set_parent(&span, parent);
    }
    let started = Instant::now();
    let response = async {
        let answered = AssertUnwindSafe(next.run(request)).catch_unwind();
        match tokio::time::timeout(PATIENCE, answered).await {
            Ok(Ok(response)) => response,
            // One request's defect must not end everybody else's; the panic itself is told by
            // the process's hook.
            Ok(Err(_)) => Problem(Fault::internal("a handler panicked")).into_response(),
            Err(_) => {
                let sentence = "The request took too long.";
                Problem(Fault::new(Class::Timeout, "request_too_slow", sentence)).into_response()
            }
        }
    };
    let response = response.instrument(span.clone()).await;
    let status = response.status().as_u16();
    span.record("http.response.status_code", status);
    let labels = [("method", method.to_owned()), ("route", route), ("status", status.to_string())];
    metrics::histogram!("http_request_seconds", &labels).record(started.elapsed().as_secs_f64());
    response
}
